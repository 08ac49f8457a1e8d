"""Give entries their index, grow the tree, sign checkpoints: one process at a time, by an advisory lock.

Each step is one transaction: entries, tiles and checkpoint become visible together or not at all, so a
process killed at any point leaves nothing to repair. Entries announce themselves by being there: NOTIFY would
make every commit in the database wait for the one before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeAlias

import psycopg

from amana.kernel.refusal import Refusal, refusing
from amana.ledger import refusals, tiles
from amana.ledger.merkle import HASH_SIZE
from amana.ledger.note import (
    Checkpoint,
    Note,
    NoteError,
    Signer,
    VerifierKey,
    journal_line,
    verify_checkpoint,
    verify_cosignature,
)

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
JournalHead: TypeAlias = Callable[[], tuple[int, bytes] | None]
Prepare: TypeAlias = Callable[[Connection], object]

BATCH = 20_000
REST = 0.2
THINNING = 3600


class LedgerDamagedError(Exception):
    """What is to be extended is not what was signed last: nothing is signed before somebody looks."""


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What one step did: how many entries it signed for the first time, and the size of the tree after it."""

    added: int
    size: int


def run(
    connection: Connection,
    signer: Signer,
    journal_head: JournalHead,
    stop: Event,
    *,
    former: Sequence[VerifierKey] = (),
    prepare: Prepare | None = None,
    batch: int = BATCH,
    rest: float = REST,
) -> None:
    """Sequence and sign until `stop` is set, resting `rest` seconds whenever nothing more was waiting.

    `connection` is the sequencer's own, in autocommit. `journal_head` returns the number and hash of the
    erasure journal's last line. `former` are keys that signed before this one. `prepare` is called before each step
    and may add entries of its own. Raises LedgerDamagedError,
    Refusal, and psycopg.OperationalError when the connection is lost: whoever supervises starts it anew.
    """
    connection.execute("SELECT ledger.announce_key(%s)", [str(signer.key)])
    rested = float(THINNING)
    while not stop.is_set():
        if prepare is not None:
            prepare(connection)
        if step(connection, signer, journal_head, former=former, batch=batch).added < batch:
            rested += rest
            if rested >= THINNING:
                connection.execute("SELECT ledger.thin_checkpoints()")
                rested = 0.0
            stop.wait(rest)


def step(
    connection: Connection,
    signer: Signer,
    journal_head: JournalHead,
    *,
    former: Sequence[VerifierKey] = (),
    batch: int = BATCH,
) -> Sequenced:
    """Sequence up to about `batch` entries and sign the tree; do nothing when nothing waits.

    Raises LedgerDamagedError and Refusal.
    """
    with refusing(), connection.transaction():
        first, hashes = _row(connection, "SELECT first, hashes FROM ledger.sequence(%s)", [batch])
        signed = _last_signed(connection, (signer.key, *former))
        if signed is not None and signed.size == first and not hashes:
            return Sequenced(0, first)
        edge = _edge(connection, signed)
        hashes = _passed_over(connection, edge.size, first) + hashes
        _store(connection, edge.extend(hashes))
        # Read after the entries were taken: what they record had been written to the journal before.
        head = journal_head()
        note = signer.checkpoint(edge.size, edge.root(), () if head is None else (journal_line(head),))
        values = [edge.size, edge.root(), note]
        connection.execute("SELECT ledger.publish_checkpoint(%s, %s, %s)", values)
    return Sequenced(len(hashes) // HASH_SIZE, edge.size)


def _row(connection: Connection, query: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
    row = connection.execute(query.encode(), values, binary=True).fetchone()
    if row is None:
        raise LookupError(query)
    return row


def _last_signed(connection: Connection, keys: Sequence[VerifierKey]) -> Checkpoint | None:
    row = connection.execute("SELECT size, root, note FROM ledger.find_checkpoint()", binary=True).fetchone()
    if row is None:
        return None
    size, root, note = row
    for key in keys:
        try:
            checkpoint = verify_checkpoint(note, key)
        except NoteError:
            continue
        if (checkpoint.size, checkpoint.root) == (size, root):
            return checkpoint
    raise LedgerDamagedError(f"the checkpoint of {size} entries was not signed by this log")


def _edge(connection: Connection, signed: Checkpoint | None) -> tiles.Edge:
    if signed is None:
        return tiles.Edge()
    wanted = tiles.right_edge(signed.size)
    stored = read_tiles(connection, wanted)
    try:
        edge = tiles.Edge(signed.size, {tile.level: tile.hashes for tile in stored})
    except ValueError as error:
        raise LedgerDamagedError(str(error)) from error
    if edge.root() != signed.root:
        raise LedgerDamagedError(f"the tiles do not give the root signed for {signed.size} entries")
    return edge


def read_tiles(connection: Connection, wanted: Sequence[tiles.Address]) -> list[tiles.Tile]:
    """Return those of the tiles at `wanted` that are stored, lowest level and index first."""
    rows = connection.execute(
        "SELECT level, index, hashes FROM ledger.read_tiles(%s::smallint[], %s::bigint[]) ORDER BY 1, 2",
        [[address.level for address in wanted], [address.index for address in wanted]],
        binary=True,
    )
    return [tiles.Tile(level, index, hashes) for level, index, hashes in rows]


def _passed_over(connection: Connection, signed: int, first: int) -> bytes:
    if signed == first:
        return b""
    (hashes,) = _row(connection, "SELECT ledger.leaf_hashes(%s, %s)", [signed, first])
    if len(hashes) != (first - signed) * HASH_SIZE:
        raise LedgerDamagedError(f"entries are missing between {signed} and {first}")
    return bytes(hashes)


def _store(connection: Connection, grown: Sequence[tiles.Tile]) -> None:
    values: list[object] = [
        [tile.level for tile in grown],
        [tile.index for tile in grown],
        [tile.width for tile in grown],
        [tile.hashes for tile in grown],
    ]
    connection.execute(
        "SELECT ledger.store_tiles(%b::smallint[], %b::bigint[], %b::smallint[], %b::bytea[])", values
    )


def accept_cosignature(connection: Connection, *, size: int, line: str, witness: VerifierKey) -> None:
    """Keep a witness's signature line with the checkpoint of `size` entries, once it is seen to be true.

    Source: C2SP tlog-cosignature. Raises Refusal `cosignature_false`.
    """
    row = connection.execute("SELECT note FROM ledger.find_checkpoint(%s)", [size]).fetchone()
    try:
        if row is None:
            raise NoteError("there is no such checkpoint")
        text = Note.parse(row[0]).text
        signed = Note.parse(f"{text}\n{line}\n")
        verify_cosignature(str(signed), witness)
    except NoteError as error:
        raise Refusal.of(refusals.COSIGNATURE_FALSE) from error
    connection.execute("SELECT ledger.cosign(%s, %s, %s)", [size, str(witness), signed.signatures[0].line])
