"""What people narrowed is kept outside the database as well: restoring an older one does not lose it.

The sequencer keeps each decision, and each suppressed channel, within a moment, first on disk, then in the database.
Whoever restores applies again what the database does not know, as the owner. Nothing is ever granted again.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from django.db import connection, transaction

from amana.gate import calls, standing
from amana.gate.door import Door, door
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, refusing
from amana.vault.narrowings import Narrowing

MOST: Final = 5_000
_CHUNK: Final = 10_000
# So many decisions are applied in one transaction, whose people wait while somebody is served meanwhile.
_TOGETHER: Final = 500
_TAKE: Final = "SELECT entry, at, customer, kind, purpose, channel, language FROM gate.take_unkept(%s)"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many were kept, of decisions and suppressions; `behind`: the file holds lines unknown to this database."""

    decisions: int
    behind: bool


@dataclass(frozen=True, slots=True)
class Again:
    """How many decisions and suppressions a replay made; `lost`: the file is missing, or ends before the database."""

    decisions: int
    lost: bool
    suppressions: int = 0


class Keeper:
    """Keeps narrowings for as long as a process runs, and says once what is in the way: the rest goes on."""

    def __init__(self) -> None:
        self._told = ""

    def __call__(self, sequencer: psycopg.Connection[Any]) -> None:
        """Keep what waits. Signed in as the sequencer, in autocommit."""
        try:
            trouble = "narrowings_behind: run `amana replay`" if keep(sequencer).behind else ""
        except Refusal as refusal:
            trouble = refusal.code
        if trouble and trouble != self._told:
            log.error("what people narrowed is not kept as it should be: %s", trouble)
        self._told = trouble or self._told


def keep(sequencer: psycopg.Connection[Any], most: int = MOST) -> Kept:
    """Keep up to `most` decisions that narrowed, and suppressions, outside the database, on disk before the commit.

    Signed in as the sequencer or the owner. Raises NarrowingsBroken, NarrowingsUnwritable.
    """
    with refusing(), sequencer.transaction():
        rows = sequencer.execute(_TAKE, [most]).fetchall()
        if not rows:
            return Kept(0, behind=False)
        known = _number(sequencer, "SELECT gate.lock_kept()")
        here = door()
        written = here.narrowings.append([_narrowing(here, row) for row in rows], known=known, at=clock.now())
        behind = written.before > known
        if not behind:
            sequencer.execute("SELECT gate.note_kept(%s)", [written.last])
    return Kept(len(rows), behind)


def keep_all() -> None:
    """Keep all that waits; the alias `default` is signed in as the owner. Raises as `keep`."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        while keep(connection.connection).decisions:
            pass


def replay() -> Again:
    """Apply again what the database does not know; the alias `default` is signed in as the owner.

    Nothing is read where file and database agree. A line whose decision the database holds, or whose person it does
    not, changes nothing. Raises NarrowingsBroken.
    """
    made, suppressed, lost = 0, 0, False
    if not standing.made():
        return Again(0, lost=False)
    here = door()
    while (known := kept()[0]) != (last := here.narrowings.last()):
        if last < known:
            return Again(made, True, suppressed)
        unknown, up_to, gap = _beyond(here, known)
        again = _apply(here, unknown)
        made, suppressed = made + again.decisions, suppressed + again.suppressions
        calls.plain("SELECT gate.note_kept(%s) FROM gate.lock_kept()", up_to)
        lost = lost or gap
    return Again(made, lost, suppressed)


def kept() -> tuple[int, bool]:
    """Return how far the database knows the file, and whether something has waited for it for ten minutes."""
    number, late = calls.plain("SELECT number, late FROM gate.kept()")[0]
    return int(number), bool(late)


def people_tagged(here: Door, tags: Set[bytes]) -> Mapping[bytes, CustomerId]:
    """Return the people the database still has of these tags, by tag; everybody is looked at once. As the owner."""
    found: dict[bytes, CustomerId] = {}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute("SELECT customer FROM vault.person WHERE erased_at IS NULL")
        while rows := cursor.fetchmany(_CHUNK):
            tagged = ((here.journal.tag_customer(CustomerId(customer)), customer) for (customer,) in rows)
            found.update({tag: CustomerId(customer) for tag, customer in tagged if tag in tags})
    return found


def _number(sequencer: psycopg.Connection[Any], statement: str) -> int:
    row = sequencer.execute(statement.encode()).fetchone()
    return 0 if row is None else int(row[0])


def _narrowing(here: Door, row: Sequence[Any]) -> Narrowing:
    entry, at, customer, kind, purpose, channel, language = row
    tag = here.journal.tag_customer(CustomerId(customer))
    return Narrowing(at, entry, tag, kind, purpose, channel, language)


def _beyond(here: Door, known: int) -> tuple[list[Narrowing], int, bool]:
    """Return what the file holds beyond `known` and the database does not, how far it goes, and whether lines miss."""
    unknown: list[Narrowing] = []
    waiting: list[Narrowing] = []
    up_to, gap = known, False
    for line in here.narrowings.read():
        if line.number <= known:
            continue
        up_to, gap = line.number, gap or line.mark is not None
        waiting += [line.narrowing] if line.narrowing else []
        if len(waiting) == _CHUNK:
            unknown += _unknown(waiting)
            waiting = []
    return unknown + _unknown(waiting), up_to, gap


def _unknown(narrowings: list[Narrowing]) -> list[Narrowing]:
    entries = [narrowing.entry for narrowing in narrowings]
    rows = calls.plain("SELECT entry FROM gate.unknown_decisions(%s::uuid[]) AS u (entry)", entries)
    missing = {entry for (entry,) in rows}
    return [narrowing for narrowing in narrowings if narrowing.entry in missing]


def _apply(here: Door, unknown: Sequence[Narrowing]) -> Again:
    people = people_tagged(here, {narrowing.person for narrowing in unknown}) if unknown else {}
    theirs = [(people[each.person], each) for each in unknown if each.person in people]
    decided = [their for their in theirs if their[1].kind != "suppressed"]
    stopped = [their for their in theirs if their[1].kind == "suppressed"]
    return Again(
        sum(_narrow_some(some) for some in _together(decided)),
        lost=False,
        suppressions=sum(_suppress_some(some) for some in _together(stopped)),
    )


def _together(
    theirs: list[tuple[CustomerId, Narrowing]],
) -> Iterator[list[tuple[CustomerId, Narrowing]]]:
    return (theirs[start : start + _TOGETHER] for start in range(0, len(theirs), _TOGETHER))


def _narrow_some(some: Sequence[tuple[CustomerId, Narrowing]]) -> int:
    made = calls.plain(
        "SELECT gate.narrow_again(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])",
        [customer for customer, _ in some], [each.kind for _, each in some], [each.purpose for _, each in some],
        [each.channel for _, each in some], [each.language for _, each in some],
    )  # fmt: skip
    return int(made[0][0])


def _suppress_some(some: Sequence[tuple[CustomerId, Narrowing]]) -> int:
    made = calls.plain(
        "SELECT gate.suppress_again(%s::uuid[], %s::text[])",
        [customer for customer, _ in some], [each.channel for _, each in some],
    )  # fmt: skip
    return int(made[0][0])
