"""The catalogue of backups, outside the database: which keys each of them needs, and until when it is kept.

One backup is one JSON file in a private folder. The dump itself is made, kept and deleted elsewhere; an entry
is removed only after its dump is gone. An old key lives exactly as long as a backup that needs it, and the
certificate of an erasure names the day the last of them expires. A damaged entry stops every destruction.
"""

import json
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.vault import files
from amana.vault.journal import Head
from amana.vault.keys import KeyMissing, KeyRing

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)

register(
    "backup_unknown",
    Bilingual(ar="لا توجد نسخة احتياطية بهذا الاسم.", en="There is no backup of that name."),
    status=404,
)
register(
    "backup_exists",
    Bilingual(ar="توجد نسخة احتياطية بهذا الاسم.", en="There is a backup of that name already."),
    status=409,
)
register(
    "backup_entry_damaged",
    Bilingual(
        ar="أحد سجلات قائمة النسخ الاحتياطية تالف، ولن يُتلف أي مفتاح حتى إصلاحه.",
        en="An entry in the catalogue of backups is damaged; no key is destroyed until it is mended.",
    ),
    status=503,
)


class BackupUnknown(Refusal):
    """The catalogue holds no backup of that name."""


class BackupExists(Refusal):
    """A backup of that name is in the catalogue."""


class BackupEntryDamaged(Refusal):
    """An entry cannot be read, so nobody knows which keys its backup needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup: when it was taken and expires, the keys it needs by number, where the journal stood."""

    name: str
    taken_at: datetime
    expires_at: datetime
    epochs: tuple[int, ...]
    index_keys: tuple[int, ...]
    journal: Head

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError("a backup's name is made of letters, digits, hyphens and underscores")
        if self.taken_at.utcoffset() is None or self.expires_at.utcoffset() is None:
            raise ValueError("a backup's times are aware")
        if self.expires_at <= self.taken_at:
            raise ValueError("a backup expires after it was taken")

    def expired(self, now: datetime) -> bool:
        """Tell whether the backup must be gone at `now`."""
        return self.expires_at <= now


@dataclass(frozen=True, slots=True)
class NeededKeys:
    """The numbers of the keys that backups still need."""

    epochs: frozenset[int]
    index_keys: frozenset[int]


class Catalogue:
    """All backups known, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = files.private_folder(folder)

    def add(self, backup: Backup) -> None:
        """Enter `backup`, on disk before it returns. Raises: BackupExists.

        Call it before the dump begins, and let no rotation run until the dump is done.
        """
        with files.locked(self._folder):
            path = self._path(backup.name)
            if path.exists():
                raise BackupExists.of("backup_exists")
            files.write_whole(path, _written(backup))

    def get(self, name: str) -> Backup:
        """Return the backup of that name. Raises: BackupUnknown, BackupEntryDamaged."""
        if not _NAME.fullmatch(name):
            raise BackupUnknown.of("backup_unknown")
        try:
            return _read(self._path(name))
        except FileNotFoundError:
            raise BackupUnknown.of("backup_unknown") from None

    def remove(self, name: str) -> None:
        """Take `name` out, after its dump is deleted. Raises: BackupUnknown, BackupEntryDamaged."""
        with files.locked(self._folder):
            self._path(self.get(name).name).unlink()
            files.sync_folder(self._folder)

    def backups(self) -> list[Backup]:
        """Return all backups, the oldest first. Raises: BackupEntryDamaged."""
        found: list[Backup] = []
        for path in self._folder.glob("*.json"):
            # Another process may take an entry out between the list and the reading.
            with suppress(FileNotFoundError):
                found.append(_read(path))
        return sorted(found, key=lambda backup: (backup.taken_at, backup.name))

    def expired(self, now: datetime) -> list[Backup]:
        """Return the backups whose dumps must be deleted at `now`, the oldest first."""
        return [backup for backup in self.backups() if backup.expired(now)]

    def keys_still_needed(self, now: datetime) -> NeededKeys:
        """Return the keys that a backup which has not expired at `now` needs. Raises: BackupEntryDamaged."""
        alive = [backup for backup in self.backups() if not backup.expired(now)]
        return NeededKeys(
            epochs=frozenset(number for backup in alive for number in backup.epochs),
            index_keys=frozenset(number for backup in alive for number in backup.index_keys),
        )

    def last_expiry(
        self, epochs: Iterable[int] = (), *, index_keys: Iterable[int] = (), now: datetime
    ) -> datetime | None:
        """Return when the last backup that needs any of these keys expires; None when none does any more.

        For a certificate: pass the epochs that held the erased person's key. Raises: BackupEntryDamaged.
        """
        wrapping, indexing = frozenset(epochs), frozenset(index_keys)
        needing = (b for b in self.backups() if wrapping & set(b.epochs) or indexing & set(b.index_keys))
        return max((b.expires_at for b in needing if not b.expired(now)), default=None)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def destroy_unneeded(*, ring: KeyRing, needed: Collection[int], in_use: Collection[int]) -> tuple[int, ...]:
    """Destroy all keys but the current one, those backups need and those in use; return the numbers.

    `in_use` are the numbers the database's rows name now. Call it again after each backup expired.
    """
    ring.refresh()
    destroyed = []
    for number in ring.numbers[:-1]:
        if number not in needed and number not in in_use:
            # Another process may have destroyed it first.
            with suppress(KeyMissing):
                ring.destroy(number)
            destroyed.append(number)
    return tuple(destroyed)


def _written(backup: Backup) -> bytes:
    entry = {
        "epochs": sorted(backup.epochs),
        "expires_at": backup.expires_at.astimezone(UTC).isoformat(),
        "index_keys": sorted(backup.index_keys),
        "journal": {"hash": backup.journal.hash.hex(), "sequence": backup.journal.sequence},
        "name": backup.name,
        "taken_at": backup.taken_at.astimezone(UTC).isoformat(),
    }
    return json.dumps(entry, indent=1, sort_keys=True).encode() + b"\n"


def _read(path: Path) -> Backup:
    try:
        entry = json.loads(path.read_bytes())
        backup = Backup(
            name=entry["name"],
            taken_at=datetime.fromisoformat(entry["taken_at"]),
            expires_at=datetime.fromisoformat(entry["expires_at"]),
            epochs=_numbers(entry["epochs"]),
            index_keys=_numbers(entry["index_keys"]),
            journal=Head(entry["journal"]["sequence"], bytes.fromhex(entry["journal"]["hash"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupEntryDamaged.of("backup_entry_damaged") from None
    if backup.name != path.stem:
        raise BackupEntryDamaged.of("backup_entry_damaged")
    return backup


def _numbers(held: list[object]) -> tuple[int, ...]:
    if not isinstance(held, list):
        raise TypeError("a list of key numbers")
    numbers = tuple(number for number in held if isinstance(number, int))
    if len(numbers) != len(held):
        raise TypeError("a key's number is an integer")
    return numbers
