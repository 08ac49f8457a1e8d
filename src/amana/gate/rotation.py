"""Rotating epoch keys: make the next one, wrap everybody's key by it, destroy those that nothing needs any more.

What a person's key sealed stays as it is; only its wrapping changes. Index keys rotate apart (`reindexing`): that
takes opening every address.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from amana.gate import calls
from amana.gate.door import Door, door
from amana.kernel import clock
from amana.vault import backups, files
from amana.vault.keys import rewrap_many

BATCH: Final = 10_000


@dataclass(frozen=True)
class Rotated:
    """What a rotation did; `kept` are old keys that a backup still needs, until `kept_until`."""

    key: int
    people: int
    destroyed: tuple[int, ...]
    kept: tuple[int, ...]
    kept_until: datetime | None


def home() -> Path:
    """Return the folder of this deployment."""
    return Path(settings.AMANA_HOME)


def catalogue() -> backups.Catalogue:
    """Return this deployment's catalogue of backups."""
    return backups.Catalogue(home() / "backups")


@contextmanager
def alone() -> Iterator[None]:
    """Let neither a backup nor another rotation begin meanwhile; waits for the one that runs."""
    with files.locked(files.private_folder(home() / "backups" / "dumps")):
        yield


def rotate(progress: Callable[[int, int], object] = lambda done, of: None) -> Rotated:
    """Rotate the epoch key; the alias `default` is signed in as the owner. `progress` is told people done, of all.

    Safe to repeat after a crash: old keys stay until nobody is wrapped by them. Raises SealBroken, KeyMissing.
    """
    with alone():
        here = door()
        new = here.keys.make_next()
        calls.plain("SELECT gate.begin_epoch(%s)", new)
        old = [epoch for epoch in epochs_in_use() if epoch != new]
        of = sum(int(calls.plain("SELECT gate.count_keys(%s)", epoch)[0][0]) for epoch in old)
        done = 0
        for epoch in old:
            for changed in _rewrap(here, epoch, new):
                done += changed
                progress(done, of)
        return _finish(here, new, done)


def destroy_unneeded() -> tuple[int, ...]:
    """Destroy the old epoch keys that neither people nor backups need; return their numbers."""
    needed = catalogue().keys_still_needed(clock.now()).epochs
    return backups.destroy_unneeded(ring=door().keys, needed=needed, in_use=epochs_in_use())


def _finish(here: Door, new: int, done: int) -> Rotated:
    destroyed = destroy_unneeded()
    kept = tuple(number for number in here.keys.numbers if number != new)
    return Rotated(new, done, destroyed, kept, catalogue().last_expiry(kept, now=clock.now()))


def epochs_in_use() -> list[int]:
    """Return the numbers of the epoch keys that anybody's key is wrapped by."""
    return list(calls.plain("SELECT gate.epochs_in_use()")[0][0])


def _rewrap(here: Door, old: int, new: int) -> Iterator[int]:
    """Wrap everybody's key of one epoch anew, a batch at a time; whoever is erased meanwhile has no row to change."""
    while rows := calls.plain("SELECT person, customer, wrapped FROM gate.keys_of_epoch(%s, %s)", old, BATCH):
        people, customers, before = zip(*rows, strict=True)
        wrapped = [(customer.bytes, bytes(key)) for customer, key in zip(customers, before, strict=True)]
        after = rewrap_many(wrapped, ring=here.keys, deployment=here.deployment, old=old, new=new)
        changed = calls.plain(
            "SELECT gate.rewrap(%s::bigint[], %s::bytea[], %s::bytea[], %s, %s)",
            list(people), [key for _, key in wrapped], after, old, new,
        )[0][0]  # fmt: skip
        yield int(changed)
