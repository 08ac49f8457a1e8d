"""Doing again, as the owner, what was erased and narrowed beyond the database: before anybody is served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from amana.gate import calls, narrowing, standing
from amana.gate.door import Door, door
from amana.gate.forgetting import empty_rooms
from amana.kernel.ids import CustomerId
from amana.vault.journal import Record


@dataclass(frozen=True)
class Replayed:
    """What a replay did: records of the journal that the database did not know, and people erased again.

    `narrowed` counts the withdrawals, objections and restrictions that were applied again, `suppressed` the channels of
    people; some are `lost` where the file that keeps them is missing or ends before the database.
    """

    records: int
    people: int
    narrowed: int = 0
    lost: bool = False
    suppressed: int = 0


def replay() -> Replayed:
    """Erase and narrow again what is kept outside the database. The alias `default` is signed in as the owner.

    Each step is one transaction: after a crash, run it again. Raises JournalMissing and JournalBroken when the
    database knows a record that the journal lacks, or the journal was cut off; NarrowingsBroken.
    """
    erased = _erase_again()
    again = narrowing.replay()
    return Replayed(erased.records, erased.people, again.decisions, again.lost, again.suppressions)


def _erase_again() -> Replayed:
    """Erase again what the journal names; every room forgets too."""
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
    """Return the people whom the records name and the database still has, by tag."""
    return narrowing.people_tagged(
        here, {tag for record in records if record.kind == "forget" for tag in record.subjects}
    )


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
