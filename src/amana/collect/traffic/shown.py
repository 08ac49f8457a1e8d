"""Figures made into what the pages show: cards, tables, charts, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _

from amana.collect.traffic import figures, words
from amana.collect.traffic.figures import Course, Line, Totals
from amana.collect.traffic.live import Now
from amana.collect.traffic.periods import Period
from amana.kernel import sheets
from amana.kernel.plots import Chart, Series

Direction = Literal["", "ltr"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table: a number, a share of one, or a text that is written already with what it says exactly."""

    number: int | None = None
    text: str = ""
    share: float | None = None
    exact: float | None = None

    @property
    def raw(self) -> float | str:
        """Return the figure as a spreadsheet reads it; times are in seconds."""
        found = self.exact if self.number is None and self.share is None else self.share
        known = self.number if self.number is not None else found
        return "" if known is None else round(known, 4)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `key` is what a filter takes; `bar` and `start` draw its share of the largest, of 100."""

    name: str
    key: str
    hint: str
    cells: tuple[Cell, ...]
    bar: float
    start: float
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures. `filter` names what its rows can be filtered by; `file` is its name as CSV."""

    title: str
    subject: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    file: str
    filter: str = ""
    direction: Direction = ""
    note: str = ""
    more: str = ""

    @property
    def labelled(self) -> list[tuple[Row, list[tuple[str, Cell]]]]:
        """Each row, with its figures beside their headings: where there is no room for columns, they stand there."""
        return [(row, list(zip(self.heads, row.cells, strict=True))) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Card:
    """One large figure, and how it compares: `change` is a share of one, None where nothing can be compared."""

    label: str
    number: int | None
    text: str
    change: float | None
    hint: str = ""

    @property
    def more(self) -> bool:
        """Tell whether it is at least what it was."""
        return self.change is not None and self.change >= 0

    @property
    def size(self) -> float:
        """Return how large the change is."""
        return abs(self.change or 0.0)


def cards(now: Totals, before: Totals | None, reader: words.Reader, days: int) -> tuple[Card, ...]:
    """Return the large figures of a period."""
    visitors = round(now.visitors)
    return (
        Card(_("Visits"), now.visits, "", _change(now.visits, before.visits if before else None)),
        Card(_("Page views"), now.views, "", _change(now.views, before.views if before else None)),
        Card(
            _("Daily visitors, average per day") if days > 1 else _("Daily visitors"),
            visitors, "", _change(now.visitors, before.visitors if before else None),
        ),
        Card(
            _("Time a page was read, median"), None, reader.span(now.median),
            _change(now.median or 0, before.median if before else None),
            "" if now.median is None else _("in all: %(time)s") % {"time": reader.span(now.engaged)},
        ),
    )  # fmt: skip


def _change(now: float, before: float | None) -> float | None:
    return (now - before) / before if before else None


def course(found: Course, period: Period, reader: words.Reader, *, compared: bool) -> Chart:
    """Return the course of a period, with the one before where there is one."""
    labels = tuple(reader.bucket(number, period.step) for number in found.buckets)
    series = [Series(_("Visits"), found.visits)]
    if compared:
        series.append(Series(_("The period before"), found.before))
    return Chart(
        title=_("Visits over time"),
        summary=_course_summary(found, labels, period),
        unit={"hour": _("Visits an hour"), "day": _("Visits a day"), "month": _("Visits a month")}[
            period.step
        ],
        labels=labels,
        series=tuple(series),
    )


def _course_summary(found: Course, labels: Sequence[str], period: Period) -> str:
    known = [(count, label) for count, label in zip(found.visits, labels, strict=True) if count is not None]
    if not any(count for count, _label in known):
        return _("No visits in this period.")
    most = max(known, key=lambda one: one[0])
    summary = _("Most visits: %(label)s") % {"label": most[1]}
    return f"{summary} · {_('Today is not over yet.')}" if period.running else summary


def minutes(now: Now, reader: words.Reader) -> Chart:
    """Return the page views of the last half hour; the labels say how many minutes ago."""
    return Chart(
        title=_("Page views, minute by minute"),
        summary=_("The last minute stands last; each column is one minute."),
        unit=_("Page views a minute, by how many minutes ago"),
        labels=tuple(reader.digits(str(len(now.minutes) - place)) for place in range(len(now.minutes))),
        series=(Series(_("Page views"), now.minutes),),
    )


def lately(now: Now, reader: words.Reader) -> tuple[Table, ...]:
    """Return what was looked at, from where, and what happened, in the last half hour."""
    pages = [(words.path(path), count) for path, count in now.pages]
    countries = [(reader.nation(code), count) for code, count in now.countries]
    events = [(words.happening(name), count) for name, count in now.events]
    return (
        _ranked(pages, _("Pages"), _("Page"), _("Views"), reader, direction="ltr"),
        _ranked(countries, _("Countries"), _("Country"), _("Views"), reader),
        _ranked(events, _("What else happened"), _("Event"), _("Times"), reader),
    )


def _ranked(
    found: Sequence[tuple[str, int]], title: str, subject: str, head: str, reader: words.Reader,
    direction: Direction = "",
) -> Table:  # fmt: skip
    most = max((count for _name, count in found), default=0)
    rows = tuple(row(name, "", (Cell(count),), count, most, reader) for name, count in found)
    return Table(title, subject, (head,), rows, "", direction=direction)


def brief(table: Table) -> Table:
    """Return a table with its first figure and its share alone, for a page that shows several."""
    shares = (
        2 if table.rows and len(table.rows[0].cells) > 1 and table.rows[0].cells[1].share is not None else 1
    )
    rows = tuple(replace(line, cells=line.cells[:shares], hint="") for line in table.rows)
    return replace(table, heads=table.heads[:shares], rows=rows)


# The file a breakdown is handed over in.
_FILES: Mapping[figures.Kind, str] = {
    "referrer": "sources", "country": "countries", "device": "devices", "browser": "browsers",
    "system": "systems", "language": "languages",
}  # fmt: skip


def breakdown(kind: figures.Kind, lines: Sequence[Line], total: int, reader: words.Reader) -> Table:
    """Return visits by one of their attributes."""
    titles = {
        "referrer": (_("Where visits came from"), _("Website")),
        "country": (_("Countries"), _("Country")),
        "device": (_("Devices"), _("Device")),
        "browser": (_("Browsers"), _("Browser")),
        "system": (_("Operating systems"), _("Operating system")),
        "language": (_("Languages of the browsers"), _("Language")),
    }
    title, subject = titles[kind]
    name = _naming(kind, reader)
    most = max((line.visits for line in lines), default=0)
    rows = tuple(
        row(name(line.name), "", _of_visits(line, total, reader), line.visits, most, reader, key=line.name)
        for line in lines
    )
    filtered = kind if kind in ("referrer", "country", "device") else ""
    return Table(title, subject, _heads(), rows, _FILES[kind], filter=filtered)


def _naming(kind: figures.Kind, reader: words.Reader) -> Callable[[str], str]:
    known: dict[str, Callable[[str], str]] = {
        "referrer": words.referrer, "country": reader.nation, "device": words.device, "language": reader.tongue,
    }  # fmt: skip
    return known.get(kind, lambda name: name or _("Unknown"))


def _heads() -> tuple[str, ...]:
    return (_("Visits"), _("Share"), _("Pages a visit"), _("Read for, a visit"))


def _of_visits(line: Line, total: int, reader: words.Reader) -> tuple[Cell, ...]:
    return (
        Cell(line.visits),
        Cell(share=line.visits / total if total else 0.0),
        Cell(text=reader.tenths(line.views / line.visits), exact=line.views / line.visits),
        _time(line.engaged / line.visits, reader),
    )


def _time(milliseconds: float | None, reader: words.Reader) -> Cell:
    return Cell(text=reader.span(milliseconds), exact=None if milliseconds is None else milliseconds / 1000)


def campaigns(lines: Sequence[Line], total: int, reader: words.Reader) -> Table:
    """Return the visits by marked links."""
    most = max((line.visits for line in lines), default=0)
    rows = tuple(
        row(
            line.names[0] or _("No name"), " · ".join(part for part in line.names[1:] if part),
            _of_visits(line, total, reader), line.visits, most, reader, key=line.names[0],
        )
        for line in lines
    )  # fmt: skip
    return Table(
        _("Marked links"), _("Campaign, source and medium (utm)"), _heads(), rows, "campaigns",
        filter="campaign",
    )  # fmt: skip


def pages(lines: Sequence[figures.PageLine], reader: words.Reader) -> Table:
    """Return the pages."""
    hosts = {line.host for line in lines}
    most = max((line.views for line in lines), default=0)
    rows = tuple(
        row(
            words.path(line.path) if len(hosts) < 2 else f"{line.host}{words.path(line.path)}",
            line.title,
            (
                Cell(line.views), Cell(line.entries), _time(line.median, reader), _time(line.engaged, reader),
            ),
            line.views, most, reader, key=line.path,
        )
        for line in lines
    )  # fmt: skip
    heads = (_("Views"), _("Visits begun here"), _("Read for, median"), _("Read for, in all"))
    return Table(_("Pages"), _("Page"), heads, rows, "pages", filter="page", direction="ltr")


def searches(found: figures.Searches, reader: words.Reader) -> tuple[Table, Table]:
    """Return what was searched for, and what of it was not found."""
    told = [(line.term, line.searches, line.nothing) for line in found.lines]
    missed = sorted(
        ((term, times, none) for term, times, none in told if none), key=lambda one: (-one[2], one[0])
    )
    note = _(
        "Terms that fewer than %(least)s visitors searched for are not shown: people type names and numbers there."
        " Searches for such terms: %(rare)s, of them without a result: %(nothing)s."
    ) % {"least": figures.SEEKERS, "rare": found.rare, "nothing": found.rare_nothing}
    heads = (_("Searches"), _("Without a result"))
    return (
        _terms(_("Searched and not found"), heads, missed, "searches-without-result", note, reader, by=2),
        _terms(_("Searches"), heads, told, "searches", "", reader, by=1),
    )


def _terms(
    title: str, heads: tuple[str, ...], lines: Sequence[tuple[str, int, int]], file: str, note: str,
    reader: words.Reader, *, by: Literal[1, 2],
) -> Table:  # fmt: skip
    most = max((line[by] for line in lines), default=0)
    rows = tuple(row(line[0], "", (Cell(line[1]), Cell(line[2])), line[by], most, reader) for line in lines)
    return Table(title, _("Search term"), heads, rows, file, note=note)


def happenings(found: Sequence[tuple[str, int]], reader: words.Reader) -> Table:
    """Return how often each event happened, as the notice words it."""
    most = max((times for _name, times in found), default=0)
    rows = tuple(
        row(words.happening(name), name, (Cell(times),), times, most, reader) for name, times in found
    )
    return Table(_("Events"), _("Event"), (_("Times"),), rows, "events")


def row(
    name: str,
    hint: str,
    cells: tuple[Cell, ...],
    count: int,
    most: int,
    reader: words.Reader,
    *,
    key: str = "",
) -> Row:
    """Return one line of a table; `count` of `most` is the length of its bar."""
    bar = round(100 * count / most, 1) if most else 0.0
    start = round(100 - bar, 1) if reader.language == "ar" else 0.0
    return Row(name, key, hint if hint != name else "", cells, bar, start)


def as_csv(table: Table, period: Period) -> str:
    """Return a table as CSV, with the days it is of; shares are of one, times in seconds."""
    return sheets.as_csv(
        [
            [_("From"), period.first.isoformat(), _("To"), period.last.isoformat()],
            [table.subject, *table.heads],
            *([line.name, *(cell.raw for cell in line.cells)] for line in table.rows),
        ]
    )
