"""Count the lake's events into visits and page views, day by day of the retailer, whenever a day's events changed.

The pages read nothing else: over twenty million events it is this that makes them answer at once. A day whose
events have gone from the lake loses its figures here.
"""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from amana.collect import calendar
from amana.collect.lake import connection
from amana.collect.lake.connection import Writer
from amana.collect.traffic import statements
from amana.collect.traffic.periods import offsets
from amana.collect.traffic.statements import Lake, Value
from amana.kernel import clock

DAY: Final = dt.timedelta(days=1)
# So many events are walked at a time: what a backlog needs in memory does not grow with it.
MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """Which days were counted anew, and how many visits they have."""

    days: tuple[dt.date, ...]
    visits: int


def count(*, seconds: float = 20.0, wait_seconds: int = 120) -> Counted:
    """Count the days whose events changed, the latest first; after so many seconds leave the rest for the next time.

    Raises psycopg.errors.LockNotAvailable when another writer of the lake takes longer.
    """
    here = calendar.zone()
    done: list[dt.date] = []
    visits, end = 0, time.monotonic() + seconds
    with connection.writing(wait_seconds=wait_seconds) as writer:
        for days in runs(writer.lake, stale(writer.lake, here)):
            if done and time.monotonic() > end:
                break
            visits += _count_days(writer, days, here)
            done += days
    return Counted(tuple(done), visits)


def stale(lake: Lake, here: ZoneInfo) -> list[dt.date]:
    """Return the days that have to be counted, the latest first; prepares `lake` for `walk`."""
    first, last = lake.execute('SELECT min("at"), max("at") FROM lake.events').fetchall()[0]
    if first is None:
        first = last = dt.datetime(1970, 1, 1)  # noqa: DTZ001  (the lake's moments are UTC without saying so)
    statements.set_zone(lake, offsets(first.replace(tzinfo=dt.UTC), last.replace(tzinfo=dt.UTC) + DAY, here))
    statements.run(lake, "held")
    changed = {row[0] for row in statements.rows(lake, "stale")}
    if not changed:
        return []
    statements.set_variables(lake, {"late_from": calendar.midnight(min(changed) - DAY, here)})
    statements.run(lake, "following")
    # Who was there at midnight may have gone on since the day before was counted.
    changed |= {row[0] for row in statements.rows(lake, "continued")}
    return sorted(changed, reverse=True)


def runs(lake: Lake, days: Sequence[dt.date]) -> Iterator[list[dt.date]]:
    """Part days, the latest first, into runs without a gap that hold no more than MOST events if they can."""
    events = dict(lake.execute("SELECT day, sum(events)::BIGINT FROM held GROUP BY day").fetchall())
    run: list[dt.date] = []
    for day in days:
        held = sum(events.get(one, 0) for one in (*run, day))
        if run and (run[-1] - day != DAY or held > MOST):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def walk(lake: Lake, days: Sequence[dt.date], here: ZoneInfo) -> None:
    """Find the visits and views of a run of days; they are left in `new_visits` and `new_views`."""
    values: dict[str, Value] = {
        "walk_first": days[-1], "walk_last": days[0], "walk_from": calendar.midnight(days[-1], here),
        "walk_until": calendar.midnight(days[0] + DAY, here), "walk_now": clock.now(),
    }  # fmt: skip
    statements.set_variables(lake, values)
    statements.run(lake, "walk")


def _count_days(writer: Writer, days: Sequence[dt.date], here: ZoneInfo) -> int:
    walk(writer.lake, days, here)
    with writer.transaction():
        statements.run(writer.lake, "keep")
    return int(writer.lake.execute("SELECT count(*) FROM new_visits").fetchall()[0][0])
