"""Believable events: sessions of visitors over pages that are read unevenly, as a shop of some size has them.

Thousands of pages by Zipf's law with titles in Arabic, identifiers and moments that are random to the last bit, four
reports of engaged time to three views, products with particulars, searches in two languages, a third of the visitors
with a trail for one purpose or two. Made by DuckDB from a number and a seed, the same every time.
"""

from pathlib import Path
from typing import Final

import duckdb

from amana.collect.lake.connection import Writer
from amana.collect.lake.drain import _STATEMENTS

START_MS: Final = 1_795_305_600_000  # 22 November 2026, 00:00 UTC
DAY_MS: Final = 86_400_000
EACH_SESSION: Final = 12.6
PAGES: Final = 6_000
_SQL: Final = Path(__file__).parent / "visits_sql"


def make(
    made: duckdb.DuckDBPyConnection, events: int, *, seed: int = 1, day: int = 0, people: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Put about so many events of one day into the table `event`; `day` counts from 22 November 2026."""
    made.execute((_SQL / "pages.sql").read_text("utf-8").replace("$pages", str(PAGES)))
    sessions = round(events / EACH_SESSION)
    values = {
        "$sessions": sessions,
        "$people": people or max(sessions * 2 // 3, 1),
        "$pages": PAGES,
        "$start": START_MS + day * DAY_MS,
        "$seed": seed * 1_000 + day,
    }
    text = (_SQL / "events.sql").read_text("utf-8")
    for name, value in values.items():
        text = text.replace(name, str(value))
    made.execute(text)
    return made


def lines(made: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the events as lines of the inbox, in the order they came."""
    return [row[0] for row in made.execute((_SQL / "lines.sql").read_text("utf-8")).fetchall()]


def put(writer: Writer, events: int, *, day: int) -> int:
    """Write about so many events of one day straight into the lake's events, in one transaction; return how many."""
    lake = make(writer.lake, events, day=day)
    lake.execute("CREATE OR REPLACE TEMP TABLE incoming AS FROM event")
    with writer.transaction():
        [put] = lake.execute(_STATEMENTS["events"]).fetchone() or [0]
    lake.execute("DROP TABLE event; DROP TABLE incoming")
    return int(put)
