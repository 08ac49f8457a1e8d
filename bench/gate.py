"""How many sealed addresses a second the gate releases: asked, recorded, committed, taken and opened.

The reference reads and opens the very same rows with one plain join. Five million earlier uses are in place, as two
campaigns a week leave them. Folding a release into the ledger's entry is the sequencer's, in a process of its own: its
seconds are printed beside the figure.
"""

import time
from collections.abc import Callable

from django.db import connection

from amana.gate import actions
from amana.gate.door import door
from amana.kernel.ids import CustomerId
from amana.vault.sealing import open_batch
from bench import people
from bench.deployment import Connection, connect
from bench.result import Result

TARGET = 80_000
EARLIER = 5_000_000
ROUNDS = 3
PLAIN = """
SELECT uuid_send(p.customer), k.epoch, k.wrapped, 'email', v.id, v.version, v.ciphertext
FROM vault.person p JOIN vault.key k ON k.person = p.id
JOIN vault.value v ON v.person = p.id AND v.field = policy.term_id('field', 'email') ORDER BY p.id
"""


def run(full: bool) -> Result:
    """Measure at growing numbers of people; the figure is that of 100,000, with `full` of 1,000,000 too."""
    growth, done, ratios = [], 0, {}
    with connect("owner") as owner:
        session = people.open_for_business(owner)
        for size in (10_000, 100_000, 1_000_000) if full else (10_000, 100_000):
            people.load(owner, size - done)
            done = size
            if size == 100_000:
                people.use_before(owner, EARLIER)
            ours, plain = _best(lambda: release_all(owner, session)), _best(lambda: read_plainly(owner))
            growth.append((size, size / ours))
            ratios[size] = (size / plain, ours / plain)
    value = dict(growth)[100_000]
    reference, ratio = ratios[100_000]
    return Result("gate", value, "values/s", reference, ratio, f"≥ {TARGET:,}, ratio ≤ 2.5", tuple(growth))


def release_all(owner: Connection, session: str) -> float:
    """Return the seconds from asking for everybody to the last opened address; planning is not counted."""
    everybody = [CustomerId(customer) for (customer,) in owner.execute("SELECT customer FROM vault.person")]
    task = actions.plan(
        session=session, kind="message", purpose="marketing", people=everybody, ref="campaign:1"
    )
    started = time.perf_counter()
    opening = actions.open(session=session, purpose="marketing", channel="email", fields=["email"], task=task)
    seconds = time.perf_counter() - started
    if len(opening.people) != len(everybody):
        raise AssertionError(f"{len(opening.people)} of {len(everybody)} were released: {opening.refused}")
    return seconds


def read_plainly(owner: Connection) -> float:
    """Return the seconds that reading and opening the same rows takes without the gate."""
    here = door()
    started = time.perf_counter()
    with owner.cursor(binary=True) as cursor:
        rows = cursor.execute(PLAIN).fetchall()
        open_batch(rows, ring=here.keys, deployment=here.deployment, fields=["email"])
    return time.perf_counter() - started


def _best(measure: Callable[[], float]) -> float:
    seconds = min(measure() for _ in range(ROUNDS))
    connection.close()
    return seconds
