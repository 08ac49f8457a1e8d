"""Verify the record from anywhere, over HTTP: no database and no trust, only a key pinned before."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeAlias
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import UUID

from amana.kernel.refusal import Refusal
from amana.ledger import merkle, refusals, tiles
from amana.ledger.merkle import HASH_SIZE
from amana.ledger.note import Checkpoint, NoteError, VerifierKey, verify_checkpoint
from amana.ledger.verify import kept as copies
from amana.ledger.verify import witnessed
from amana.ledger.verify.findings import Finding, in_order
from amana.ledger.verify.kept import Kept
from amana.ledger.verify.retrace import Retrace, first_difference
from amana.ledger.verify.witnessed import Cosigned

Fetch: TypeAlias = Callable[[str], bytes | None]
"""Fetch a path below the log's prefix; None when the server does not have it."""

TIMEOUT = 30
LIMIT = tiles.WIDTH * (tiles.LEAF_LIMIT + 2)
AT_ONCE = 8
ROUND = 64


def fetcher(url: str) -> Fetch:
    """Return what fetches from the log whose site or prefix is `url`. Raises Refusal `log_unreachable`."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise Refusal.of(refusals.LOG_UNREACHABLE)
    prefix = url.rstrip("/")
    return partial(_fetch, prefix if prefix.endswith("/ledger") else f"{prefix}/ledger")


def _fetch(prefix: str, path: str) -> bytes | None:
    try:
        with urlopen(Request(f"{prefix}/{path}"), timeout=TIMEOUT) as response:
            return bytes(response.read(LIMIT + 1))
    except HTTPError as error:
        if error.code == 404:
            return None
        raise Refusal.of(refusals.LOG_UNREACHABLE) from error
    except (URLError, OSError) as error:
        raise Refusal.of(refusals.LOG_UNREACHABLE) from error


def audit(
    fetch: Fetch,
    *,
    key: VerifierKey,
    kept: Kept | None = None,
    cosigned: Sequence[Cosigned] = (),
    entries: bool = True,
) -> tuple[Finding, ...]:
    """Return what is wrong with the published record, the first bad entry first; nothing when it stands.

    Fetches the checkpoint, every tile of leaf hashes and, with `entries`, every entry; grows the tree and
    compares with `kept` and with what witnesses cosigned. Raises Refusal `log_unreachable`.
    """
    note, findings = _checkpoint(fetch, key)
    if note is None:
        return in_order(findings)
    signed = {note.size: note.root}
    findings += witnessed.contradictions(signed, cosigned)
    signed = {one.checkpoint.size: one.checkpoint.root for one in cosigned} | signed
    retrace = Retrace(signed, kept)
    # A cache may answer an older checkpoint than one that is cosigned already.
    for content, found in _leaf_tiles(fetch, max(signed), entries):
        findings += found
        if content is None:
            return in_order([*findings, *retrace.findings])
        retrace.add(content)
    return in_order([*findings, *retrace.finish()])


def seek(
    fetch: Fetch, *, key: VerifierKey, witnesses: Sequence[VerifierKey]
) -> tuple[tuple[Cosigned, ...], tuple[Finding, ...]]:
    """Return what each witness cosigned last, and what is wrong with it; ask before `audit`.

    The latest checkpoint may be younger than the witnesses' last round: then the one they cosigned is taken, and
    `audit` holds it against the same tree. Raises Refusal `log_unreachable`.
    """

    def read(one: VerifierKey) -> str | None:
        content = fetch(f"witnessed/{one.id.hex()}") or fetch("checkpoint")
        return None if content is None else content.decode(errors="replace")

    return witnessed.seek(read, key=key, witnesses=witnesses)


def keep(fetch: Fetch, folder: Path, *, key: VerifierKey) -> Checkpoint:
    """Write the published checkpoint and every leaf hash under it into `folder`.

    Raises NoteError when they do not belong together, and Refusal `log_unreachable`.
    """
    content = fetch("checkpoint")
    if content is None:
        raise NoteError("there is no checkpoint yet")
    note = content.decode()
    size = verify_checkpoint(note, key).size
    chunks = (hashes or b"" for hashes, _ in _leaf_tiles(fetch, size, entries=False))
    return copies.save(folder, note, chunks, key)


def _checkpoint(fetch: Fetch, key: VerifierKey) -> tuple[Checkpoint | None, list[Finding]]:
    content = fetch("checkpoint")
    if content is None:
        return None, [Finding(None, None, "checkpoint_missing")]
    try:
        return verify_checkpoint(content.decode(), key), []
    except ValueError as error:
        return None, [Finding(None, None, "checkpoint_unsigned", str(error))]


def _leaf_tiles(fetch: Fetch, size: int, entries: bool) -> Iterator[tuple[bytes | None, list[Finding]]]:
    wanted = tiles.addresses(size)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for at in range(0, len(wanted), ROUND):
            yield from pool.map(partial(_leaf_tile, fetch, entries), wanted[at : at + ROUND])


def _leaf_tile(fetch: Fetch, entries: bool, address: tiles.Address) -> tuple[bytes | None, list[Finding]]:
    """Return the leaf hashes of one tile, None when it is missing, and what is wrong with its entries."""
    first = address.index * tiles.WIDTH
    hashes = _resource(fetch, address)
    if hashes is None or len(hashes) != address.width * HASH_SIZE:
        return None, [Finding(first, None, "tile_missing", address.path)]
    if not entries:
        return hashes, []
    bundle = tiles.Address(None, address.index, address.width)
    try:
        leaves = tiles.unbundle(_resource(fetch, bundle) or b"")
    except ValueError:
        leaves = []
    computed = b"".join([merkle.leaf_hash(leaf) for leaf in leaves])
    place = first_difference(hashes, computed)
    if place is None:
        return hashes, []
    reason = "entry_altered" if place < len(leaves) else "entry_missing"
    return hashes, [Finding(first + place, _claimed_id(leaves, place), reason)]


def _resource(fetch: Fetch, address: tiles.Address) -> bytes | None:
    """Fetch a tile; when a partial one was dropped, the beginning of the full one that replaced it."""
    content = fetch(address.path)
    if content is not None or address.width == tiles.WIDTH:
        return content
    whole = fetch(tiles.Address(address.level, address.index, tiles.WIDTH).path)
    if whole is None:
        return None
    if address.level is None:
        return tiles.bundle(tiles.unbundle(whole)[: address.width])
    return whole[: address.width * HASH_SIZE]


def _claimed_id(leaves: Sequence[bytes], place: int) -> UUID | None:
    try:
        return UUID(json.loads(leaves[place])["id"])
    except (IndexError, ValueError, KeyError, TypeError):
        return None
