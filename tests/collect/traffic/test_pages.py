"""The traffic pages through Django's client, over the real lake: who may read them, what they hand over."""

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from amana.cli import visiting
from amana.collect import sources
from amana.collect.lake import drain
from amana.collect.traffic import counting, figures, intake, live, reasons, shown, words
from amana.collect.traffic.periods import period
from amana.kernel import clock
from amana.kernel.text import Language
from tests.collect.lake.conftest import put_into, visit
from tests.collect.traffic.conftest import SignedIn
from tests.collect.traffic.lakes import DUBAI
from tests.database import Connection
from tests.world import World

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
PAGES = ["traffic", "traffic/pages", "traffic/sources", "traffic/countries", "traffic/devices", "traffic/searches",
         "traffic/events", "traffic/now", "intake"]  # fmt: skip
FILES = ["pages", "sources", "campaigns", "countries", "devices", "browsers", "systems", "languages", "searches",
         "searches-without-result", "events"]  # fmt: skip


def text(answer: Any) -> str:
    return str(answer.content.decode("utf-8-sig"))


@pytest.mark.parametrize("role", ["marketing", "analyst", "administrator", "data_protection_officer"])
def test_c2_readers_of_traffic_reach_every_page(world: World, signed_in: SignedIn, role: str) -> None:
    client = signed_in(role)
    assert {client.get(f"/en/console/{page}").status_code for page in PAGES} == {200}


@pytest.mark.parametrize("role", ["service", "shop_manager", "auditor"])
def test_c2_other_roles_reach_none(world: World, signed_in: SignedIn, role: str) -> None:
    client = signed_in(role)
    found = {client.get(f"/en/console/{page}").status_code for page in PAGES}
    found |= {client.get(f"/en/console/traffic/{name}.csv").status_code for name in FILES}
    assert found == {403}


def test_nobody_reaches_them_unsigned(world: World) -> None:
    assert {Client().get(f"/ar/console/{page}").status_code for page in PAGES} == {302}


def test_the_first_step_names_the_line_to_copy(world: World, signed_in: SignedIn) -> None:
    key = sources.demo_key()
    page = text(signed_in("marketing").get("/en/console/traffic"))
    assert page.count(f"data-key=&quot;{key}&quot;") == 1


def test_pages_and_files_say_the_same(world: World, signed_in: SignedIn, tmp_path: Path) -> None:
    visiting.seed(tmp_path, days=3)
    client = signed_in("analyst")
    files = {name: text(client.get(f"/en/console/traffic/{name}.csv?period=7_days")) for name in FILES}
    rows = {name: list(csv.reader(io.StringIO(content)))[2:] for name, content in files.items()}
    visits = {
        name: sum(int(row[1]) for row in rows[name])
        for name in ("sources", "countries", "devices", "systems")
    }
    shown = re.search(
        r"Visits</span>\s*<b><bdi class=\"num\">([\d,]+)",
        text(client.get("/en/console/traffic?period=7_days")),
    )
    assert shown is not None
    assert set(visits.values()) == {int(shown[1].replace(",", ""))}
    by_country = {row[0]: int(row[1]) for row in rows["countries"]}
    filtered = text(client.get("/en/console/traffic/devices.csv?period=7_days&country=SA"))
    assert (
        sum(int(row[1]) for row in list(csv.reader(io.StringIO(filtered)))[2:]) == by_country["Saudi Arabia"]
    )
    # A second start of the demo finds the note and makes up nothing more.
    visiting.seed(tmp_path, days=3)
    assert text(client.get("/en/console/traffic/countries.csv?period=7_days")) == files["countries"]


def test_made_up_visits_are_counted_as_accepted(world: World, tmp_path: Path) -> None:
    visiting.seed(tmp_path, days=2)
    found = intake.intake(period({"period": "7_days"}, zone=DUBAI, now=clock.now()))
    assert found.accepted == sum(count for count in found.accepted_by if count)
    assert found.dropped == sum(count for count in found.dropped_by if count)
    assert {reason for reason, _count in found.reasons} >= {"bot", "id_without_consent"}


def test_an_event_that_lost_its_identifier_is_accepted_and_not_dropped_too(
    world: World, app_connection: Connection
) -> None:
    for reason, times in (("", 5), ("id_without_consent", 2), ("gpc", 1), ("bot", 4)):
        app_connection.execute(
            "INSERT INTO collect_dropped VALUES ('2026-11-20', 9, 1, 'Page Viewed', '', %s, 0, %s)",
            [reason, times],
        )
    given = {"period": "custom", "from": "2026-11-20", "to": "2026-11-20"}
    found = intake.intake(period(given, zone=DUBAI, now=NOON))
    assert (found.accepted, found.dropped, found.trimmed, found.by_source) == (5, 4, 3, ((1, 5, 4),))


