"""A visitor's number: the same all day, another the next day, kept past midnight while a session lasts."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.collect import calendar, tasks, visitors
from amana.collect.api import standing
from amana.collect.calendar import DAY_MS
from amana.collect.visitors import SESSION_MS, Visitors
from amana.kernel import clock
from tests.customers.conftest import world
from tests.database import Connection
from tests.world import World

__all__ = ["world"]

SALTS = {100: b"a" * 32, 101: b"b" * 32, 102: b"c" * 32}
NETWORK, PHONE, SITE = "5.195.20.0/24", "Mozilla/5.0 (iPhone)", "redtag.example"
MINUTE = 60_000


def _day(number: int, minutes: int = 0) -> int:
    return number * DAY_MS + minutes * MINUTE


@pytest.fixture
def met() -> Visitors:
    """Return visitors with the salts of three days."""
    made = Visitors()
    made.use(SALTS)
    return made


def test_n1_a_number_holds_for_a_day_and_no_longer(met: Visitors) -> None:
    first, later = met.of(NETWORK, PHONE, SITE, _day(100, 5)), met.of(NETWORK, PHONE, SITE, _day(100, 900))
    next_day = met.of(NETWORK, PHONE, SITE, _day(101, 300))
    assert (first == later, first == next_day, 0 < first < 2**63) == (True, False, True)


def test_n1_another_site_browser_or_network_is_another_visitor(met: Visitors) -> None:
    found = {
        met.of(network, browser, site, _day(100))
        for network in (NETWORK, "5.195.21.0/24") for browser in (PHONE, "x") for site in (SITE, "")
    }  # fmt: skip
    assert len(found) == 8


def test_a_session_keeps_its_number_past_midnight_until_it_pauses(met: Visitors) -> None:
    before = met.of(NETWORK, PHONE, SITE, _day(101, -10))
    after = [met.of(NETWORK, PHONE, SITE, _day(101, minutes)) for minutes in (5, 25, 50)]
    paused = met.of(NETWORK, PHONE, SITE, _day(101, 50) + SESSION_MS)
    again = met.of(NETWORK, PHONE, SITE, _day(101, 200))
    assert (after, paused == before, again == paused) == ([before] * 3, False, True)


def test_who_was_not_here_before_midnight_begins_anew(met: Visitors) -> None:
    met.of(NETWORK, "somebody else", SITE, _day(101, -1))
    early = met.of(NETWORK, PHONE, SITE, _day(100, 1))
    assert met.of(NETWORK, PHONE, SITE, _day(101, 1)) != early


def test_a_day_is_the_retailers_own() -> None:
    dubai, made = ZoneInfo("Asia/Dubai"), Visitors()
    made.use(SALTS, dubai)
    midnight = _day(100, 20 * 60)
    found = [
        made.of(NETWORK, PHONE, SITE, at)
        for at in (_day(100), midnight - SESSION_MS - 1, midnight, midnight + DAY_MS - 1)
    ]
    assert (found[0] == found[1], found[1] == found[2], found[2] == found[3]) == (True, False, True)
    assert made.steady(found[3], midnight + 1) == (midnight, midnight + DAY_MS - SESSION_MS)
    assert [made.day_of(at) for at in (midnight - 1, midnight)] == [100, 101]


def test_a_session_keeps_its_number_past_the_retailers_midnight() -> None:
    made = Visitors()
    made.use(SALTS, ZoneInfo("Asia/Dubai"))
    midnight = _day(100, 20 * 60)
    found = [made.of(NETWORK, PHONE, SITE, midnight + minutes * MINUTE) for minutes in (-10, 10, 50)]
    assert (found[0] == found[1], found[1] == found[2]) == (True, False)


@given(
    at=st.integers(1_000_000_000_000, 4_000_000_000_000),
    name=st.sampled_from(
        ("UTC", "Asia/Dubai", "Asia/Kathmandu", "Asia/Beirut", "Africa/Cairo", "America/Havana")
    ),
)
def test_days_follow_each_other_without_a_gap_wherever_clocks_change(at: int, name: str) -> None:
    made, zone = Visitors(), ZoneInfo(name)
    made.use(SALTS, zone)
    day = made.day_of(at)
    begin, end = made.steady(1, at)[0], made.steady(1, at)[1] + SESSION_MS
    assert (begin <= at < end, end - begin in {23 * 3_600_000, DAY_MS, 25 * 3_600_000}) == (True, True)
    assert [made.day_of(moment) for moment in (begin - 1, begin, end - 1, end)] == [
        day - 1,
        day,
        day,
        day + 1,
    ]


@pytest.mark.parametrize(("country", "zone"), [("AE", "Asia/Dubai"), ("SA", "Asia/Riyadh"), ("US", "UTC")])
def test_the_zone_is_the_countrys_where_it_has_one(country: str, zone: str) -> None:
    assert calendar.zone_of(country) == ZoneInfo(zone)


@pytest.mark.django_db(transaction=True)
def test_salts_change_at_the_retailers_midnight(world: World, app_connection: Connection) -> None:
    def days() -> object:
        return [
            day for (day,) in app_connection.execute("SELECT day FROM collect_salt ORDER BY day").fetchall()
        ]

    at = dt.datetime(2026, 11, 22, 19, 59, 59, tzinfo=dt.UTC)
    for hours in (0, 1):
        with clock.fixed(at + dt.timedelta(hours=hours)):
            read = standing.read()
            assert read is not None
            assert (read.zone, max(read.salts)) == (
                ZoneInfo("Asia/Dubai"),
                visitors.number(dt.date(2026, 11, 22 + hours)),
            )
    # Gone when the second day after theirs begins, in the same zone.
    for seconds, kept in ((0, [22, 23]), (1, [23])):
        with clock.fixed(at + dt.timedelta(days=1, seconds=seconds)):
            tasks.forget_salts()
        assert days() == [dt.date(2026, 11, day) for day in kept]


def test_without_a_salt_there_is_no_number() -> None:
    made = Visitors()
    assert (made.of(NETWORK, PHONE, SITE, _day(100)), made.of_user("u", _day(100))) == (0, "")
    made.use(SALTS)
    assert made.of(NETWORK, PHONE, SITE, _day(100)) > 0


@pytest.mark.django_db(transaction=True)
def test_n1_salts_are_random_shared_and_gone_after_two_days(app_connection: Connection) -> None:
    today = dt.date(2026, 11, 22)
    first = visitors.salts(today)
    assert visitors.salts(today) == first
    second = visitors.salts(today + dt.timedelta(days=1))
    number = visitors.number(today)
    assert (set(second), second[number] == first[number]) == ({number, number + 1}, True)
    assert visitors.forget_salts(today + dt.timedelta(days=1)) == 0
    assert visitors.forget_salts(today + dt.timedelta(days=2)) == 1
    assert app_connection.execute("SELECT day FROM collect_salt").fetchall() == [(dt.date(2026, 11, 23),)]


@pytest.mark.django_db(transaction=True)
def test_n1_a_salt_that_went_took_its_file_with_it(app_connection: Connection) -> None:
    def file() -> object:
        return app_connection.execute("SELECT pg_relation_filenode('collect_salt')").fetchone()

    today = dt.date(2026, 11, 22)
    visitors.salts(today)
    before = file()
    assert (visitors.forget_salts(today + dt.timedelta(days=1)), file()) == (0, before)
    assert visitors.forget_salts(today + dt.timedelta(days=2)) == 1
    assert file() != before


@pytest.mark.django_db(transaction=True)
def test_n1_salts_are_in_no_replica(app_connection: Connection) -> None:
    kept = app_connection.execute(
        "SELECT relpersistence FROM pg_class WHERE relname = 'collect_salt'"
    ).fetchone()
    assert kept == ("u",)


def test_n1_an_address_is_cut_to_its_network() -> None:
    assert visitors.network_of("5.195.20.7", "") == "5.195.20.0/24"
    assert visitors.network_of("2001:db8:1:2::3", "") == "2001:db8:1::/48"
    assert visitors.network_of("5.195.20.7", "203.0.113.5") == "5.195.20.0/24"
    assert (visitors.network_of("", ""), visitors.country_of("")) == ("", "")
    assert visitors.country_of("5.195.20.0/24") == "AE"


def test_a_line_is_one_address_or_what_a_connection_has_of_ipv6() -> None:
    same = visitors.line_of("5.195.20.7", "")
    assert [
        visitors.line_of(peer, forwarded) == same
        for peer, forwarded in (("5.195.20.7", "203.0.113.5"), ("5.195.20.8", ""), ("::ffff:5.195.20.7", ""))
    ] == [True, False, True]
    assert visitors.line_of("2001:db8:1:2::3", "") == visitors.line_of("2001:db8:1:2::4", "")
    assert visitors.line_of("2001:db8:1:2::3", "") != visitors.line_of("2001:db8:1:3::3", "")
    assert visitors.line_of("", "") == 0
