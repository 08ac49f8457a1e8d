"""What the gate needs beside the database: the keys, the erase journal and this deployment's own number."""

import os
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from amana.vault.files import private_folder, write_whole
from amana.vault.journal import Journal
from amana.vault.keys import KeyRing


@dataclass(frozen=True)
class Door:
    """One deployment's keys and journal: `keys` wrap people's keys, `indexes` blind addresses."""

    deployment: UUID
    keys: KeyRing
    indexes: KeyRing
    journal: Journal


def open_door(home: Path) -> Door:
    """Read the keys and journal under `home`. Raises KeyMissing where they were never made."""
    deployment = UUID((home / "deployment").read_text("ascii").strip())
    return Door(
        deployment=deployment,
        keys=KeyRing.load(home / "keys"),
        indexes=KeyRing.load(home / "index-keys"),
        journal=Journal.at_home(home, deployment=deployment),
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
def _door(home: Path) -> Door:
    return open_door(home)


def door() -> Door:
    """Return the door of the running deployment; read once for each process."""
    return _door(Path(settings.AMANA_HOME))
