"""How many events a second go from the inbox into the lake: judged for repeats, sorted, encrypted, marked, once.

The reference is the least that anybody would do: DuckDB reads the same lines from the same table and writes them,
parsed and sorted, to one plain Parquet file. The remark says what an event takes in the lake after the hour's small
files were merged, of believable events: its row, and with it the trails of those who allowed one. The keys by which
repeats are known take 16 bytes more for up to 48 hours.
"""

import time
from collections.abc import Iterator, Sequence
from itertools import islice

import duckdb

from amana.collect.lake import compaction, connection, drain
from amana.collect.lake.drain import _STATEMENTS
from amana.collect.writing import rows_of
from bench import visits
from bench.deployment import connect
from bench.result import Result

TARGET = 100_000
BYTES = 30
ROUND = 150_000
ROUNDS, FULL_ROUNDS = 4, 20
COPY = "COPY public.collect_inbox_{} FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
SIZES = """SELECT t.table_name, sum(f.file_size_bytes)::bigint FROM lake.ducklake_data_file f
JOIN lake.ducklake_table t USING (table_id) WHERE f.end_snapshot IS NULL GROUP BY 1"""


def run(full: bool) -> Result:
    """Fill the inbox and drain it, again and again; the figure is that of all rounds but the first."""
    parts = rounds(visits.lines(visits.make(duckdb.connect(), ROUND * (FULL_ROUNDS if full else ROUNDS))))
    fill(next(parts))
    drain.drain()
    events, seconds, plain = 0, 0.0, 0.0
    for part in parts:
        fill(part)
        plain += copy_plainly()
        started = time.perf_counter()
        events += drain.drain().events
        seconds += time.perf_counter() - started
    row, trails = sizes(events + ROUND)
    return Result(
        name="drain",
        value=events / seconds,
        unit="events/s",
        reference=events / plain,
        ratio=seconds / plain,
        target=f"≥ {TARGET:,}",
        remark=f"{row + trails:.1f} bytes an event in the lake (≤ {BYTES}): {row:.1f} and {trails:.1f} for trails",
    )


def rounds(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the lines in rounds of the same size."""
    rest = iter(lines)
    while len(part := list(islice(rest, ROUND))) == ROUND:
        yield part


def fill(lines: Sequence[str]) -> None:
    """Commit lines to the inbox as a server does."""
    with connect("app") as app, app.transaction(), app.cursor() as cursor:
        [slot] = cursor.execute("SELECT collect_write_slot()").fetchone() or [0]
        with cursor.copy(COPY.format(slot)) as copying:
            for first in range(0, len(lines), 1000):
                for row in rows_of(line.encode() for line in lines[first : first + 1000]):
                    copying.write(b"\x02%b\x02\n" % row)


def copy_plainly() -> float:
    """Return the seconds that reading, parsing, sorting and one plain file take."""
    with connection.writing() as writer:
        [slot] = writer.session.execute("SELECT slot FROM collect_slot").fetchone() or [0]
        started = time.perf_counter()
        writer.lake.execute(drain._lines(int(slot), 0))
        writer.lake.execute(_STATEMENTS["incoming"])
        file = f"{connection.place().files}plain.parquet"
        writer.lake.execute(
            f"COPY (FROM incoming ORDER BY visitor, \"at\") TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
        )
        return time.perf_counter() - started


def sizes(events: int) -> tuple[float, float]:
    """Return the bytes of an event's row and of its trails, after the small files were merged."""
    compaction.compact()
    with connect("app") as app:
        found = {str(table): int(size) for table, size in app.execute(SIZES).fetchall()}
    return found["events"] / events, found.get("trails", 0) / events
