"""Backups as the gate sees them: which keys each needs, where the journal stood, until when it is kept.

The dump itself is made and read by PostgreSQL's own tools, outside this room.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from amana.gate import reindexing, rotation, standing
from amana.gate.door import door
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.vault.backups import Backup

DAYS: Final = 35
# A decision that was made while a dump began may not be in it.
_SLACK: Final = timedelta(days=1)

log = logging.getLogger(__name__)


def dump_of(name: str) -> Path:
    """Return where the dump of the backup called `name` is kept. Raises BackupUnknown."""
    return _path(rotation.catalogue().get(name).name)


@contextmanager
def entered(*, name: str, days: int = DAYS) -> Iterator[tuple[Backup, Path]]:
    """Enter a backup into the catalogue and give the path its dump goes to; take it out when the block fails.

    No key is rotated meanwhile, and none it needs is destroyed before it expires. Raises BackupExists; GateRefused
    when the journal and the database disagree.
    """
    with rotation.alone():
        standing.refuse(standing.compare(door(), standing.database_head()))
        backup = _described(name, days)
        rotation.catalogue().add(backup)
        try:
            yield backup, _path(name)
        except BaseException:
            rotation.catalogue().remove(name)
            raise


def expire() -> list[str]:
    """Delete the dumps whose time is over, then what only they needed; return the names of those backups.

    That is keys, and narrowings that every backup has.
    """
    over = [backup.name for backup in rotation.catalogue().expired(clock.now())]
    for name in over:
        _path(name).unlink(missing_ok=True)
        rotation.catalogue().remove(name)
    rotation.destroy_unneeded()
    reindexing.destroy_unneeded()
    _prune()
    return over


def _prune() -> None:
    """Remove the narrowings that every backup has; one that cannot be read must not keep a backup from being taken."""
    oldest = min([clock.now() - timedelta(days=DAYS), *(backup.taken_at for backup in backups())])
    try:
        door().narrowings.prune(oldest - _SLACK)
    except Refusal as refusal:
        log.error("narrowings that no backup needs any more are still kept: %s", refusal.code)


def backups() -> list[Backup]:
    """Return all backups, the oldest first. Raises BackupEntryDamaged."""
    return rotation.catalogue().backups()


def _path(name: str) -> Path:
    return rotation.home() / "backups" / "dumps" / f"{name}.dump"


def _described(name: str, days: int) -> Backup:
    at = clock.now()
    here = door()
    here.keys.refresh()
    here.indexes.refresh()
    return Backup(
        name=name,
        taken_at=at,
        expires_at=at + timedelta(days=days),
        epochs=tuple(sorted({*rotation.epochs_in_use(), here.keys.current})),
        index_keys=tuple(sorted({*reindexing.in_use(), here.indexes.current})),
        journal=standing.database_head(),
    )
