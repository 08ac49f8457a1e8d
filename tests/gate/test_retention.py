"""What the policy keeps only for a time goes by itself, and the record still holds."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from amana.gate import queries, retention
from amana.ledger import merkle
from tests.conftest import Clock
from tests.world import EMAILS, Connection, World


@pytest.fixture(autouse=True)
def months(world: World, fixed_clock: Clock) -> Iterator[None]:
    """Prepare this month before, and those a test dropped after it."""
    now = fixed_clock.at
    world.owner.execute("SELECT gate.prepare_months(12)")
    yield
    world.owner.execute("TRUNCATE uses.use")
    fixed_clock.set(now)
    world.owner.execute("SELECT gate.prepare_months(12)")


def held(world: World) -> tuple[int, ...]:
    """Count values, facts, blind indexes and tokens."""
    tables = ("value", "fact", "blind", "token")
    return tuple(world._one(f"SELECT count(*) FROM vault.{table}") for table in tables)


def test_values_go_with_their_retention_and_nothing_before(world: World, fixed_clock: Clock) -> None:
    world.shopper("noor@mail.example", EMAILS)
    world.owner.execute("SELECT gate.fold(100)")
    before = held(world)
    fixed_clock.advance(timedelta(days=360))
    assert (retention.end().values, held(world)) == (0, before)
    fixed_clock.advance(timedelta(days=365 * 11))
    assert (retention.end().values, held(world)) == (before[0] + before[1], (0, 0, 0, 0))
    assert queries.audit() == []


def test_months_are_prepared_ahead_and_dropped_after_the_retention_of_evidence(
    world: World, fixed_clock: Clock
) -> None:
    task_link = world.opt_out_link(world.shopper("noor@mail.example", EMAILS))
    world.owner.execute("SELECT gate.fold(100)")
    fixed_clock.advance(timedelta(days=365 * 20))
    ended = retention.end()
    assert (len(task_link), ended.prepared, ended.dropped > 0) == (1, 4, True)
    assert world._one("SELECT count(*) FROM uses.use") == 0
    assert queries.audit() == []


def test_uses_of_a_month_nobody_prepared_are_moved_to_it(world: World, fixed_clock: Clock) -> None:
    world.opt_out_link(world.shopper("noor@mail.example", EMAILS))
    fixed_clock.advance(timedelta(days=365 * 2))
    world.owner.execute(
        "UPDATE retailer.session SET last_seen_at = ledger.now(), expires_at = ledger.now() + interval '1 hour'"
    )
    world.opt_out_link(world.shopper("maha@mail.example", EMAILS))
    world.owner.execute("SELECT gate.fold(100)")
    before = tuple(world._one(f"SELECT count(*) FROM uses.{table}") for table in ("use", "use_unplanned"))
    assert (before[1] > 0, retention.end().prepared) == (True, 4)
    after = tuple(world._one(f"SELECT count(*) FROM uses.{table}") for table in ("use", "use_unplanned"))
    assert (after, queries.audit()) == ((before[0], 0), [])


def look_ups(world: World) -> int:
    """Count the look-ups that are kept."""
    return int(world._one("SELECT count(*) FROM uses.looked_up"))


def test_look_ups_go_with_their_month(world: World, fixed_clock: Clock) -> None:
    world.shopper("noor@mail.example", EMAILS)
    for address in ("noor@mail.example", "nobody@mail.example"):
        queries.find(session=world.session("service"), purpose="service", field="email", value=address)
    world.owner.execute("SELECT gate.fold(100)")
    kept = world._one("SELECT retention FROM policy.use_retention")
    fixed_clock.advance(kept)
    assert (retention.end().dropped, look_ups(world), queries.audit()) == (0, 2, [])
    fixed_clock.advance(timedelta(days=31))
    assert (retention.end().dropped > 0, look_ups(world), queries.audit()) == (True, 0, [])


def test_a_dropped_month_leaves_what_an_auditor_can_check(
    world: World, fixed_clock: Clock, superuser_connection: Connection
) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    world.opt_out_link(noor, world.shopper("maha@mail.example", EMAILS))
    month = f"{fixed_clock.at:%Y%m}"
    world.owner.execute("SELECT gate.fold(100)")
    leaves = [
        json.loads(bytes(leaf))
        for (leaf,) in world.owner.execute("SELECT leaf FROM ledger.pending WHERE event = 'gate.opened'")
    ]
    fixed_clock.advance(timedelta(days=365 * 20))
    retention.end()
    roots = sorted(bytes.fromhex(leaf["extra"]["root"]) for leaf in leaves)
    printed = [
        json.loads(bytes(leaf))["extra"]
        for (leaf,) in world.owner.execute(
            "SELECT leaf FROM ledger.pending WHERE event = 'gate.month_dropped'"
        )
    ]
    assert [extra for extra in printed if extra["month"] == month] == [
        {
            "month": month,
            "calls": len(leaves),
            "uses": sum(leaf["extra"]["count"] for leaf in leaves),
            "root": merkle.root(b"".join(hashlib.sha256(b"\x00" + root).digest() for root in roots)).hex(),
        }
    ]
    for altered in (
        f"UPDATE uses.dropped_month SET uses = uses - 1 WHERE month = '{month}'",
        f"UPDATE uses.dropped_month SET uses = uses + 1, at = at + interval '1 day' WHERE month = '{month}'",
    ):
        superuser_connection.execute(altered)
        assert {finding.problem for finding in queries.audit()} == {"month_altered"}
    superuser_connection.execute(f"DELETE FROM uses.dropped_month WHERE month = '{month}'")
    assert {finding.problem for finding in queries.audit()} == {"row_missing", "uses_missing"}


def test_a_month_waits_for_a_release_that_is_not_in_the_record_yet(world: World, fixed_clock: Clock) -> None:
    world.opt_out_link(world.shopper("noor@mail.example", EMAILS))
    month = f"{fixed_clock.at:%Y%m}"
    fixed_clock.advance(timedelta(days=365 * 20))
    retention.end()
    kept = "SELECT count(*) FROM pg_tables WHERE schemaname = 'uses' AND tablename = 'use_' || %s"
    assert world._one(kept, month) == 1
    world.owner.execute("SELECT gate.fold(100)")
    assert (retention.end().dropped, world._one(kept, month), queries.audit()) == (1, 0, [])
