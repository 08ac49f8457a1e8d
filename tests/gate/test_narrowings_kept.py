"""How what people narrowed is kept outside the database: once, no longer than needed, and looked after."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest

from amana.gate import keeping, narrowing, rotation, verification
from amana.gate.door import door
from amana.kernel import clock
from amana.vault.backups import Backup
from amana.vault.journal import Head
from amana.vault.narrowings import Narrowing
from tests.conftest import Clock
from tests.database import Connection
from tests.gate.conftest import Keep
from tests.gate.operations import as_owner, erase
from tests.gate.test_attack_verifier import SIGNER, Auditor
from tests.gate.test_deciding import again, decide
from tests.gate.test_narrowing import kept_lines, path, replay
from tests.world import EMAILS, World

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_narrows_is_kept_once_and_names_nobody(world: World, keep: Keep) -> None:
    noor = again(world, EMAILS)
    assert keep() == narrowing.Kept(0, behind=False)
    decide(world, noor, "objected")
    decide(world, noor, "restricted", channel=None)
    assert keep() == narrowing.Kept(2, behind=False)
    assert keep() == narrowing.Kept(0, behind=False)
    found = kept_lines()
    assert [line.number for line in found] == [1, 2]
    tag = door().journal.tag_customer(noor)
    entries = world.owner.execute(
        "SELECT entry, at FROM consent.decision WHERE kind <> 'given' ORDER BY id DESC"
    )
    narrowings = [line.narrowing for line in reversed(found) if line.narrowing]
    assert [(n.entry, n.at) for n in narrowings] == entries.fetchmany(2)
    assert [(n.kind, n.purpose, n.channel, n.language, n.person) for n in narrowings] == [
        ("restricted", "marketing", None, "ar", tag),
        ("objected", "marketing", "email", "ar", tag),
    ]
    assert noor.hex.encode() not in path().read_bytes()
    assert str(noor).encode() not in path().read_bytes()


def test_what_widens_or_hands_over_is_not_kept(world: World, keep: Keep) -> None:
    again(world, EMAILS)
    again(world, EMAILS)
    assert keep().decisions == 0


def test_of_somebody_erased_before_it_was_kept_nothing_is(world: World, keep: Keep) -> None:
    noor = again(world, EMAILS)
    decide(world, noor, "withdrawn")
    erase(world, noor)
    assert keep() == narrowing.Kept(0, behind=False)
    assert kept_lines() == []
    assert world.owner.execute("SELECT count(*) FROM consent.unkept").fetchone() == (0,)


@pytest.mark.parametrize(("oldest", "left"), [(None, [35]), (60, [35, 37, 60])])
def test_lines_go_when_no_backup_needs_them(world: World, oldest: int | None, left: list[int]) -> None:
    now = clock.now()
    ages = {days: now - dt.timedelta(days=days) for days in (100, 62, 60, 37, 35)}
    lines = [
        Narrowing(at, UUID(int=days), b"t" * 16, "objected", "marketing", None, "ar")
        for days, at in ages.items()
    ]
    door().narrowings.append(lines, known=0, at=now)
    if oldest:
        rotation.catalogue().add(
            Backup(
                name="oldest", taken_at=ages[oldest], expires_at=now + dt.timedelta(days=1), epochs=(1,),
                index_keys=(1,), journal=Head(0, b""),
            )
        )  # fmt: skip
    try:
        with as_owner():
            assert keeping.expire() == []
    finally:
        if oldest:
            rotation.catalogue().remove("oldest")
    assert [line.narrowing.entry.int for line in kept_lines() if line.narrowing] == sorted(left, reverse=True)
    assert door().narrowings.check() == (5, False)
    assert (replay().narrowed, narrowing.kept()[0]) == (0, 5)


def found(sequencer: Connection) -> list[str]:
    """Return what a verification finds."""
    Auditor(sequencer, Path()).sign()
    return [finding.reason for finding in verification.verify(sequencer, key=SIGNER.key).findings]


def test_a_verification_finds_what_is_not_kept_as_it_should_be(
    world: World, keep: Keep, sequencer_connection: Connection,
    fixed_clock: Clock,
) -> None:  # fmt: skip
    noor = again(world, EMAILS)
    decide(world, noor, "withdrawn")
    assert found(sequencer_connection) == []
    fixed_clock.advance(dt.timedelta(minutes=10))
    assert found(sequencer_connection) == ["narrowings_waiting"]
    keep()
    assert found(sequencer_connection) == []
    lines = path().read_bytes()
    path().unlink()
    assert found(sequencer_connection) == ["narrowings_missing"]
    path().write_bytes(lines.replace(b"withdrawn", b"withdrawx"))
    assert found(sequencer_connection) == ["narrowings_broken"]
    path().write_bytes(lines)
    assert found(sequencer_connection) == []
    world.owner.execute("UPDATE consent.kept SET number = 0")
    assert found(sequencer_connection) == ["narrowings_behind"]
    replay()
    assert found(sequencer_connection) == []


def test_a_gap_is_found_until_no_backup_needs_what_is_gone(
    world: World, keep: Keep, sequencer_connection: Connection
) -> None:
    noor = again(world, EMAILS)
    decide(world, noor, "withdrawn")
    keep()
    path().unlink()
    decide(world, noor, "objected")
    keep()
    assert found(sequencer_connection) == ["narrowings_missing"]
    door().narrowings.prune(clock.now() + dt.timedelta(days=1))
    assert found(sequencer_connection) == []


def test_whoever_restores_keeps_what_waits_first(world: World) -> None:
    noor = again(world, EMAILS)
    for kind in ("withdrawn", "objected"):
        decide(world, noor, kind)
    with as_owner():
        narrowing.keep_all()
    assert [line.number for line in kept_lines()] == [1, 2]
