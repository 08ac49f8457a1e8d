"""How many decisions a second are durable: opted out by link from eight connections, each with row and ledger entry.

The reference is the same number of durable commits of one plain row, from eight connections in the same run.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier

from django.db import connection

from amana.cli import django
from amana.gate import actions
from amana.kernel.ids import CustomerId
from bench import people
from bench.deployment import Connection, connect
from bench.result import Result

CONNECTIONS = 8
EACH = 1_500
WARMING = 50
TARGET = 2_000
PLAIN_TABLE = """CREATE TABLE public.plain_decision (
    id bigserial PRIMARY KEY, person text, purpose text, at timestamptz)"""
PLAIN = "INSERT INTO public.plain_decision (person, purpose, at) VALUES (%s, 'marketing', clock_timestamp())"
MADE = """SELECT (SELECT count(*) FROM consent.decision WHERE kind = 'withdrawn'),
    (SELECT count(*) FROM consent.decision d JOIN ledger.pending p ON p.id = d.entry WHERE d.kind = 'withdrawn')"""

_start: Barrier


def run(full: bool) -> Result:
    """Measure opting out and plain rows from the same eight processes; `full` measures a longer run."""
    each = EACH * (4 if full else 1)
    with connect("owner") as owner:
        session = people.open_for_business(owner)
        people.load(owner, CONNECTIONS * (each + WARMING))
        tokens = _links(owner, session)
        owner.execute(
            "CREATE TABLE public.plain_decision (id bigserial PRIMARY KEY, person text, purpose text, at timestamptz)"
        )
        connection.close()
        ours, times = _measure(_opt_out, tokens)
        plain, _ = _measure(_insert, tokens)
        count = CONNECTIONS * each
        kept = owner.execute(MADE).fetchone()
        if kept != (len(tokens), len(tokens)):
            raise AssertionError(f"{len(tokens)} decisions were made, kept are {kept}")
    p95, middle = statistics.quantiles(times, n=20)[-1] * 1000, statistics.median(times) * 1000
    return Result(
        name="consent", value=count / ours, unit="decisions/s", reference=count / plain, ratio=ours / plain,
        target=f"≥ {TARGET:,}, p95 < 10 ms", remark=f"p95 {p95:.1f} ms, median {middle:.1f} ms",
    )  # fmt: skip


def _links(owner: Connection, session: str) -> list[str]:
    """Return the unsubscribe link of everybody, as one mail to all would carry them."""
    everybody = [CustomerId(customer) for (customer,) in owner.execute("SELECT customer FROM vault.person")]
    task = actions.plan(
        session=session, kind="message", purpose="marketing", people=everybody, ref="campaign:1"
    )
    opening = actions.open(
        session=session, purpose="marketing", channel="email", fields=["email"], task=task, links=["opt_out"]
    )
    return [person.links["opt_out"] for person in opening.people]


def _measure(act: Callable[[str], None], tokens: Sequence[str]) -> tuple[float, list[float]]:
    """Return the seconds from the first act to the last, warmed up, and the seconds of each."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(CONNECTIONS)
    shares = [(act, tokens[number::CONNECTIONS]) for number in range(CONNECTIONS)]
    with context.Pool(CONNECTIONS, initializer=_enter, initargs=[barrier]) as pool:
        found = pool.starmap(_work, shares, chunksize=1)
    seconds = max(end for _, end, _ in found) - min(start for start, _, _ in found)
    return seconds, [each for _, _, times in found for each in times]


def _enter(barrier: Barrier) -> None:
    global _start
    _start = barrier
    django.set_up()


def _work(act: Callable[[str], None], tokens: Sequence[str]) -> tuple[float, float, list[float]]:
    for token in tokens[:WARMING]:
        act(token)
    _start.wait()
    began = time.perf_counter()
    times = [_seconds(act, token) for token in tokens[WARMING:]]
    return began, time.perf_counter(), times


def _seconds(act: Callable[[str], None], token: str) -> float:
    started = time.perf_counter()
    act(token)
    return time.perf_counter() - started


def _opt_out(token: str) -> None:
    actions.opt_out(token, language="ar")


def _insert(token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [token])
