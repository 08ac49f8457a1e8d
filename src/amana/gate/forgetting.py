"""Forgetting: verify the record, write the journal, destroy key and nonce, empty every room; and doing it again.

The journal is on disk before the transaction commits. When the process dies between the two, the journal is ahead, the
gate refuses everybody, and `replay` erases again what the journal names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction
from psycopg.types.json import Jsonb

from amana.gate import calls, holdings
from amana.gate.door import Door, door
from amana.gate.refusals import GateRefused
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import refusing
from amana.vault.journal import Head, Record

SOUND = "sound"


@dataclass(frozen=True)
class Forgotten:
    """A finished erasure: its entry in the ledger, the verdict on the record before, rows removed by room."""

    entry: UUID
    verdict: str
    journal: int
    removed: Mapping[str, int]
    customers: tuple[CustomerId, ...]


def forget(*, session: str, task: int) -> Forgotten:
    """Erase everybody admitted with the address that confirmed this request.

    Raises GateRefused when the request is not confirmed or the role may not carry it out; JournalUnwritable, in which
    case nothing was erased.
    """
    with transaction.atomic():
        people = calls.rows("SELECT * FROM gate.forget_begin(%s, %s, %s, %s)", session, task)
        customers = tuple(CustomerId(customer) for customer, _, _ in people)
        verdict = "; ".join(sorted({found for _, _, found in people if found != SOUND})) or SOUND
        removed = _empty_rooms(customers)
        tags = _tags(door(), people)
        last = door().journal.append(
            kind="forget", subjects=tags, at=clock.now(), expected=Head(*calls.head())
        )
        entry = _finish(session, task, last, tags, verdict, removed)
    return Forgotten(entry, verdict, last.sequence, removed, customers)


def _empty_rooms(customers: tuple[CustomerId, ...]) -> dict[str, int]:
    return {
        holding.room: sum(holding.forget(customer) for customer in customers)
        for holding in holdings.declared()
    }


def _tags(here: Door, people: list[calls.Row]) -> list[bytes]:
    """Return the tags of people and their addresses: the journal names nobody."""
    tags = {here.journal.tag_customer(customer) for customer, _, _ in people}
    tags |= {here.journal.tag_index(index) for _, indexes, _ in people for index in indexes}
    return sorted(tags)


def _finish(
    session: str, task: int, last: Head, tags: list[bytes], verdict: str, removed: Mapping[str, int]
) -> UUID:
    entry: UUID = calls.plain(
        "SELECT gate.forget_finish(%s, %s, %s, %s, %s::bytea[], %s, %s::jsonb)",
        session, task, last.sequence, last.hash, tags, verdict, Jsonb(dict(removed)),
    )[0][0]  # fmt: skip
    return entry


def replay(
    owner: psycopg.Connection[Any], here: Door, *, forget_rooms: Callable[[CustomerId], object] | None = None
) -> int:
    """Erase again, as the owner, whatever the journal holds beyond the database; return how many people.

    Run it after a restore, before anybody is served. Raises JournalBroken when the database knows a record that the
    journal does not: a cut or foreign journal cannot be replayed.
    """
    known = database_head(owner)
    standing = here.journal.compare(known)
    if standing not in ("same", "ahead"):
        refuse_standing(standing)
    erased = 0
    for record in here.journal.records(since=known.sequence):
        erased += _replay_one(owner, here, record, forget_rooms)
    return erased


def database_head(connection: psycopg.Connection[Any]) -> Head:
    """Return the journal's head as this database knows it; number 0 when it knows none."""
    row = connection.execute("SELECT sequence, head FROM gate.journal_head()").fetchone()
    return Head(row[0], row[1]) if row else Head(0, b"")


def refuse_standing(standing: str) -> None:
    """Refuse to serve while the journal and the database disagree. Raises JournalMissing or JournalBroken."""
    from_standing = {"missing": "journal_missing", "ahead": "journal_mismatch"}
    raise GateRefused.of(from_standing.get(standing, "journal_broken"))


def _replay_one(
    owner: psycopg.Connection[Any],
    here: Door,
    record: Record,
    forget_rooms: Callable[[CustomerId], object] | None,
) -> int:
    named = set(record.subjects) if record.kind == "forget" else set()
    with refusing(), owner.transaction():
        people = [
            CustomerId(customer)
            for (customer,) in owner.execute("SELECT customer FROM vault.person WHERE erased_at IS NULL")
            if here.journal.tag_customer(customer) in named
        ]
        for customer in people:
            if forget_rooms is not None:
                forget_rooms(customer)
        owner.execute(
            "SELECT gate.forget_again(%s::uuid[], %s, %s, %s::bytea[])",
            [people, record.sequence, record.head.hash, sorted(named)],
        )
    return len(people)
