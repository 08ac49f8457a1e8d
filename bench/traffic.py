"""How long the traffic page takes over twenty million events of twenty days: all it shows, from request to HTML.

The figure is the middle of some requests, the first of which pays for opening the lake. The reference is one plain
question to the events themselves over the same days: views by path. Events are made as in the bench `drain`, a day
at a time, and written straight into the lake; the remark says how fast they are counted into visits, the worker's part.
The same page over twelve months, and of phones in one country alone, is asked for beside it.
"""

import datetime as dt
import statistics
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.test import RequestFactory

from amana.cli import django
from amana.collect.lake import connection
from amana.collect.traffic import console, counting
from amana.kernel import clock
from amana.retailer import actions
from bench import people, visits
from bench.deployment import connect
from bench.result import Result

DAYS = 20
EVENTS = 20_000_000
TARGET_MS = 1_000
REQUESTS = 7
BRAND = people.POLICY.with_name("brand.yaml")
PLAIN = """SELECT path, count(*) FROM lake.events WHERE event = 'Page Viewed' GROUP BY path
ORDER BY 2 DESC LIMIT 50"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Result):
    """The figures of other pages over the same events; `value` is that of the last 28 days."""

    year_ms: float
    filtered_ms: float


def run(full: bool) -> Asked:
    """Fill the lake in two steps, a tenth and the whole, and ask for the page after each."""
    with connect("owner") as owner:
        people.open_for_business(owner)
    with django.signed_in("owner"):
        actions.load_brand(BRAND)
    growth, done, counting_seconds = [], 0, 0.0
    for first, last in ((0, 2), (2, DAYS)):
        done += fill(first, last)
        counting_seconds += count(last)
        growth.append((done, ask(last)))
    plain = _middle(_plain)
    with connect("app") as app:
        [size] = app.execute("SELECT sum(file_size_bytes) FROM lake.ducklake_data_file").fetchone() or [0]
    speed = f"{done / counting_seconds:,.0f} a second"
    return Asked(
        name="traffic",
        value=growth[-1][1],
        unit="ms",
        reference=plain,
        ratio=growth[-1][1] / plain,
        target=f"< {TARGET_MS:,}",
        growth=tuple(growth),
        remark=f"{done:,} events; {int(size) / done:.1f} bytes each; counted at {speed}",
        year_ms=ask(DAYS, period="12_months"),
        filtered_ms=ask(DAYS, period="28_days", country="AE", device="phone"),
    )


def fill(first: int, last: int) -> int:
    """Write the events of these days; return how many."""
    with connection.writing() as writer:
        return sum(visits.put(writer, EVENTS // DAYS, day=day) for day in range(first, last))


def count(last: int) -> float:
    """Count the days that are not counted yet; return the seconds that took."""
    started = time.perf_counter()
    with clock.fixed(_evening(last)):
        counting.count(seconds=3_600)
    return time.perf_counter() - started


def ask(last: int, **asked: str) -> float:
    """Return the milliseconds of the overview, over the last 28 days unless something else is asked for."""

    def page() -> None:
        request: Any = RequestFactory().get("/en/console/traffic", asked or {"period": "28_days"})
        request.staff = SimpleNamespace(name="Bench", roles=frozenset({"marketing"}), shops=None)
        with clock.fixed(_evening(last)):
            answer = console.overview(request)
        assert answer.status_code == 200

    return _middle(page)


def _plain() -> None:
    with connection.reading() as lake:
        lake.execute(PLAIN).fetchall()


def _middle(work: Any) -> float:
    seconds = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000


def _evening(last: int) -> dt.datetime:
    return dt.datetime(2026, 11, 22, 19, 0, tzinfo=dt.UTC) + dt.timedelta(days=last - 1)
