"""What somebody kept of the record: a checkpoint, and with it all leaf hashes when they kept a whole copy."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from amana.kernel.refusal import Refusal
from amana.ledger import merkle, refusals
from amana.ledger.merkle import HASH_SIZE
from amana.ledger.note import Checkpoint, NoteError, VerifierKey, verify_checkpoint

CHECKPOINT = "checkpoint"
HASHES = "hashes"


@dataclass(frozen=True, slots=True)
class Kept:
    """A verified checkpoint, and the leaf hashes under it where a whole copy was kept."""

    checkpoint: Checkpoint
    hashes: bytes | None = None


def load(path: Path, key: VerifierKey) -> Kept:
    """Read a checkpoint file, or a folder made by `keep`, and verify it.

    Raises Refusal `checkpoint_unverified`: with a false checkpoint nothing can be shown.
    """
    whole = path.is_dir()
    try:
        note = (path / CHECKPOINT if whole else path).read_text("utf-8")
        checkpoint = verify_checkpoint(note, key)
        hashes = (path / HASHES).read_bytes() if whole else None
    except (OSError, ValueError) as error:
        raise Refusal.of(refusals.CHECKPOINT_UNVERIFIED) from error
    if hashes is not None and not _stand_under(hashes, checkpoint):
        raise Refusal.of(refusals.CHECKPOINT_UNVERIFIED)
    return Kept(checkpoint, hashes)


def save(folder: Path, note: str, chunks: Iterable[bytes], key: VerifierKey) -> Checkpoint:
    """Write a whole copy into `folder`: the checkpoint appears last, and only over hashes it was signed for.

    Raises NoteError when the hashes are not those of the checkpoint.
    """
    checkpoint = verify_checkpoint(note, key)
    folder.mkdir(parents=True, exist_ok=True)
    tree = merkle.CompactRange()
    draft = folder / f"{HASHES}.new"
    with draft.open("wb") as file:
        for hashes in chunks:
            tree.extend(hashes)
            file.write(hashes)
        file.flush()
        os.fsync(file.fileno())
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        draft.unlink()
        raise NoteError("the entries are not those that were signed")
    (folder / f"{CHECKPOINT}.new").write_text(note, "utf-8")
    draft.replace(folder / HASHES)
    (folder / f"{CHECKPOINT}.new").replace(folder / CHECKPOINT)
    return checkpoint


def _stand_under(hashes: bytes, checkpoint: Checkpoint) -> bool:
    return len(hashes) == checkpoint.size * HASH_SIZE and merkle.root(hashes) == checkpoint.root
