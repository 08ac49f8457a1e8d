"""Replay, fresh start and rotation, step by step."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest

from amana.gate import actions, forgetting, keeping, queries, replaying, rotation, standing
from amana.gate.door import door
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.vault.backups import Backup
from tests.gate.operations import as_owner, cut_journal, erase, new_process, readable
from tests.gate.test_opening import opened
from tests.world import EMAILS, World

ADDRESS = "noor@mail.example"


@pytest.fixture(autouse=True)
def no_backups() -> Iterator[None]:
    """Leave no backup behind that would keep a key of the next test."""
    yield
    shutil.rmtree(rotation.home() / "backups", ignore_errors=True)


def imported(world: World, email: str, **values: str) -> None:
    """Bring somebody in from an older system."""
    actions.admit(
        source="import", values={"email": email, **values}, language="ar", jurisdiction="AE", shop=None
    )


def test_r3_an_import_brings_nobody_back(world: World) -> None:
    noor = world.shopper(ADDRESS, EMAILS, mobile="+971501234567")
    erase(world, noor)
    with pytest.raises(Refusal, match="address_forgotten"):
        imported(world, ADDRESS)
    with pytest.raises(Refusal, match="address_forgotten"):
        imported(world, ADDRESS.upper())
    imported(world, "other@mail.example")


def test_r3_a_phone_alone_never_matches(world: World) -> None:
    erase(world, world.shopper(ADDRESS, EMAILS, mobile="+971501234567"))
    imported(world, "other@mail.example", mobile="+971501234567")


def test_r3_whoever_confirms_the_address_anew_begins_afresh(world: World) -> None:
    erase(world, world.shopper(ADDRESS, EMAILS))
    again = world.shopper(ADDRESS, EMAILS)
    assert opened(world, again) == {str(again): ADDRESS}
    kinds = [record.kind for record in door().journal.records()]
    assert kinds == ["forget", "fresh_start"]
    assert standing.database_head() == door().head()
    imported(world, ADDRESS)
    assert queries.audit() == []


def test_r3_an_unconfirmed_claim_is_no_fresh_start(world: World) -> None:
    erase(world, world.shopper(ADDRESS, EMAILS))
    world.admit(ADDRESS, EMAILS)
    assert [record.kind for record in door().journal.records()] == ["forget"]
    with pytest.raises(Refusal, match="address_forgotten"):
        imported(world, ADDRESS)


def test_a_confirmation_of_somebody_never_forgotten_leaves_the_journal_alone(world: World) -> None:
    world.shopper(ADDRESS, EMAILS)
    assert door().journal.records() == []


def test_an_erasure_that_died_after_the_journal_is_finished_by_a_replay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor = world.shopper(ADDRESS, EMAILS)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(forgetting, "_finish", die)
    with pytest.raises(KeyboardInterrupt):
        erase(world, noor)
    assert readable(world) > 0
    with pytest.raises(Refusal, match="journal_mismatch"):
        opened(world, noor)
    with as_owner():
        assert replaying.replay() == replaying.Replayed(1, 1)
        assert replaying.replay() == replaying.Replayed(0, 0)
    assert readable(world) == 0
    assert standing.find_refusal() is None
    assert queries.audit() == []


def test_a_cut_journal_is_refused_by_its_mark(world: World) -> None:
    erase(world, world.shopper(ADDRESS, EMAILS))
    cut_journal()
    world.owner.execute("DELETE FROM uses.journal")
    refusal = standing.find_refusal()
    assert refusal is not None
    assert refusal.code == "journal_broken"
    with pytest.raises(Refusal, match="journal_broken"):
        world.shopper("other@mail.example")
    with as_owner(), pytest.raises(Refusal, match="journal_broken"):
        replaying.replay()


def test_a_missing_journal_is_refused(world: World) -> None:
    erase(world, world.shopper(ADDRESS, EMAILS))
    door().journal._path.unlink()
    new_process()
    refusal = standing.find_refusal()
    assert refusal is not None
    assert refusal.code == "journal_missing"
    door().journal.create()


def test_rotation_wraps_everybody_anew_and_destroys_the_old_key(world: World) -> None:
    noor, salma = world.shopper(ADDRESS, EMAILS), world.shopper("salma@mail.example", EMAILS)
    old = door().keys.current
    told: list[tuple[int, int]] = []
    with as_owner():
        done = rotation.rotate(lambda at, of: told.append((at, of)))
    assert (done.people, done.kept, old in done.destroyed) == (2, (), True)
    assert told == [(2, 2)]
    assert opened(world, noor, salma) == {str(noor): ADDRESS, str(salma): "salma@mail.example"}
    assert queries.audit() == []


def test_an_old_key_stays_as_long_as_a_backup_needs_it(world: World) -> None:
    with as_owner():
        rotation.rotate()  # what earlier tests of this deployment left is destroyed here, and not below
    world.shopper(ADDRESS, EMAILS)
    old = door().keys.current
    with as_owner():
        with keeping.entered(name="kept", days=3) as (entry, path):
            path.write_bytes(b"")
        done = rotation.rotate()
    assert (done.destroyed, done.kept, done.kept_until) == ((), (old,), entry.expires_at)
    with clock.fixed(entry.expires_at + timedelta(seconds=1)), as_owner():
        assert keeping.expire() == ["kept"]
    assert (path.exists(), old in door().keys.numbers) == (False, False)


def test_a_backup_that_failed_leaves_no_entry(world: World) -> None:
    with as_owner(), pytest.raises(OSError), keeping.entered(name="failed"):
        raise OSError
    assert keeping.backups() == []


def test_nobody_new_comes_under_a_retired_key(world: World) -> None:
    world.shopper(ADDRESS, EMAILS)
    world.owner.execute("SELECT gate.begin_epoch(%s)", [door().keys.current + 1])
    with pytest.raises(Refusal, match="key_retired"):
        world.shopper("other@mail.example")


def test_a_process_takes_up_the_key_another_one_made(world: World) -> None:
    seen = door()
    with as_owner():
        new_process()
        rotation.rotate()
    assert seen.keys.current < door().keys.current
    world.shopper(ADDRESS, EMAILS)


def test_a_backup_is_described_by_keys_and_journal(world: World) -> None:
    erase(world, world.shopper(ADDRESS, EMAILS))
    with as_owner(), keeping.entered(name="described", days=35) as (entry, path):
        path.write_bytes(b"")
    assert keeping.backups() == [entry]
    assert entry == Backup(
        name="described",
        taken_at=entry.taken_at,
        expires_at=entry.taken_at + timedelta(days=35),
        epochs=(door().keys.current,),
        index_keys=door().indexes.numbers,
        journal=door().head(),
    )
