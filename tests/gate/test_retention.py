"""What the policy keeps only for a time goes by itself, and the record still holds."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from amana.gate import queries, retention
from tests.conftest import Clock
from tests.world import EMAILS, World


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
