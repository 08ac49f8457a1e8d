"""What happens on the website now: the last half hour, whether its events have reached the lake or still wait.

Every acknowledged event is counted once: those that wait are read first, with the generation of their table of the
inbox; of a generation the lake already holds when it is read a moment later, only the lake's events count.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec
from django.db import connection as database
from django.db import transaction

from amana.collect.lake import connection
from amana.collect.traffic import statements
from amana.collect.traffic.statements import Lake

SPAN: Final = dt.timedelta(minutes=30)
MINUTES: Final = 30
# So many pages of 8 KiB of either table of the inbox are read, the newest; where more wait, the page says so.
MOST_PAGES: Final = 2000
MOST_LINES: Final = 8


class Glance(msgspec.Struct, frozen=True):
    """The few fields of an event this page needs."""

    at: int
    event: str
    source: int = 0
    visitor: int = 0
    path: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Now:
    """The last thirty minutes. `minutes` counts page views, the oldest minute first.

    `partial` says that more events wait than were read.
    """

    at: dt.datetime
    visitors: int
    views: int
    minutes: tuple[int, ...]
    pages: tuple[tuple[str, int], ...]
    countries: tuple[tuple[str, int], ...]
    events: tuple[tuple[str, int], ...]
    partial: bool


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Lines of one table of the inbox."""

    generation: int
    lines: tuple[str, ...]
    partial: bool


_glance = msgspec.json.Decoder(Glance)


def now(at: dt.datetime, *, site: int | None = None) -> Now:
    """Return what happened in the half hour before `at`. Raises duckdb.Error."""
    waiting = _waiting()
    with connection.reading() as lake:
        held = _held(lake, at)
        taken = _taken(lake)
    left = [one for one in waiting if one.generation not in taken]
    lines = (line for one in left for line in one.lines)
    return reckon(
        [*held, *map(_glance.decode, lines)], at, site=site, partial=any(one.partial for one in left)
    )


def reckon(
    glances: Iterable[Glance], at: dt.datetime, *, site: int | None = None, partial: bool = False
) -> Now:
    """Reckon up events of the half hour before `at`."""
    until = int(at.timestamp() * 1000)
    begin = until - MINUTES * 60_000
    seen = [one for one in glances if begin <= one.at < until and (site is None or one.source == site)]
    views = [one for one in seen if one.event == "Page Viewed"]
    by_minute = Counter((one.at - begin) // 60_000 for one in views)
    return Now(
        at=at,
        visitors=len({(one.source, one.visitor) for one in seen if one.visitor}),
        views=len(views),
        minutes=tuple(by_minute[minute] for minute in range(MINUTES)),
        pages=_most(one.path for one in views),
        countries=_most(one.country for one in views),
        events=_most(one.event for one in seen if one.event not in ("Page Viewed", "Time Engaged")),
        partial=partial,
    )


def _most(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    found = Counter(names)
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_LINES])


def _held(lake: Lake, at: dt.datetime) -> list[Glance]:
    found = statements.rows(lake, "lately", begin=_plain(at - SPAN), until=_plain(at))
    return [Glance(*row) for row in found]


def _waiting() -> list[_Waiting]:
    """Read both tables of the inbox at one moment, each with its generation."""
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT slot, generation FROM public.collect_slot")
        slot, generation = cursor.fetchall()[0]
        found = []
        for table, number in ((slot, generation), (1 - slot, generation - 1)):
            cursor.execute(_SIZES[table])
            pages = cursor.fetchall()[0][0]
            # A table that is only ever added to has its newest lines at its end.
            cursor.execute(_LATEST[table], [f"({max(0, pages - MOST_PAGES)},0)"])
            lines = tuple(line for (row,) in cursor.fetchall() for line in row.split("\n"))
            found.append(_Waiting(number, lines, pages > MOST_PAGES))
    return found


def _taken(lake: Lake) -> frozenset[int]:
    """Return the generations of the inbox that this snapshot of the lake holds."""
    [(snapshot,)] = lake.execute("SELECT id FROM lake.current_snapshot()").fetchall()
    with database.cursor() as cursor:
        cursor.execute("SELECT generation FROM public.collect_drained WHERE snapshot <= %s", [snapshot])
        return frozenset(row[0] for row in cursor.fetchall())


def _plain(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(tzinfo=None)


_SIZES: Final = {
    0: "SELECT pg_relation_size('public.collect_inbox_0') / 8192",
    1: "SELECT pg_relation_size('public.collect_inbox_1') / 8192",
}
_LATEST: Final = {
    0: "SELECT line FROM public.collect_inbox_0 WHERE ctid >= %s::text::tid",
    1: "SELECT line FROM public.collect_inbox_1 WHERE ctid >= %s::text::tid",
}
