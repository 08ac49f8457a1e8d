"""Whether witnesses cosigned the record, and when: by keys pinned before, like the log's own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from amana.ledger.note import Checkpoint, Note, NoteError, VerifierKey, verify_checkpoint, verify_cosignature
from amana.ledger.verify.findings import Finding

Read: TypeAlias = Callable[[VerifierKey], str | None]
"""Read the newest checkpoint that a witness cosigned; None when there is none."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """That a witness cosigned a checkpoint of the log, at `time` in seconds since 1970 by its own clock."""

    witness: VerifierKey
    checkpoint: Checkpoint
    time: int

    @property
    def at(self) -> datetime:
        """The moment, in UTC; the last one there is for a time beyond it."""
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        try:
            return epoch + timedelta(seconds=self.time)
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC)


def seek(
    read: Read, *, key: VerifierKey, witnesses: Sequence[VerifierKey]
) -> tuple[tuple[Cosigned, ...], tuple[Finding, ...]]:
    """Return what each of the witnesses cosigned last, and a finding for each whose cosignature does not hold."""
    found = [_check(read(one), key, one) for one in witnesses]
    return (
        tuple(one for one in found if isinstance(one, Cosigned)),
        tuple(one for one in found if isinstance(one, Finding)),
    )


def _check(note: str | None, key: VerifierKey, witness: VerifierKey) -> Cosigned | Finding:
    try:
        if note is None or Note.parse(note).find(witness) is None:
            return Finding(None, None, "cosignature_missing", witness.name)
        return Cosigned(witness, verify_checkpoint(note, key), verify_cosignature(note, witness))
    except NoteError as error:
        return Finding(None, None, "cosignature_false", f"{witness.name}: {error}")


def contradictions(signed: Mapping[int, bytes], cosigned: Sequence[Cosigned]) -> Iterator[Finding]:
    """Yield a finding for each cosigned checkpoint that has another root than `signed` has for its size."""
    for one in cosigned:
        size, root = one.checkpoint.size, one.checkpoint.root
        if signed.get(size, root) != root:
            detail = f"{one.witness.name} cosigned another tree of {size} entries"
            yield Finding(None, None, "checkpoint_false", detail)
