"""What backups need, how long, and which keys may go."""

import datetime as dt
import stat
from pathlib import Path

import pytest

from amana.vault import backups
from amana.vault.backups import Backup, BackupEntryDamaged, BackupExists, BackupUnknown, Catalogue, NeededKeys
from amana.vault.journal import Head
from amana.vault.keys import KeyRing

DAY = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


def taken(name: str, *, day: int = 0, kept: int = 30, epochs: tuple[int, ...] = (1,)) -> Backup:
    at = DAY + dt.timedelta(days=day)
    return Backup(
        name=name,
        taken_at=at,
        expires_at=at + dt.timedelta(days=kept),
        epochs=epochs,
        index_keys=(1,),
        journal=Head(day, b"h" * 32),
    )


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "backups")


def on(day: int) -> dt.datetime:
    return DAY + dt.timedelta(days=day)


def test_an_entry_is_one_private_file_and_comes_back_as_it_was(catalogue: Catalogue, tmp_path: Path) -> None:
    one = taken("2026-11-22", epochs=(1, 2))
    catalogue.add(one)
    path = tmp_path / "backups" / "2026-11-22.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (catalogue.get("2026-11-22"), catalogue.backups()) == (one, [one])


def test_backups_are_listed_by_time(catalogue: Catalogue) -> None:
    for name, day in (("b", 2), ("a", 3), ("c", 1)):
        catalogue.add(taken(name, day=day))
    assert [backup.name for backup in catalogue.backups()] == ["c", "b", "a"]


def test_a_name_is_taken_once_and_removed_once(catalogue: Catalogue) -> None:
    catalogue.add(taken("a"))
    with pytest.raises(BackupExists):
        catalogue.add(taken("a", day=1))
    assert catalogue.get("a") == taken("a")
    catalogue.remove("a")
    for act in (catalogue.get, catalogue.remove):
        with pytest.raises(BackupUnknown):
            act("a")
    assert catalogue.backups() == []


@pytest.mark.parametrize("name", ["", "../keys/1", "a/b", ".hidden", "a.json", "نسخة", "a\n", "a" * 101])
def test_a_name_never_leaves_the_folder(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        taken(name)
    with pytest.raises(BackupUnknown):
        catalogue.get(name)


def test_a_backup_has_aware_times_and_expires_after_it_was_taken() -> None:
    with pytest.raises(ValueError, match="expires"):
        taken("a", kept=0)
    with pytest.raises(ValueError, match="aware"):
        Backup(
            name="a",
            taken_at=DAY.replace(tzinfo=None),
            expires_at=on(1),
            epochs=(),
            index_keys=(),
            journal=Head(0, b""),
        )


def test_keys_are_needed_until_the_last_backup_with_them_expires(catalogue: Catalogue) -> None:
    catalogue.add(taken("a", day=0, epochs=(1,)))
    catalogue.add(taken("b", day=10, epochs=(1, 2)))
    catalogue.add(taken("c", day=20, epochs=(3,)))
    needed = [(day, set(catalogue.keys_still_needed(on(day)).epochs)) for day in (0, 30, 39, 40, 50)]
    assert needed == [(0, {1, 2, 3}), (30, {1, 2, 3}), (39, {1, 2, 3}), (40, {3}), (50, set())]
    assert [backup.name for backup in catalogue.expired(on(40))] == ["a", "b"]
    assert catalogue.keys_still_needed(on(50)) == NeededKeys(frozenset(), frozenset())


def test_a_certificate_can_name_the_day_the_last_backup_expires(catalogue: Catalogue) -> None:
    catalogue.add(taken("a", day=0, epochs=(1,)))
    catalogue.add(taken("b", day=10, kept=5, epochs=(1, 2)))
    assert catalogue.last_expiry([1], now=on(11)) == on(30)
    assert catalogue.last_expiry([2], now=on(11)) == on(15)
    assert catalogue.last_expiry([2, 1], now=on(11)) == on(30)
    assert catalogue.last_expiry([2], now=on(15)) is None
    assert catalogue.last_expiry([9], now=on(11)) is None


def test_an_old_key_goes_when_nothing_needs_it_any_more(catalogue: Catalogue, tmp_path: Path) -> None:
    ring = KeyRing.load(tmp_path / "keys")
    for _ in range(3):
        ring.make_next()
    catalogue.add(taken("a", epochs=(1,)))

    def destroy(day: int, *in_use: int) -> tuple[int, ...]:
        needed = catalogue.keys_still_needed(on(day)).epochs
        return backups.destroy_unneeded(ring=ring, needed=needed, in_use=in_use)

    assert (destroy(29, 2, 3), ring.numbers) == ((), (1, 2, 3))
    assert (destroy(29, 3), ring.numbers) == ((2,), (1, 3))
    assert (destroy(30, 3), ring.numbers) == ((1,), (3,))
    assert (destroy(99), ring.numbers) == ((), (3,))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"epochs": [1], "name": "a"}',
        b'{"epochs":"1","expires_at":"2027-01-01T00:00:00+00:00","index_keys":[],"journal":{"hash":"","sequence":0},'
        b'"name":"a","taken_at":"2026-01-01T00:00:00+00:00"}',
        b'{"epochs":["1"],"expires_at":"2027-01-01T00:00:00+00:00","index_keys":[],"journal":{"hash":"","sequence":0},'
        b'"name":"a","taken_at":"2026-01-01T00:00:00+00:00"}',
        b'{"epochs":[1],"expires_at":"2027-01-01T00:00:00+00:00","index_keys":[],"journal":{"hash":"","sequence":0},'
        b'"name":"b","taken_at":"2026-01-01T00:00:00+00:00"}',
    ],
)
def test_a_damaged_entry_stops_every_decision(catalogue: Catalogue, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "backups" / "a.json").write_bytes(content)
    for act in (
        catalogue.backups,
        lambda: catalogue.get("a"),
        lambda: catalogue.keys_still_needed(DAY),
        lambda: catalogue.last_expiry([1], now=DAY),
    ):
        with pytest.raises(BackupEntryDamaged) as damaged:
            act()
        assert (damaged.value.code, damaged.value.status) == ("backup_entry_damaged", 503)
