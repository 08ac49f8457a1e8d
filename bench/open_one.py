"""How long opening one person's address takes, at the 95th percentile, among 100,000 people; all of it durable.

The reference reads and opens the same row without the gate.
"""

import random
import statistics
import time
from collections.abc import Callable

from amana.gate import actions
from amana.gate.door import door
from amana.kernel.ids import CustomerId
from amana.vault.sealing import open_batch
from bench import people
from bench.deployment import Connection, connect
from bench.result import Result

PEOPLE = 100_000
EACH = 1_000
PLAIN = """
SELECT uuid_send(p.customer), k.epoch, k.wrapped, 'email', v.id, v.version, v.ciphertext
FROM vault.person p JOIN vault.key k ON k.person = p.id
JOIN vault.value v ON v.person = p.id AND v.field = policy.term_id('field', 'email') WHERE p.customer = %s
"""


def run(full: bool) -> Result:
    """Measure `EACH` openings of people chosen by a fixed seed."""
    del full
    with connect("owner") as owner:
        session = people.open_for_business(owner)
        people.load(owner, PEOPLE)
        people.use_before(owner, 5_000_000)
        found = [CustomerId(customer) for (customer,) in owner.execute("SELECT customer FROM vault.person")]
        chosen = random.Random(7).sample(found, EACH)
        tasks = [
            actions.plan(
                session=session, kind="message", purpose="marketing", people=[customer], ref="campaign:1"
            )
            for customer in chosen
        ]
        ours = [_seconds(lambda task=task: _open(session, task)) for task in tasks]  # type: ignore[misc]
        plain = [_seconds(lambda customer=customer: _read(owner, customer)) for customer in chosen]  # type: ignore[misc]
    value, reference = (statistics.quantiles(times, n=20)[-1] * 1000 for times in (ours, plain))
    return Result("open_one", value, "ms p95", reference, value / reference, "< 2 ms")


def _open(session: str, task: int) -> None:
    opening = actions.open(session=session, purpose="marketing", channel="email", fields=["email"], task=task)
    if len(opening.people) != 1:
        raise AssertionError("the person was not released")


def _read(owner: Connection, customer: CustomerId) -> None:
    here = door()
    with owner.cursor(binary=True) as cursor:
        rows = cursor.execute(PLAIN, [customer]).fetchall()
    open_batch(rows, ring=here.keys, deployment=here.deployment, fields=["email"])


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
