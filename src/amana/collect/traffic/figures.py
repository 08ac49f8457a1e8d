"""What the traffic pages show, computed by the lake for one period and what is filtered."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from typing import Final, Literal

from amana.collect import calendar
from amana.collect.lake import connection
from amana.collect.traffic import statements
from amana.collect.traffic.periods import Period, month_of
from amana.collect.traffic.statements import Lake, Row, Value

Kind = Literal["referrer", "country", "device", "browser", "system", "language"]
KINDS: Final[tuple[Kind, ...]] = ("referrer", "country", "device", "browser", "system", "language")
# What fewer visitors searched for may be a name or a number: it is counted, never spelt out.
SEEKERS: Final = 3
EVERYTHING: Final = 50_000
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at alone; None lets everything pass. `site` is the number of a source."""

    site: int | None = None
    page: str | None = None
    referrer: str | None = None
    campaign: str | None = None
    country: str | None = None
    device: str | None = None

    @property
    def any(self) -> bool:
        """Tell whether something is filtered."""
        return any(value is not None for value in astuple(self))

    @property
    def partial(self) -> bool:
        """Tell whether a visitor's first visit of a day may be left out while another of the day is not."""
        return not (self.page is None and self.referrer is None and self.campaign is None)


@dataclass(frozen=True, slots=True)
class Totals:
    """A period in figures. `visitors` is the average of a day; reading times in milliseconds, None where unknown."""

    visits: int
    views: int
    visitors: float
    median: int | None
    engaged: int


@dataclass(frozen=True, slots=True)
class Course:
    """Visits and views for each step of a period, beside those of the period before; None is still to come."""

    buckets: tuple[int, ...]
    visits: tuple[int | None, ...]
    views: tuple[int | None, ...]
    before: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a breakdown of visits; `engaged` is in milliseconds."""

    names: tuple[str, ...]
    visits: int
    views: int
    engaged: int

    @property
    def name(self) -> str:
        """Return the first name, where there is one alone."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page: its views, the visits that began there, and how long it was read (milliseconds)."""

    host: str
    path: str
    title: str
    views: int
    entries: int
    median: int | None
    engaged: int


