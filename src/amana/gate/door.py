"""What the gate needs beside the database: the keys, the erase journal and this deployment's own number."""

import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from amana.kernel import clock
from amana.vault.files import private_folder, write_whole
from amana.vault.journal import Head, Journal, JournalBroken, Kind
from amana.vault.keys import KeyRing
from amana.vault.narrowings import Narrowings


@dataclass(frozen=True)
class Door:
    """One deployment's keys, journal and kept narrowings: `keys` wrap people's keys, `indexes` blind addresses.

    `mark` is a file apart from the journal that says how far the journal went: a journal cut off at a line's end is
    whole in itself, and a database restored to the same place would agree with it.
    """

    deployment: UUID
    keys: KeyRing
    indexes: KeyRing
    journal: Journal
    mark: Path
    narrowings: Narrowings

    def head(self) -> Head:
        """Return the journal's head. Raises JournalMissing; JournalBroken, also when it ends before its mark."""
        marked = self.marked()  # before the journal: whoever appends writes the mark last
        last = self.journal.head()
        if marked.sequence > last.sequence or (marked.sequence == last.sequence > 0 and marked != last):
            raise JournalBroken.of("journal_broken")
        return last

    def marked(self) -> Head:
        """Return the head that was marked last; number 0 when none was. Raises JournalBroken."""
        try:
            sequence, digest = self.mark.read_bytes().split()
            return Head(int(sequence), bytes.fromhex(digest.decode("ascii")))
        except FileNotFoundError:
            return Head(0, b"")
        except ValueError:
            raise JournalBroken.of("journal_broken") from None

    def append(self, *, kind: Kind, subjects: Iterable[bytes] = (), expected: Head | None = None) -> Head:
        """Add one record to the journal, then mark it; both are on disk before this returns. Raises as the journal."""
        last = self.journal.append(kind=kind, subjects=subjects, at=clock.now(), expected=expected)
        write_whole(self.mark, f"{last.sequence} {last.hash.hex()}\n".encode())
        return last


def open_door(home: Path) -> Door:
    """Read the keys and journal under `home`. Raises KeyMissing where they were never made."""
    deployment = UUID((home / "deployment").read_text("ascii").strip())
    return Door(
        deployment=deployment,
        keys=KeyRing.load(home / "keys"),
        indexes=KeyRing.load(home / "index-keys"),
        journal=Journal.at_home(home, deployment=deployment),
        mark=home / "secrets" / "journal-head",
        narrowings=Narrowings.at_home(home, deployment=deployment),
    )


def make_door(home: Path) -> None:
    """Make what is missing under `home`: the deployment's number, a first key of each kind, the journal's key."""
    secret = private_folder(home / "secrets") / "journal"
    if not secret.exists():
        write_whole(secret, os.urandom(32).hex().encode())
    if not (home / "deployment").exists():
        write_whole(home / "deployment", f"{uuid.uuid4()}\n".encode())
    for folder in ("keys", "index-keys"):
        ring = KeyRing.load(home / folder)
        if not ring.numbers:
            ring.make_next()
    open_door(home).journal.create()


@lru_cache(maxsize=1)
def _door(home: str | Path) -> Door:
    return open_door(Path(home))


def door() -> Door:
    """Return the door of the running deployment; read once for each process."""
    return _door(settings.AMANA_HOME)
