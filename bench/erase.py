"""How long one erasure takes, at the 95th percentile, among ten thousand people with history; all of it durable.

Those who are erased were admitted and written to through the gate, and their record is verified first. The
reference deletes as many rows of other people in one plain transaction.
"""

import statistics
import time

from amana.gate import actions, forgetting
from amana.gate.values import Wish
from amana.kernel.ids import CustomerId
from bench import people
from bench.deployment import Connection, connect
from bench.result import Result

PEOPLE = 10_000
EARLIER = 1_000_000
ERASED = 60
WRITTEN_TO = 50
VALUES = {"name": "نورة العتيبي", "birth_date": "1990-05-17", "mobile": "+971500000001", "opinion": "جيد جدًا"}
WISHES = [Wish("marketing", "email", "أرغب في استلام العروض"), Wish("content", None, "أرغب في محتوى يناسبني")]
NUMBER_ON = "SELECT setval(pg_get_serial_sequence('vault.person', 'id'), (SELECT max(id) FROM vault.person))"
PLAIN = [
    "DELETE FROM vault.value WHERE person = %(person)s",
    "DELETE FROM vault.fact WHERE person = %(person)s",
    "DELETE FROM vault.blind WHERE person = %(person)s",
    "DELETE FROM vault.key WHERE person = %(person)s",
    "DELETE FROM consent.standing WHERE person = %(person)s",
    "DELETE FROM consent.address WHERE person = %(person)s",
    "DELETE FROM consent.decision WHERE person = %(person)s",
    "DELETE FROM uses.use WHERE person = %(person)s",
    "DELETE FROM ledger.nonce WHERE person = %(person)s",
]


def run(full: bool) -> Result:
    """Measure `ERASED` erasures, one after another."""
    del full
    with connect("owner") as owner:
        session = people.open_for_business(owner)
        people.load(owner, PEOPLE)
        people.use_before(owner, EARLIER)
        owner.execute(NUMBER_ON)
        chosen = [_shopper(session, number) for number in range(ERASED)]
        for number in range(WRITTEN_TO):
            _write_to(session, chosen, number)
        times, verdicts = zip(*[_erase(session, customer) for customer in chosen], strict=True)
        plain = [_delete(owner, person) for person in range(1, ERASED + 1)]
    if set(verdicts) != {"sound"}:
        raise AssertionError(f"the records were not sound: {sorted(set(verdicts))}")
    value, reference = (statistics.quantiles(each, n=20)[-1] for each in (times, plain))
    return Result(
        name="erase", value=value, unit="s p95", reference=reference, ratio=value / reference, target="< 2 s",
        remark=f"median {statistics.median(times):.3f} s, longest {max(times):.3f} s",
    )  # fmt: skip


def _shopper(session: str, number: int) -> CustomerId:
    """Admit somebody who confirms their address."""
    values = {**VALUES, "email": f"erased-{number}@mail.example"}
    made = actions.admit(source="survey", values=values, wishes=WISHES, language="ar", jurisdiction="AE")
    assert made.confirmation is not None
    opening = actions.open(
        session=session, purpose="confirmation", channel="email", fields=["email"], task=made.confirmation,
        links=["confirm"],
    )  # fmt: skip
    actions.confirm(opening.people[0].links["confirm"], language="ar")
    return made.customer


def _write_to(session: str, customers: list[CustomerId], number: int) -> None:
    task = actions.plan(
        session=session, kind="message", purpose="marketing", people=customers, ref=f"campaign:{number}"
    )
    actions.open(session=session, purpose="marketing", channel="email", fields=["email"], task=task)


def _erase(session: str, customer: CustomerId) -> tuple[float, str]:
    """Return the seconds and the verdict of one erasure; asking and confirming are not counted."""
    task = actions.plan(session=session, kind="request", purpose="rights", people=[customer], ref="request:1")
    opening = actions.open(
        session=session, purpose="rights", channel="email", fields=["email"], task=task, links=["erase"]
    )
    actions.confirm_request(opening.people[0].links["erase"])
    started = time.perf_counter()
    done = forgetting.forget(session=session, task=task)
    return time.perf_counter() - started, done.verdict


def _delete(owner: Connection, person: int) -> float:
    started = time.perf_counter()
    with owner.transaction():
        for statement in PLAIN:
            owner.execute(statement.encode(), {"person": person})
    return time.perf_counter() - started