@dataclass(frozen=True, slots=True)
class Searches:
    """What was searched for; `rare` terms are those of fewer than SEEKERS visitors, only counted."""

    lines: tuple["SearchLine", ...]
    searches: int
    nothing: int
    rare: int
    rare_nothing: int


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One search term, how often it was searched for and how often nothing was found."""

    term: str
    searches: int
    nothing: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Since which day there are figures, and when the last were counted; None before the first."""

    first: dt.date | None
    counted_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A connection to the lake on which a period and filters are set."""

    lake: Lake
    period: Period
    filters: Filters
    standing: Standing

    @property
    def comparable(self) -> bool:
        """Tell whether there are figures for all of the period before."""
        first = self.standing.first
        return first is not None and first <= self.period.previous().first


@contextmanager
def choosing(period: Period, filters: Filters) -> Iterator[Choice]:
    """Lend the figures of a period, all from one snapshot of the lake. Raises duckdb.Error."""
    with connection.reading() as lake:
        yield choose(lake, period, filters)


def choose(lake: Lake, period: Period, filters: Filters) -> Choice:
    """Set a period and filters on a connection to the lake."""
    before = period.previous()
    values: dict[str, Value] = {
        "first": period.first, "last": period.last, "begin": period.begin, "until": period.until,
        "before_first": before.first, "before_last": before.last, "before_until": before.until,
    }  # fmt: skip
    values |= {field.name: getattr(filters, field.name) for field in fields(Filters)}
    statements.set_variables(lake, values)
    statements.run(lake, "choose")
    statements.run(lake, "unpaged" if filters.page is None else "paged")
    since, at = statements.rows(lake, "standing")[0]
    return Choice(lake, period, filters, Standing(since, at.replace(tzinfo=dt.UTC) if at else None))


def totals(choice: Choice) -> tuple[Totals, Totals | None, Course]:
    """Return the period, the one before where there are figures for all of it, and the course of both."""
    days = statements.rows(choice.lake, "days_filtered" if choice.filters.partial else "days")
    reading = statements.rows(choice.lake, "reading")
    current, earlier = [row for row in days if row[0]], [row for row in days if not row[0]]
    now = _totals(choice.standing, choice.period, current, [row[1:] for row in reading if row[0]])
    before = _totals(
        choice.standing, choice.period.previous(), earlier, [row[1:] for row in reading if not row[0]]
    )
    return now, before if choice.comparable else None, _course(choice, days)


def _totals(standing: Standing, period: Period, days: list[Row], reading: list[Row]) -> Totals:
    # Days before there was anything to count would make the average of a day smaller than any day was.
    first = max(period.first, standing.first or period.first)
    return Totals(
        visits=sum(row[2] for row in days),
        views=sum(row[3] for row in days),
        visitors=sum(row[4] for row in days) / max((period.last - first).days + 1, 1),
        median=_median(reading),
        engaged=sum(row[2] for row in reading),
    )


def _median(reading: list[Row]) -> int | None:
    """Return the lower median in milliseconds, rounded down to tenths of a second; rows are in their order."""
    upto, half = 0, (sum(row[1] for row in reading) + 1) // 2
    for tenths, views, _total in reading:
        upto += views
        if upto >= half:
            return int(tenths) * 100
    return None


def _course(choice: Choice, days: list[Row]) -> Course:
    period, before = choice.period, choice.period.previous()
    if period.step == "hour":
        found = [
            (row[0], _hour(row[1], row[2]), row[3], row[4]) for row in statements.rows(choice.lake, "hours")
        ]
    elif period.step == "day":
        found = [(row[0], _number(row[1]), row[2], row[3]) for row in days]
    else:
        found = [(row[0], month_of(row[1]), row[2], row[3]) for row in days]
    visits = _summed([(row[1], row[2]) for row in found if row[0]])
    views = _summed([(row[1], row[3]) for row in found if row[0]])
    earlier = _summed([(row[1], row[2]) for row in found if not row[0]])
    buckets, past = period.buckets(), before.buckets()
    tick = dt.timedelta(milliseconds=1)
    reached, gone = period.bucket(period.until - tick), before.bucket(before.until - tick)
    # Before the first day that was counted nobody knows; after this moment nobody can.
    since = period.bucket(calendar.midnight(choice.standing.first or period.first, period.zone))
    return Course(
        buckets=buckets,
        visits=tuple(visits.get(one, 0) if since <= one <= reached else None for one in buckets),
        views=tuple(views.get(one, 0) if since <= one <= reached else None for one in buckets),
        before=tuple(earlier.get(one, 0) if one <= gone and choice.comparable else None for one in past),
    )


def pages(choice: Choice, *, most: int = LONGEST, brief: bool = False) -> tuple[PageLine, ...]:
    """Return the pages, the most viewed first; `brief` leaves out how long they were read and who began there."""
    found = statements.rows(choice.lake, "pages_brief" if brief else "pages", most=most)
    titles = _titles(choice, [row[1] for row in found])
    return tuple(
        PageLine(row[0], row[1], titles.get((row[0], row[1]), ""), row[2], row[3], row[4], row[5])
        for row in found
    )


def _titles(choice: Choice, paths: list[str]) -> Mapping[tuple[str, str], str]:
    """Return what pages were called lately: within the last two days of the period."""
    since = choice.period.last - dt.timedelta(days=1)
    found = statements.rows(choice.lake, "titles", since=since, paths=paths)
    return {(row[0], row[1]): row[2] for row in found}


def overview(choice: Choice, *, most: int = 7) -> Mapping[Kind, tuple[Line, ...]]:
    """Return the foremost referrers, countries and devices, from one pass."""
    kinds: Mapping[int, Kind] = {3: "referrer", 5: "country", 6: "device"}
    lines: dict[Kind, list[Line]] = {kind: [] for kind in kinds.values()}
    for row in statements.rows(choice.lake, "overview", most=most):
        lines[kinds[row[0]]].append(Line((row[1],), row[2], row[3], row[4]))
    return {kind: tuple(found) for kind, found in lines.items()}


def visits(choice: Choice) -> int:
    """Return how many visits there were."""
    return int(choice.lake.execute("SELECT count(*) FROM chosen_visits WHERE current").fetchall()[0][0])


def by(choice: Choice, kind: Kind, *, most: int = LONGEST) -> tuple[Line, ...]:
    """Return the visits by one of their attributes, the most frequent first."""
    found = statements.rows(choice.lake, f"by_{kind}", most=most)
    return tuple(Line((row[0],), row[1], row[2], row[3]) for row in found)


def campaigns(choice: Choice, *, most: int = LONGEST) -> tuple[Line, ...]:
    """Return the visits that came by a marked link: campaign, source, medium."""
    found = statements.rows(choice.lake, "by_campaign", most=most)
    return tuple(Line((row[0], row[1], row[2]), row[3], row[4], row[5]) for row in found)


def searches(choice: Choice, *, most: int = LONGEST) -> Searches:
    """Return what was searched for, the most frequent first; rare terms are counted and not told."""
    found = statements.rows(choice.lake, "searches")
    told = [SearchLine(row[0], row[1], row[2]) for row in found if row[3] >= SEEKERS]
    rare = [row for row in found if row[3] < SEEKERS]
    return Searches(
        lines=tuple(sorted(told, key=lambda line: (-line.searches, line.term))[:most]),
        searches=sum(row[1] for row in found),
        nothing=sum(row[2] for row in found),
        rare=sum(row[1] for row in rare),
        rare_nothing=sum(row[2] for row in rare),
    )


def happenings(choice: Choice) -> tuple[tuple[str, int], ...]:
    """Return how often each event happened, the most frequent first."""
    return tuple((row[0], row[1]) for row in statements.rows(choice.lake, "happenings"))


def _summed(found: list[tuple[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for bucket, count in found:
        sums[bucket] = sums.get(bucket, 0) + count
    return sums


def _number(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


def _hour(day: dt.date, hour: int) -> int:
    return _number(day) * 24 + hour
