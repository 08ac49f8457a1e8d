"""The traffic pages of the console."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import duckdb
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.collect import calendar, sources
from amana.collect.traffic import figures, intake, leading, live, reasons, shown, words
from amana.collect.traffic.asked import Asked, asked
from amana.collect.traffic.figures import EVERYTHING, Choice
from amana.collect.traffic.shown import Table
from amana.collect.traffic.words import Reader
from amana.kernel import clock
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.retailer.guard import StaffRequest, roles

READERS: Final = ("marketing", "analyst", "administrator", "data_protection_officer")
SHORT: Final = 7
LONG: Final = 200

register(
    "figures_away",
    Bilingual(
        ar="لا يمكن قراءة أرقام الموقع الآن، ولم يضِع منها شيء. يُرجى المحاولة بعد قليل.",
        en="The website's figures cannot be read just now. None of them is lost. Please try again shortly.",
    ),
    503,
)


@never_cache
@require_safe
@roles(*READERS)
def overview(request: StaffRequest) -> HttpResponse:
    """Show a period at a glance, or teach the first step."""
    wanted, reader = _asked(request), words.reader()
    with _choice(wanted) as choice:
        if choice.standing.first is None:
            first_step = {"tabs": leading.tabs(wanted, ""), "snippets": snippets()}
            return render(request, "collect/traffic/empty.html", first_step)
        now, before, course = figures.totals(choice)
        foremost = figures.overview(choice, most=SHORT)
        pages = figures.pages(choice, most=SHORT, brief=True)
    tables = [shown.pages(pages, reader)]
    tables += [shown.breakdown(kind, lines, now.visits, reader) for kind, lines in foremost.items()]
    page: dict[str, Any] = {
        "cards": shown.cards(now, before, reader, wanted.period.days),
        "chart": shown.course(course, wanted.period, reader, compared=before is not None),
        "compared": before is not None,
        "tables": [leading.led_on(shown.brief(table), wanted) for table in tables],
    }
    return render(request, "collect/traffic/overview.html", page | _around(choice, wanted, reader, ""))


@never_cache
@require_safe
@roles(*READERS)
def detail(request: StaffRequest, name: str) -> HttpResponse:
    """Show all there is of one kind of figures."""
    if name not in DETAILS:
        raise Http404
    wanted, reader = _asked(request), words.reader()
    with _choice(wanted) as choice:
        tables = [leading.led_on(table, wanted) for table in DETAILS[name](choice, reader, LONG)]
    page = {"tables": tables, "by_visit": name not in ("searches", "events")}
    return render(request, "collect/traffic/detail.html", page | _around(choice, wanted, reader, name))


@never_cache
@require_safe
@roles(*READERS)
def as_csv(request: StaffRequest, name: str) -> HttpResponse:
    """Hand over one table as a CSV file. Nobody's identity is in it."""
    if name not in FILES:
        raise Http404
    wanted = _asked(request)
    with _choice(wanted) as choice:
        tables = DETAILS[FILES[name]](choice, words.reader(), EVERYTHING)
    table = next(table for table in tables if table.file == name)
    return _file(table, wanted)


def _file(table: Table, wanted: Asked) -> HttpResponse:
    # Without the mark, spreadsheets read Arabic as Latin-1.
    text = shown.as_csv(table, wanted.period)
    days = f"{wanted.period.first.isoformat()}-{wanted.period.last.isoformat()}"
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{table.file}-{days}.csv"'},
    )


