"""Doing again, as the owner, what the erase journal holds beyond the database: before anybody is served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from amana.gate import calls, standing
from amana.gate.door import Door, door
from amana.gate.forgetting import empty_rooms
from amana.kernel.ids import CustomerId
from amana.vault.journal import Record

_CHUNK = 10_000


@dataclass(frozen=True)
class Replayed:
    """What a replay did: records of the journal that the database did not know, and people erased again."""

    records: int
    people: int


def replay() -> Replayed:
    """Erase again what the journal names; every room forgets too. The alias `default` is signed in as the owner.

    Each record is one transaction: after a crash, run it again. Raises JournalMissing and JournalBroken when the
    database knows a record that the journal lacks, or the journal was cut off.
    """
    known = standing.database_head()
    if not standing.made() and known == standing.NONE:
        return Replayed(0, 0)
    here = door()
    found = standing.compare(here, known)
    if found == "same":
        return Replayed(0, 0)
    if found != "ahead":
        standing.refuse(found)
    records = here.journal.records(since=known.sequence)
    people = _people_named(here, records)
    return Replayed(len(records), sum(_replay_one(record, people) for record in records))


def note_restore() -> None:
    """Write into the journal that a backup was restored and replayed. Signed in as the owner, nobody being served."""
    with transaction.atomic():
        known = standing.database_head()
        last = door().append(kind="restore", expected=known)
        calls.plain("SELECT gate.forget_again('{}', %s, %s, '{}')", last.sequence, last.hash)


def _people_named(here: Door, records: Sequence[Record]) -> Mapping[bytes, CustomerId]:
    """Return the people whom the records name and the database still has, by tag; everybody is looked at once."""
    named = {tag for record in records if record.kind == "forget" for tag in record.subjects}
    found: dict[bytes, CustomerId] = {}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute("SELECT customer FROM vault.person WHERE erased_at IS NULL")
        while rows := cursor.fetchmany(_CHUNK):
            tagged = ((here.journal.tag_customer(CustomerId(customer)), customer) for (customer,) in rows)
            found.update({tag: CustomerId(customer) for tag, customer in tagged if tag in named})
    return found


def _replay_one(record: Record, people: Mapping[bytes, CustomerId]) -> int:
    tags = list(record.subjects)
    with transaction.atomic():
        if record.kind == "fresh_start":
            calls.plain(
                "SELECT gate.afresh_again(%s, %s, %s::bytea[])", record.sequence, record.head.hash, tags
            )
            return 0
        forgotten = tags if record.kind == "forget" else []
        theirs = tuple(people[tag] for tag in forgotten if tag in people)
        empty_rooms(theirs)
        calls.plain(
            "SELECT gate.forget_again(%s::uuid[], %s, %s, %s::bytea[])",
            list(theirs), record.sequence, record.head.hash, forgotten,
        )  # fmt: skip
    return len(theirs)
