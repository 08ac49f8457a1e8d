"""Count the lake's events into visits and page views, day by day of the retailer, whenever a day's events changed.

The pages read nothing else: over twenty million events it is this that makes them answer at once. A day whose
events have gone from the lake loses its figures here.
"""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from amana.collect.lake import connection
from amana.collect.lake.connection import Writer
from amana.collect.traffic import statements
from amana.collect.traffic.periods import midnight, offsets
from amana.collect.traffic.statements import Lake, Value
from amana.kernel import clock
from amana.policy import queries as policy

DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """Which days were counted anew, and how many visits they have."""

    days: tuple[dt.date, ...]
    visits: int


def zone() -> ZoneInfo:
    """Return the retailer's time zone, that of the policy's controller."""
    return clock.zone(policy.current().policy.controller.country)


def count(*, seconds: float = 20.0, wait_seconds: int = 120) -> Counted:
    """Count the days whose events changed, the latest first; after so many seconds leave the rest for the next time.

    Raises psycopg.errors.LockNotAvailable when another writer of the lake takes longer.
    """
    here = zone()
    done: list[dt.date] = []
    visits, end = 0, time.monotonic() + seconds
    with connection.writing(wait_seconds=wait_seconds) as writer:
        for day in stale(writer.lake, here):
            if done and time.monotonic() > end:
                break
            visits += _count_day(writer, day, here)
            done.append(day)
    return Counted(tuple(done), visits)


def stale(lake: Lake, here: ZoneInfo) -> list[dt.date]:
    """Return the days that have to be counted, the latest first; prepares `lake` for `walk`."""
    first, last = lake.execute('SELECT min("at"), max("at") FROM lake.events').fetchall()[0]
    if first is None:
        first = last = dt.datetime(1970, 1, 1)  # noqa: DTZ001  (the lake's moments are UTC without saying so)
    statements.set_zone(lake, offsets(first.replace(tzinfo=dt.UTC), last.replace(tzinfo=dt.UTC) + DAY, here))
    statements.run(lake, "held")
    changed = {row[0] for row in statements.rows(lake, "stale")}
    known = {
        row[0]: row[1]
        for row in lake.execute("SELECT day, max(following) FROM lake.counted GROUP BY day").fetchall()
    }
    for day in [one - DAY for one in changed if one - DAY in known and one - DAY not in changed]:
        statements.set_variables(lake, _span(day, here))
        if statements.rows(lake, "following")[0][0] != known[day]:
            changed.add(day)
    return sorted(changed, reverse=True)


def walk(lake: Lake, day: dt.date, here: ZoneInfo) -> None:
    """Find the visits and views of one day; they are left in `new_visits` and `new_views`."""
    statements.set_variables(lake, _span(day, here))
    following = statements.rows(lake, "following")[0][0]
    statements.set_variables(lake, {"walk_following": following, "walk_now": clock.now()})
    statements.run(lake, "walk")


def _count_day(writer: Writer, day: dt.date, here: ZoneInfo) -> int:
    walk(writer.lake, day, here)
    with writer.transaction():
        statements.run(writer.lake, "keep")
    return int(writer.lake.execute("SELECT count(*) FROM new_visits").fetchall()[0][0])


def _span(day: dt.date, here: ZoneInfo) -> dict[str, Value]:
    return {"walk_day": day, "walk_from": midnight(day, here), "walk_until": midnight(day + DAY, here)}