@never_cache
@require_safe
@roles(*READERS)
def now(request: StaffRequest) -> HttpResponse:
    """Show the last half hour; only what changes, for the page that asks every few seconds."""
    wanted, reader = _asked(request), words.reader()
    with _readable():
        found = live.now(clock.now(), site=wanted.filters.site)
    page: dict[str, Any] = {
        "now": found,
        "chart": shown.minutes(found, reader),
        "tables": shown.lately(found, reader),
        "query": wanted.query(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "collect/traffic/lately.html", page)
    return render(request, "collect/traffic/live.html", page | {"tabs": leading.tabs(wanted, "live")})


@never_cache
@require_safe
@roles(*READERS)
def accepted_and_dropped(request: StaffRequest) -> HttpResponse:
    """Show what was accepted of what came in, what was dropped, and why."""
    wanted, reader = _asked(request), words.reader()
    found = intake.intake(wanted.period, site=wanted.filters.site)
    page: dict[str, Any] = {
        "cards": reasons.cards(found),
        "chart": reasons.course(found, wanted.period, reader),
        "reasons": reasons.explained(found),
        "tables": _intake_tables(found, reader, LONG),
        "anything": bool(found.kinds),
        "snippets": snippets(),
    }
    return render(request, "collect/traffic/intake.html", page | _bare(wanted, reader))


@never_cache
@require_safe
@roles(*READERS)
def intake_csv(request: StaffRequest, name: str) -> HttpResponse:
    """Hand over one of the tables of what was accepted and dropped."""
    wanted = _asked(request)
    found = intake.intake(wanted.period, site=wanted.filters.site)
    tables = {table.file: table for table in _intake_tables(found, words.reader(), EVERYTHING)}
    if name not in tables:
        raise Http404
    return _file(tables[name], wanted)


def _intake_tables(found: intake.Intake, reader: Reader, most: int) -> tuple[Table, ...]:
    names = {one.id: one.name for one in sources.listed()}
    return (
        reasons.kinds(found, names, reader, most=most),
        reasons.accepted(found, reader, most=most),
        reasons.sources(found, names, reader),
    )


def snippets() -> tuple[tuple[str, str], ...]:
    """Return what goes into the pages of each open source: its name, and the script element of the tag."""
    address = f"{settings.AMANA_PUBLIC_URL}/amana.js"
    return tuple(
        (one.name, f'<script src="{address}" data-key="{one.write_key}" defer></script>')
        for one in sources.listed()
        if one.closed_at is None
    )


def _pages(choice: Choice, reader: Reader, most: int) -> tuple[Table, ...]:
    return (shown.pages(figures.pages(choice, most=most), reader),)


def _by(*kinds: figures.Kind) -> "Making":
    def made(choice: Choice, reader: Reader, most: int) -> tuple[Table, ...]:
        total = figures.visits(choice)
        return tuple(
            shown.breakdown(kind, figures.by(choice, kind, most=most), total, reader) for kind in kinds
        )

    return made


def _sources(choice: Choice, reader: Reader, most: int) -> tuple[Table, ...]:
    marked = shown.campaigns(figures.campaigns(choice, most=most), figures.visits(choice), reader)
    return (*_by("referrer")(choice, reader, most), marked)


def _searches(choice: Choice, reader: Reader, most: int) -> tuple[Table, ...]:
    return shown.searches(figures.searches(choice, most=most), reader)


def _happenings(choice: Choice, reader: Reader, most: int) -> tuple[Table, ...]:
    return (shown.happenings(figures.happenings(choice)[:most], reader),)


Making = Callable[[Choice, Reader, int], tuple[Table, ...]]
DETAILS: Final[Mapping[str, Making]] = {
    "pages": _pages,
    "sources": _sources,
    "countries": _by("country"),
    "devices": _by("device", "browser", "system", "language"),
    "searches": _searches,
    "events": _happenings,
}
# The page each file is of.
FILES: Final[Mapping[str, str]] = {
    "pages": "pages", "sources": "sources", "campaigns": "sources", "countries": "countries",
    "devices": "devices", "browsers": "devices", "systems": "devices", "languages": "devices",
    "searches": "searches", "searches-without-result": "searches", "events": "events",
}  # fmt: skip


def _asked(request: HttpRequest) -> Asked:
    return asked(request.GET.dict(), zone=calendar.zone(), now=clock.now())


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise Refusal.of("figures_away") from error


@contextmanager
def _choice(wanted: Asked) -> Iterator[Choice]:
    with _readable(), figures.choosing(wanted.period, wanted.filters) as choice:
        yield choice


def _around(choice: Choice, wanted: Asked, reader: Reader, name: str) -> dict[str, Any]:
    """Return what stands around the figures of every page."""
    return _bare(wanted, reader) | {"standing": choice.standing, "tabs": leading.tabs(wanted, name)}


def _bare(wanted: Asked, reader: Reader) -> dict[str, Any]:
    senders = {one.id: one for one in sources.listed()}
    return {
        "period": wanted.period,
        "before": wanted.period.previous(),
        "presets": leading.presets(wanted),
        "chips": leading.chips(wanted, senders, reader),
        "kept": leading.hidden(wanted),
        "sites": [] if len(senders) < 2 else [*senders.values()],
        "site": wanted.filters.site,
        "kept_but_site": leading.hidden(wanted, "site"),
        "query": wanted.query(),
    }
