"""How long facts of everybody take from being asked for to a table in DuckDB: judged, recorded, committed, taken.

Everybody agreed, so each person is a use. The reference is DuckDB reading the very same facts with one plain join, by
the owner's login. The remark says how much of it is the taking.
"""

import time

from django.db import connection

from amana.cli import django
from amana.collect.lake import connection as lake
from amana.collect.lake import facts as beside
from amana.gate import facts
from bench import people
from bench.deployment import connect
from bench.result import Result

ROUNDS = 3
PLAIN = """CREATE TEMP TABLE plain AS SELECT * FROM postgres_query('gate', '
SELECT p.customer, f.value FROM vault.person p
JOIN vault.fact f ON f.person = p.id AND f.field = policy.term_id(''field'', ''birth_year'')')"""


def run(full: bool) -> Result:
    """Measure at growing numbers of people; the figure is that of 100,000, with `full` of 1,000,000 too."""
    growth, taken, plain, done = [], {}, {}, 0
    with connect("owner") as owner:
        session = people.open_for_business(owner)
        for size in (10_000, 100_000, 1_000_000) if full else (10_000, 100_000):
            people.load(owner, size - done)
            done = size
            seconds, taken[size] = min(_take(session, size) for _ in range(ROUNDS))
            growth.append((size, size / seconds))
            with django.signed_in("owner"):
                plain[size] = min(map(_plain, range(ROUNDS)))
            lake.close()
    ours = 100_000 / dict(growth)[100_000]
    return Result(
        name="facts", value=dict(growth)[100_000], unit="people/s", reference=100_000 / plain[100_000],
        ratio=ours / plain[100_000], target="", growth=tuple(growth),
        remark="taking: " + ", ".join(f"{seconds:.2f} s of {size:,}" for size, seconds in taken.items()),
    )  # fmt: skip


def _take(session: str, size: int) -> tuple[float, float]:
    """Return the seconds from asking to the table, and those of taking alone."""
    started = time.perf_counter()
    asked = facts.ask(
        session=session, purpose="marketing", channel="email", kind="message", columns=["birth_year"], ref="audience:1",
        where=[facts.Where("birth_year", least="1980", most="1995")],
    )  # fmt: skip
    between = time.perf_counter()
    with beside.reading(asked) as opened:
        ended = time.perf_counter()
        if opened.execute("SELECT count(*) FROM facts").fetchone() != (size,):
            raise AssertionError(f"not all of {size} people came: {asked.refused}")
    connection.close()
    return ended - started, ended - between


def _plain(_: int) -> float:
    seconds: list[float] = []

    def read(opened: lake.Lake) -> None:
        started = time.perf_counter()
        opened.execute(PLAIN)
        seconds.append(time.perf_counter() - started)

    with lake.reading(read):
        return seconds[0]
