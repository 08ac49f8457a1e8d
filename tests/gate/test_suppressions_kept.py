"""Suppressed addresses are kept outside the database, and stay suppressed after an older one was restored."""

import datetime as dt
from pathlib import Path

import pytest

from amana.cli import replayed
from amana.gate import actions, narrowing, queries, replaying, verification
from amana.gate.door import door
from amana.kernel.ids import CustomerId
from amana.vault.narrowings import Narrowing
from tests.conftest import Clock
from tests.database import Connection
from tests.gate import operations
from tests.gate.conftest import Keep
from tests.gate.operations import as_owner, erase, new_process
from tests.gate.test_attack_verifier import SIGNER, Auditor
from tests.gate.test_deciding import NOOR, decide, mailed
from tests.gate.test_narrowing import kept_lines, path, replay
from tests.gate.test_releasing import mail, reasons
from tests.world import EMAILS, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def old(world: World, tmp_path: Path) -> Path:
    """Return where this test's backup is."""
    for role in ("marketing", "service", "system"):
        world.session(role)
    return tmp_path / "old.dump"


def suppress(world: World, customer: CustomerId, channel: str = "email") -> None:
    """Mark an address as its server's refusal does."""
    actions.suppress(session=world.session("system"), customer=customer, channel=channel, reason="address")


def suppressed(world: World) -> list[tuple[object, ...]]:
    """Return what stands suppressed: whose, by which channel, and why."""
    return world.owner.execute(
        "SELECT p.customer, c.name, x.reason FROM uses.suppression x JOIN vault.person p ON p.id = x.person"
        " JOIN policy.term c ON c.id = x.channel ORDER BY x.at, c.name"
    ).fetchall()


def entered(world: World) -> int:
    """Count the entries of suppressions in the ledger."""
    rows = world.owner.execute(
        "SELECT count(*) FROM ledger.pending WHERE event = 'gate.suppressed'"
    ).fetchone()
    assert rows is not None
    return int(rows[0])


def found(sequencer: Connection) -> list[str]:
    """Return what a verification finds."""
    Auditor(sequencer, Path()).sign()
    return [finding.reason for finding in verification.verify(sequencer, key=SIGNER.key).findings]


@pytest.mark.attack
def test_an_address_suppressed_since_the_backup_is_not_written_to_after_it(
    world: World, keep: Keep, old: Path, sequencer_connection: Connection
) -> None:
    noor, dana = world.shopper(NOOR, EMAILS), world.shopper("dana@mail.example", EMAILS)
    operations.dump(old)
    suppress(world, noor)
    assert keep() == narrowing.Kept(1, behind=False)
    operations.restore(old)
    new_process()
    assert mailed(world, noor, dana)[0] == 2
    assert replay() == replaying.Replayed(0, 0, suppressed=1)
    assert reasons(mail(world, noor, name="after")) == (0, {"suppressed"})
    assert mailed(world, dana)[0] == 1
    assert suppressed(world) == [(noor, "email", "replayed:restore")]
    assert entered(world) == 1
    assert found(sequencer_connection) == []


def test_a_second_replay_changes_nothing_more(world: World, keep: Keep, old: Path) -> None:
    noor = world.shopper(NOOR, EMAILS)
    operations.dump(old)
    suppress(world, noor)
    suppress(world, noor, "sms")
    keep()
    operations.restore(old)
    assert replay() == replaying.Replayed(0, 0, suppressed=2)
    before = suppressed(world)
    assert replay() == replaying.Replayed(0, 0)
    # Also where the database has lost its number, and every line is looked at.
    world.owner.execute("DELETE FROM consent.kept")
    assert replay() == replaying.Replayed(0, 0)
    assert (suppressed(world), entered(world)) == (before, 2)
    assert keep() == narrowing.Kept(2, behind=False)
    assert len(kept_lines()) == 4
    operations.restore(old)
    assert replay() == replaying.Replayed(0, 0, suppressed=2)
    assert (len(suppressed(world)), queries.audit()) == (2, [])


def test_what_narrowed_and_what_was_suppressed_come_back_together(
    world: World, keep: Keep, old: Path
) -> None:
    noor, dana = world.shopper(NOOR, EMAILS), world.shopper("dana@mail.example", EMAILS)
    operations.dump(old)
    decide(world, dana, "withdrawn")
    suppress(world, noor)
    assert keep() == narrowing.Kept(2, behind=False)
    operations.restore(old)
    done = replay()
    assert done == replaying.Replayed(0, 0, 1, suppressed=1)
    assert replayed.narrowed(done) == [
        "Withdrawals, objections and restrictions applied again: 1",
        "Addresses suppressed again, as their servers refuse them: 1",
    ]
    assert mailed(world, noor, dana)[0] == 0


