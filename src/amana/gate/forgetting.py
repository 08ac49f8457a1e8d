"""Forgetting: verify the record, write the journal, destroy key and nonce, empty every room; and doing it again.

The journal is on disk before the transaction commits. When the process dies between the two, the journal is ahead, the
gate refuses everybody, and `replaying` erases again what the journal names.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from psycopg.types.json import Jsonb

from amana.gate import calls, holdings
from amana.gate.door import Door, door
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.vault.backups import Catalogue
from amana.vault.journal import Head


@dataclass(frozen=True)
class Forgotten:
    """A finished erasure: its entry in the ledger, the verdict on the record before, rows removed by room."""

    entry: UUID
    verdict: str
    journal: int
    removed: Mapping[str, int]
    customers: tuple[CustomerId, ...]


@dataclass(frozen=True)
class Erasure:
    """A finished erasure as the database remembers it; `removed` counts rows by room."""

    entry: UUID
    at: datetime
    verdict: str
    journal: int
    removed: Mapping[str, int]


@dataclass(frozen=True)
class Asked:
    """What became of a request: when the owner of the address confirmed it, and the erasure it led to."""

    confirmed_at: datetime | None
    erasure: Erasure | None


def asked(tasks: Sequence[int]) -> Mapping[int, Asked]:
    """Return what became of requests, by task. Names nobody."""
    rows = calls.plain("SELECT * FROM gate.requests(%s::bigint[])", list(tasks))
    return {task: Asked(confirmed, _erasure(*rest)) for task, confirmed, *rest in rows}


def _erasure(
    entry: UUID | None, at: datetime, verdict: str, journal: int, removed: str | Mapping[str, int]
) -> Erasure | None:
    if entry is None:
        return None
    # Django leaves JSON as the text it came as.
    counts = json.loads(removed) if isinstance(removed, str) else removed
    return Erasure(entry, at, verdict, journal, counts)


def last_backup(*, before: datetime) -> datetime | None:
    """Return when the last backup taken before a moment expires; None when none of them is left.

    Whoever was erased at that moment is in no later one. Raises BackupEntryDamaged.
    """
    catalogue = Catalogue(Path(settings.AMANA_HOME) / "backups")
    now = clock.now()
    ends = [b.expires_at for b in catalogue.backups() if b.taken_at <= before and not b.expired(now)]
    return max(ends, default=None)


def forget(*, session: str, task: int) -> Forgotten:
    """Erase everybody admitted with the address that confirmed this request.

    Raises GateRefused when the request is not confirmed or the role may not carry it out; JournalUnwritable, in which
    case nothing was erased.
    """
    with transaction.atomic():
        people = calls.rows("SELECT * FROM gate.forget_begin(%s, %s, %s, %s)", session, task)
        customers = tuple(CustomerId(customer) for customer, _ in people)
        removed = empty_rooms(customers)
        tags = _tags(door(), people)
        last = door().append(kind="forget", subjects=tags, expected=Head(*calls.head()))
        entry, verdict = _finish(session, task, last, tags, removed)
    return Forgotten(entry, verdict, last.sequence, removed, customers)


def empty_rooms(customers: tuple[CustomerId, ...]) -> dict[str, int]:
    """Let every room forget these people within the caller's transaction; return how many rows went, by room."""
    return {
        holding.room: sum(holding.forget(customer) for customer in customers)
        for holding in holdings.declared()
    }


def _tags(here: Door, people: list[calls.Row]) -> list[bytes]:
    """Return the tags of people and their addresses: the journal names nobody."""
    tags = {here.journal.tag_customer(customer) for customer, _ in people}
    return sorted(tags.union(*(addresses for _, addresses in people)))


def _finish(
    session: str, task: int, last: Head, tags: list[bytes], removed: Mapping[str, int]
) -> tuple[UUID, str]:
    entry, verdict = calls.plain(
        "SELECT entry, verdict FROM gate.forget_finish(%s, %s, %s, %s, %s::bytea[], %s::jsonb)",
        session, task, last.sequence, last.hash, tags, Jsonb(dict(removed)),
    )[0]  # fmt: skip
    return entry, verdict
