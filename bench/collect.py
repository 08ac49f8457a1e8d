"""How many events a second are taken in, durably: one in a request, and a hundred in a batch.

Load comes from wrk on this machine, as from browsers of many networks (single events, public key) and from servers of
the retailer (batches, server key). Every event is judged, and committed with fsync before it is answered. The reference
is a bare COPY of the same rows into the same kind of table, in groups as large as the load allows the server.
"""

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from amana.cli import django
from amana.collect import sources
from bench import people
from bench.deployment import Connection, connect
from bench.page import served
from bench.result import Result

SECONDS = 6
WARMING = 2
CLIENTS = 64
PER_BATCH = 100
# One for each core of the machine the figures are promised for.
WORKERS = 2
SCRIPT = Path(__file__).with_name("collect.lua")
COPY = "COPY collect_inbox_1 (line) FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
# What the reference copies is one row for each event, as anybody would.
LINES = "SELECT string_to_table(line, E'\\n') FROM collect_inbox_0 LIMIT 20000"
SETTINGS = {"AMANA_TRUSTED_PROXIES": "127.0.0.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected(Result):
    """The figures of both kinds of load; `value` is that of the batches."""

    single_per_s: float
    single_p99_ms: float
    single_reference: float
    batch_p99_ms: float


def run(full: bool) -> Result:
    """Measure single events, batches, and the bare COPY of what the batches left."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("this benchmark needs wrk (apt-get install wrk)")
    with connect("owner") as owner:
        people.open_for_business(owner)
    with django.signed_in("app"):
        made = sources.make(name="bench")
    seconds = SECONDS * (3 if full else 1)
    with served("amana.web.asgi:application", SETTINGS, workers=WORKERS) as address, connect("app") as app:
        single, late = _load(wrk, f"{address}/v1/t", made.sender.write_key, 1, seconds)
        _drained(app)
        batches, batch_late = _load(wrk, f"{address}/v1/b", made.server_key, PER_BATCH, seconds)
        lines = [line.encode() for (line,) in app.execute(LINES)]
        _drained(app)
    with connect("app") as app:
        bare = _copied(app, lines, CLIENTS * PER_BATCH, seconds / 2)
        bare_single = _copied(app, lines, CLIENTS, seconds / 2)
    value = batches * PER_BATCH
    return Collected(
        name="collect", value=value, unit="events/s", reference=bare, ratio=bare / value,
        target="≥ 100,000 in batches, ≥ 10,000 alone within 25 ms (99 %), ≥ 60 % of the bare COPY",
        remark=f"alone: {single:,.0f}/s, 99 % within {late:.1f} ms, {single / bare_single:.0%} of the bare COPY "
        f"in groups of {CLIENTS}; batches: {value / bare:.0%}",
        single_per_s=single, single_p99_ms=late, single_reference=bare_single, batch_p99_ms=batch_late,
    )  # fmt: skip


def _load(wrk: str, url: str, key: str, per: int, seconds: int) -> tuple[float, float]:
    """Return requests a second, and the milliseconds within which 99 % were answered."""
    for length in (WARMING, seconds):
        words = [
            wrk,
            "-t1",
            f"-c{CLIENTS}",
            f"-d{length}s",
            "--latency",
            "-s",
            str(SCRIPT),
            url,
            "--",
            key,
            str(per),
        ]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise AssertionError(said)
    rate, late = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    assert rate is not None
    assert late is not None
    return float(rate[1]), float(late[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[late[2]]


def _drained(app: Connection) -> None:
    """Empty the inbox: nobody drains it here."""
    app.execute("TRUNCATE collect_inbox_0")


def _copied(app: Connection, lines: list[bytes], group: int, seconds: float) -> float:
    """Return how many rows a second a bare COPY commits, so many at a time."""
    groups = [b"\n".join(lines[start : start + group]) for start in range(0, len(lines) - group + 1, group)]
    began, done = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        with app.transaction(), app.cursor() as cursor, cursor.copy(COPY) as copying:
            copying.write(groups[done % len(groups)])
        done += 1
    taken = time.monotonic() - began
    app.execute("TRUNCATE collect_inbox_1")
    return done * group / taken