@pytest.mark.parametrize(
    ("language", "label", "note"),
    [
        (
            "en",
            "Name not shown",
            "A name is not shown where it may be somebody's, or where too many came that day.",
        ),
        (
            "ar",
            "اسم غير معروض",
            "لا يُعرض الاسم إن احتمل أن يدل على شخص، أو إن كثرت الأسماء الجديدة في اليوم نفسه.",
        ),
    ],
)
def test_names_that_are_not_shown_have_one_label(language: Language, label: str, note: str) -> None:
    kinds = (
        intake.Kind(1, "(other)", "", "undeclared_event", 4), intake.Kind(1, "Hello", "", "undeclared_event", 3),
        intake.Kind(1, "Page Viewed", "(other)", "undeclared_property", 2),
    )  # fmt: skip
    found = intake.Intake(0, 7, 2, kinds, (), (), ())
    reader = words.Reader(language, "AE")
    with translation.override(language):
        table = reasons.kinds(found, {1: "Shop"}, reader, most=9)
        few = reasons.kinds(replace(found, kinds=kinds[1:2]), {1: "Shop"}, reader, most=9)
    assert [row.name for row in table.rows] == [label, "Hello", f"Page Viewed · {label}"]
    assert (table.note, few.note) == (note, "")


def test_n1_a_search_is_spelt_out_only_where_three_visitors_of_one_day_typed_it(
    world: World, app_connection: Connection
) -> None:
    day, noon = 86_400_000, round(NOON.timestamp() * 1000)
    typed = [("noor ali", 10 + ago, noon - ago * day) for ago in range(3)]
    typed += [("abaya", visitor, noon) for visitor in (1, 2, 3)]
    put_into(
        app_connection,
        [
            visit(
                number,
                received=at,
                visitor=visitor,
                call="track",
                event="Products Searched",
                search=term,
                results=0,
            )
            for number, (term, visitor, at) in enumerate(typed)
        ],
    )
    drain.drain()
    given = {"period": "custom", "from": "2026-11-19", "to": "2026-11-22"}
    span = period(given, zone=DUBAI, now=NOON + dt.timedelta(hours=1))
    with figures.choosing(span, figures.Filters()) as choice:
        found = figures.searches(choice)
    assert [(line.term, line.searches) for line in found.lines] == [("abaya", 3)]
    assert (found.searches, found.rare, found.rare_nothing) == (6, 3, 3)


def test_a_page_chosen_by_a_visitor_is_no_formula(
    world: World, signed_in: SignedIn, app_connection: Connection
) -> None:
    now = round(clock.now().timestamp() * 1000)
    put_into(app_connection, [visit(1, received=now, path="=1+1")])
    drain.drain()
    counting.count()
    content = text(signed_in("analyst").get("/en/console/traffic/pages.csv?period=7_days"))
    assert [row[0] for row in csv.reader(io.StringIO(content))][2:] == ["'=1+1"]


@pytest.mark.parametrize(
    ("name", "quoted"), [(" =1", True), ("＝1", True), ("\n=1", True), ("/a=1", False), ("", False)]
)
def test_no_beginning_of_a_formula_is_missed(world: World, name: str, quoted: bool) -> None:
    row = shown.row(name, "", (shown.Cell(1),), 1, 1, words.reader())
    table = shown.Table("Page", "Page", ("Views",), (row,), "pages")
    written = shown.as_csv(table, period({}, zone=DUBAI, now=NOON))
    assert list(csv.reader(io.StringIO(written)))[2][0] == ("'" if quoted else "") + name


def test_now_counts_each_event_once_wherever_it_is(world: World, app_connection: Connection) -> None:
    at = clock.now()
    now = round(at.timestamp() * 1000) - 1000
    events = [visit(number, received=now, visitor=number + 1) for number in range(6)]
    put_into(app_connection, events[:2])
    drain.drain()
    put_into(app_connection, events[2:5])
    app_connection.execute("SELECT collect_change_over()")
    put_into(app_connection, events[5:])
    before = live.now(at)
    assert (before.views, before.visitors, sum(before.minutes)) == (6, 6, 6)
    drain.drain()
    after = live.now(at)
    assert (after.views, after.visitors, after.pages) == (before.views, before.visitors, before.pages)
    assert live.now(at + dt.timedelta(minutes=31)).views == 0


@pytest.mark.parametrize("query", ["?period=custom&from=x", "?site=99999999999", "?country=%00", "?device=fridge",
                                   "?page=%27%3B--&referrer=%22", "?period=12_months&campaign=x"])  # fmt: skip
def test_strange_addresses_are_answered(world: World, signed_in: SignedIn, query: str) -> None:
    client = signed_in("marketing")
    assert {client.get(f"/ar/console/{page}{query}").status_code for page in PAGES} == {200}


def test_unknown_tables_are_not_there(world: World, signed_in: SignedIn) -> None:
    client = signed_in("marketing")
    names = ["traffic/visitors", "traffic/visitors.csv", "intake/x.csv"]
    assert {client.get(f"/en/console/{name}").status_code for name in names} == {404}