def test_what_the_backup_holds_is_not_suppressed_twice(world: World, keep: Keep, old: Path) -> None:
    noor = world.shopper(NOOR, EMAILS)
    suppress(world, noor)
    operations.dump(old)
    keep()
    operations.restore(old)
    assert replay() == replaying.Replayed(0, 0)
    assert suppressed(world) == [(noor, "email", "address")]
    assert keep() == narrowing.Kept(1, behind=False)
    assert len({line.narrowing for line in kept_lines()}) == 1


def test_a_line_cut_off_does_no_harm_and_is_written_again(
    world: World, keep: Keep, old: Path, sequencer_connection: Connection
) -> None:
    noor, dana = world.shopper(NOOR, EMAILS), world.shopper("dana@mail.example", EMAILS)
    operations.dump(old)
    suppress(world, noor)
    keep()
    suppress(world, dana)
    with sequencer_connection.transaction(force_rollback=True):
        keep()
    path().write_bytes(path().read_bytes()[:-20])
    assert [line.narrowing.person for line in kept_lines() if line.narrowing] == [
        door().journal.tag_customer(noor)
    ]
    assert keep() == narrowing.Kept(1, behind=False)
    operations.restore(old)
    assert replay() == replaying.Replayed(0, 0, suppressed=2)
    assert mailed(world, noor, dana)[0] == 0


def test_a_cut_off_last_line_keeps_the_lines_before_it(world: World, keep: Keep, old: Path) -> None:
    noor, dana = world.shopper(NOOR, EMAILS), world.shopper("dana@mail.example", EMAILS)
    operations.dump(old)
    for customer in (noor, dana):
        suppress(world, customer)
        keep()
    path().write_bytes(path().read_bytes()[:-20])
    operations.restore(old)
    assert replay() == replaying.Replayed(0, 0, suppressed=1)
    assert suppressed(world) == [(noor, "email", "replayed:restore")]


def test_a_line_names_a_channel_and_nobody(world: World, keep: Keep) -> None:
    noor = world.shopper(NOOR, EMAILS)
    suppress(world, noor)
    keep()
    row = world.owner.execute("SELECT entry, at FROM uses.suppression").fetchone()
    assert row is not None
    tag = door().journal.tag_customer(noor)
    assert [line.narrowing for line in kept_lines()] == [
        Narrowing(row[1], row[0], tag, "suppressed", None, "email", None)
    ]
    written = path().read_bytes()
    assert [each in written for each in (noor.hex.encode(), str(noor).encode(), NOOR.encode())] == [False] * 3


@pytest.mark.attack
def test_of_somebody_erased_since_nothing_comes_back(
    world: World, keep: Keep, old: Path, sequencer_connection: Connection
) -> None:
    noor = world.shopper(NOOR, EMAILS)
    operations.dump(old)
    suppress(world, noor, "sms")
    keep()
    erase(world, noor)
    assert suppressed(world) == []
    operations.restore(old)
    new_process()
    assert replay() == replaying.Replayed(1, 1)
    assert suppressed(world) == []
    assert found(sequencer_connection) == []


def test_of_somebody_erased_before_it_was_kept_nothing_is(world: World, keep: Keep) -> None:
    noor = world.shopper(NOOR, EMAILS)
    suppress(world, noor, "sms")
    erase(world, noor)
    assert keep() == narrowing.Kept(0, behind=False)
    assert (kept_lines(), suppressed(world)) == ([], [])


def test_who_came_after_the_backup_is_passed_over(world: World, keep: Keep, old: Path) -> None:
    world.shopper(NOOR, EMAILS)
    operations.dump(old)
    suppress(world, world.shopper("dana@mail.example", EMAILS))
    keep()
    operations.restore(old)
    assert replay() == replaying.Replayed(0, 0)
    assert suppressed(world) == []


def test_whoever_restores_keeps_the_last_suppressions_first(world: World) -> None:
    suppress(world, world.shopper(NOOR, EMAILS))
    with as_owner():
        narrowing.keep_all()
    assert [line.number for line in kept_lines()] == [1]


def test_many_are_kept_by_and_by(world: World, sequencer_connection: Connection) -> None:
    noor = world.shopper(NOOR, EMAILS)
    suppress(world, noor)
    suppress(world, noor, "sms")
    decide(world, noor, "withdrawn")
    kept = [narrowing.keep(sequencer_connection, most=1).decisions for _ in range(3)]
    assert kept == [2, 1, 0]
    assert [line.narrowing.channel for line in kept_lines() if line.narrowing] == ["email", "email", "sms"]


def test_a_verification_finds_a_suppression_that_is_not_kept(
    world: World, keep: Keep, sequencer_connection: Connection, fixed_clock: Clock
) -> None:
    suppress(world, world.shopper(NOOR, EMAILS))
    assert found(sequencer_connection) == []
    fixed_clock.advance(dt.timedelta(minutes=10))
    assert found(sequencer_connection) == ["narrowings_waiting"]
    keep()
    assert found(sequencer_connection) == []
