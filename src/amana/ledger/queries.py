"""Read the public record: checkpoints, tiles, bundles and proofs."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from amana.ledger import merkle, tiles


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """A signed checkpoint as it was published, with the lines of its witnesses."""

    size: int
    root: bytes
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries have an index, wait for one, and stand under a signed checkpoint."""

    sequenced: int
    waiting: int
    signed: int


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That an entry stands in the record: its leaf, its place, and the way from it to a signed root."""

    entry: UUID
    index: int
    leaf: bytes
    hashes: tuple[bytes, ...]
    checkpoint: PublishedCheckpoint

    def holds(self) -> bool:
        """Tell whether the proof leads from the leaf to the checkpoint's root."""
        return merkle.verify_inclusion(
            index=self.index,
            size=self.checkpoint.size,
            leaf=merkle.leaf_hash(self.leaf),
            proof=self.hashes,
            root=self.checkpoint.root,
        )

    def as_dict(self) -> dict[str, object]:
        """Return the proof for JSON: hashes in base64, as C2SP writes them."""
        return {
            "entry": str(self.entry),
            "index": self.index,
            "leaf": self.leaf.decode(),
            "hashes": [b64encode(node).decode() for node in self.hashes],
            "checkpoint": self.checkpoint.note,
        }


def _rows(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def find_checkpoint(size: int | None = None) -> PublishedCheckpoint | None:
    """Return the checkpoint of `size` entries, or the latest; None when there is none yet."""
    rows = _rows("SELECT size, root, note, at FROM ledger.find_checkpoint(%s)", [size])
    return next((PublishedCheckpoint(size, bytes(root), note, at) for size, root, note, at in rows), None)


def find_witnessed(key_id: str) -> PublishedCheckpoint | None:
    """Return the newest checkpoint that the witness of this key id cosigned; None when it cosigned none."""
    rows = _rows("SELECT size, root, note, at FROM ledger.find_witnessed(%s)", [key_id])
    return next((PublishedCheckpoint(size, bytes(root), note, at) for size, root, note, at in rows), None)


def _find_proving(index: int) -> PublishedCheckpoint | None:
    rows = _rows("SELECT size, root, note, at FROM ledger.find_proving(%s)", [index])
    return next((PublishedCheckpoint(size, bytes(root), note, at) for size, root, note, at in rows), None)


def count_entries() -> Counts:
    """Count the entries."""
    [(sequenced, waiting, signed)] = _rows("SELECT sequenced, waiting, signed FROM ledger.count_entries()")
    return Counts(sequenced, waiting, signed)


def find_key() -> str | None:
    """Return the key that signs now, as a vkey; None before the first start of the sequencer."""
    [(vkey,)] = _rows("SELECT ledger.find_key()")
    return None if vkey is None else str(vkey)


def read_tiles(wanted: Sequence[tiles.Address]) -> list[tiles.Tile]:
    """Return those of the tiles at `wanted` that are stored, in whatever width."""
    rows = _rows(
        "SELECT level, index, hashes FROM ledger.read_tiles(%s::smallint[], %s::bigint[])",
        [[address.level for address in wanted], [address.index for address in wanted]],
    )
    return [tiles.Tile(level, index, bytes(hashes)) for level, index, hashes in rows]


def find_resource(address: tiles.Address) -> bytes | None:
    """Return the tile or bundle at `address`, as wide as asked; None when the record is not so long."""
    if address.level is None:
        [(content,)] = _rows("SELECT ledger.read_bundle(%s, %s)", [address.index, address.width])
        return None if content is None else bytes(content)
    for tile in read_tiles([address]):
        if tile.width >= address.width:
            return tile.hashes[: address.width * merkle.HASH_SIZE]
    return None


def find_inclusion(entry: UUID) -> Inclusion | None:
    """Prove that `entry` stands under a signed checkpoint; None while it still waits for one.

    It is the newest one that a witness cosigned where that covers the entry, otherwise the newest of all.
    """
    found = _rows("SELECT index, leaf FROM ledger.find_entry(%s)", [entry])
    if not found:
        return None
    [(index, leaf)] = found
    checkpoint = _find_proving(index)
    if checkpoint is None or index >= checkpoint.size:
        return None
    node = tiles.node_reader(read_tiles(tiles.proof_addresses(index, checkpoint.size)))
    proof = tuple(merkle.inclusion_proof(index, checkpoint.size, node))
    return Inclusion(entry, index, bytes(leaf), proof, checkpoint)
