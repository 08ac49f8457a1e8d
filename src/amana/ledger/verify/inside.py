"""Verify the record inside the database, with the sequencer's login."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from amana.ledger import sequencer, tiles
from amana.ledger.merkle import HASH_SIZE
from amana.ledger.note import Checkpoint, NoteError, VerifierKey, verify_checkpoint
from amana.ledger.sequencer import Connection
from amana.ledger.verify import kept as copies
from amana.ledger.verify import witnessed
from amana.ledger.verify.findings import Finding, in_order
from amana.ledger.verify.kept import Kept
from amana.ledger.verify.retrace import CHUNK, Retrace, first_difference
from amana.ledger.verify.witnessed import Cosigned

MOST = 100


def audit(
    connection: Connection,
    *,
    key: VerifierKey,
    kept: Kept | None = None,
    elsewhere: Collection[str] = (),
    most: int = MOST,
) -> tuple[Finding, ...]:
    """Return what is wrong with the record, the first bad entry first; nothing when all of it stands.

    Recomputes every leaf, tile and root, opens every commitment, and compares with `kept`. `elsewhere` names
    the events whose payloads other rooms keep and audit. At most `most` findings of each kind. It needs
    `kept` to notice a history that was rewritten from end to end and signed anew with the true key.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        size = _count(connection)
        findings = _audit_rows(connection, size, elsewhere, most)
        findings += _audit_tree(connection, size, key, kept, most)
        named = [_with_id(connection, finding) for finding in findings]
    return in_order(named)


def seek(
    connection: Connection, *, key: VerifierKey, witnesses: Sequence[VerifierKey]
) -> tuple[tuple[Cosigned, ...], tuple[Finding, ...]]:
    """Return what each witness cosigned last, and what is wrong with it.

    `audit` compares the roots of all checkpoints with the entries; this one adds that the notes state those roots.
    """

    def read(one: VerifierKey) -> str | None:
        query = "SELECT note FROM ledger.find_witnessed(%s)"
        row = connection.execute(query, [one.id.hex()]).fetchone()
        return None if row is None else str(row[0])

    cosigned, findings = witnessed.seek(read, key=key, witnesses=witnesses)
    rows = connection.execute("SELECT size, root FROM ledger.list_checkpoints(0, NULL)", binary=True)
    signed = {size: bytes(root) for size, root in rows} if cosigned else {}
    return cosigned, (*findings, *witnessed.contradictions(signed, cosigned))


def keep(connection: Connection, folder: Path, *, key: VerifierKey) -> Checkpoint:
    """Write the latest checkpoint and every leaf hash under it into `folder`, to be verified against later.

    Raises NoteError when the record is not what the checkpoint was signed for: run `audit` to see why.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT size, note FROM ledger.find_checkpoint()").fetchone()
        if row is None:
            raise NoteError("there is no checkpoint yet")
        size, note = row
        return copies.save(folder, note, _chunks(connection, size), key)


def _count(connection: Connection) -> int:
    row = connection.execute("SELECT sequenced FROM ledger.count_entries()").fetchone()
    return int(row[0]) if row else 0


def _chunks(connection: Connection, size: int) -> Iterator[bytes]:
    """Yield leaf hashes in order; the last chunk is the one before the first missing entry."""
    for first in range(0, size, CHUNK):
        upto = min(first + CHUNK, size)
        row = connection.execute("SELECT ledger.leaf_hashes(%s, %s)", [first, upto], binary=True).fetchone()
        hashes = bytes(row[0]) if row else b""
        yield hashes
        if len(hashes) < (upto - first) * HASH_SIZE:
            return


def _audit_rows(connection: Connection, size: int, elsewhere: Collection[str], most: int) -> list[Finding]:
    found: list[Finding] = []
    for first in range(0, size, CHUNK):
        rows = connection.execute(
            "SELECT index, entry, reason FROM ledger.audit_entries(%s, %s, %s::text[], %s)",
            [first, min(first + CHUNK, size), list(elsewhere), most - len(found)],
        )
        found += [Finding(index, entry, reason) for index, entry, reason in rows]
        if len(found) >= most:
            break
    erasures = connection.execute("SELECT index, entry, reason FROM ledger.audit_erasures(%s)", [most])
    strays = connection.execute("SELECT entry FROM ledger.audit_strays(%s)", [most])
    found += [Finding(index, entry, reason) for index, entry, reason in erasures]
    return found + [Finding(None, entry, "entry_stray") for (entry,) in strays]


def _audit_tree(
    connection: Connection, size: int, key: VerifierKey, kept: Kept | None, most: int
) -> list[Finding]:
    latest, findings = _latest(connection, key)
    signed = dict(connection.execute("SELECT size, root FROM ledger.list_checkpoints(0, NULL)", binary=True))
    if latest is not None:
        signed[latest.size] = latest.root
    retrace = Retrace({size: bytes(root) for size, root in signed.items()}, kept)
    complete = _whole_prefix(connection, size)
    for hashes in _chunks(connection, complete):
        findings += _compare_tiles(connection, retrace.add(hashes), most - len(findings))
    if complete == size:
        findings += retrace.finish()
        covered = max(signed, default=0)
        findings += [Finding(covered, None, "entry_unsigned")] if size > covered else []
    else:
        findings += retrace.findings
    return findings


def _whole_prefix(connection: Connection, size: int) -> int:
    row = connection.execute("SELECT ledger.first_missing(%s)", [size]).fetchone()
    return size if row is None or row[0] is None else int(row[0])


def _latest(connection: Connection, key: VerifierKey) -> tuple[Checkpoint | None, list[Finding]]:
    row = connection.execute("SELECT note FROM ledger.find_checkpoint()").fetchone()
    if row is None:
        return None, [Finding(None, None, "checkpoint_missing")]
    try:
        return verify_checkpoint(row[0], key), []
    except NoteError as error:
        return None, [Finding(None, None, "checkpoint_unsigned", str(error))]


def _compare_tiles(connection: Connection, grown: list[tiles.Tile], most: int) -> list[Finding]:
    wanted = [tiles.Address(tile.level, tile.index, tile.width) for tile in grown]
    stored = {(tile.level, tile.index): tile.hashes for tile in sequencer.read_tiles(connection, wanted)}
    found: list[Finding] = []
    level = 0
    for tile in grown:
        if found and tile.level > level:
            # An altered leaf alters every level above it: only the lowest names the entry.
            break
        level = tile.level
        hashes = stored.get((tile.level, tile.index), b"")[: len(tile.hashes)]
        place = first_difference(hashes, tile.hashes)
        if place is not None:
            index = (tile.index * tiles.WIDTH + place) << tiles.HEIGHT * tile.level
            reason = "tile_altered" if hashes else "tile_missing"
            found.append(Finding(index, None, reason, f"level {tile.level}, tile {tile.index}"))
    return found[: max(most, 0)]


def _with_id(connection: Connection, finding: Finding) -> Finding:
    if finding.index is None or finding.entry_id is not None:
        return finding
    row = connection.execute("SELECT id FROM ledger.find_id(%s)", [finding.index]).fetchone()
    return finding if row is None else replace(finding, entry_id=row[0])
