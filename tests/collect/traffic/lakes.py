"""A lake of a test's own, in memory, with the columns of the real one; and events to put into it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from zoneinfo import ZoneInfo

import duckdb

from amana.collect.lake.tables import TABLES
from amana.collect.traffic import counting, statements
from amana.collect.traffic.statements import Lake

DUBAI = ZoneInfo("Asia/Dubai")


@dataclass(frozen=True)
class Happening:
    """One event of the lake, in the columns that traffic reads."""

    at: dt.datetime
    visitor: int = 1
    event: str = "Page Viewed"
    source: int = 1
    host: str = "shop.example"
    path: str = "/"
    title: str = ""
    referrer: str = ""
    search: str = ""
    results: int | None = None
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    country: str = "AE"
    device: str = "phone"
    browser: str = "Chrome"
    system: str = "Android"
    language: str = "ar"
    view: int = 0
    sequence: int = 0
    engaged: int = 0


NAMES = [field.name for field in fields(Happening)]
INSERT = f"""INSERT INTO lake.events ({", ".join(f'"{name}"' for name in NAMES)}, day, call, received_after, "user",
  policy) VALUES ({", ".join("?" for _ in NAMES)}, ?, 'track', 0, '', 1)"""


@contextmanager
def lake() -> Iterator[Lake]:
    """Make an empty lake."""
    with duckdb.connect() as made:
        made.execute("ATTACH ':memory:' AS lake")
        made.execute("SET threads = 1; SET TimeZone = 'UTC'")
        for name, (columns, _) in TABLES.items():
            made.execute(f"CREATE TABLE lake.{name} ({columns})")
        yield made


def put(into: Lake, happenings: Iterable[Happening]) -> None:
    """Put events into a lake; they arrive on the day on which they happen."""
    rows = []
    for one in happenings:
        at = one.at.astimezone(dt.UTC).replace(tzinfo=None)
        rows.append([at, *astuple(one)[1:], at.date()])
    if rows:
        into.executemany(INSERT, rows)


def count(into: Lake, zone: ZoneInfo = DUBAI) -> list[dt.date]:
    """Count what has changed, as `counting.count` does; return the days."""
    days = counting.stale(into, zone)
    for run in list(counting.runs(into, days)):
        counting.walk(into, run, zone)
        statements.run(into, "keep")
    return days
