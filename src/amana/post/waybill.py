"""Write down, outside the database, how far a hand-over came.

While a batch is handed over its people are locked in one transaction, so the database cannot keep a note
that survives a crash. The waybill can: before a message's content leaves, its begin is on disk; afterwards
its verdict. Whoever finds a batch taken by a process that is gone reads it and knows which messages never
left, which are done, and which one nobody can know about. It holds message ids and status codes, nothing
else.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from amana.post.transports import Outcome, Verdict

BEGUN = Verdict(Outcome.UNCONFIRMED, "crash")


class Waybill:
    """The open waybill of one batch."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def begin(self, message: UUID) -> None:
        """Note that this message is about to leave; on disk when it returns."""
        self._write(f"begin {message}")
        os.fdatasync(self._handle)

    def end(self, message: UUID, verdict: Verdict) -> None:
        """Note what became of it; unflushed, so after a power cut the message counts as unconfirmed."""
        self._write(f"end {message} {verdict.outcome} {verdict.status}")

    def _write(self, line: str) -> None:
        os.write(self._handle, f"{line}\n".encode("ascii", "replace"))


@contextmanager
def opened(folder: Path, batch: UUID) -> Iterator[Waybill]:
    """Start the waybill of a batch. Raises FileExistsError when it was started before."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(_path(folder, batch), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    try:
        _flush_names(folder)
        yield Waybill(handle)
    finally:
        os.close(handle)


def find(folder: Path, batch: UUID) -> Mapping[UUID, Verdict] | None:
    """Return the verdict of every message that left, or None where no waybill is here.

    A message that is absent never left. A last line torn by a crash belongs to a message whose begin is on
    disk.
    """
    try:
        text = _path(folder, batch).read_text("ascii", "replace")
    except FileNotFoundError:
        return None
    verdicts: dict[UUID, Verdict] = {}
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):
            _note(verdicts, line.split(maxsplit=3))
        elif line.startswith("begin "):
            _note(verdicts, line.split()[:2])
    return verdicts


def _note(verdicts: dict[UUID, Verdict], words: list[str]) -> None:
    if words[0] == "begin":
        # A begin that was torn never returned, so nothing left after it.
        if len(words) == 2 and len(words[1]) == 36:
            verdicts[UUID(words[1])] = BEGUN
    elif words[0] == "end" and len(words) >= 3:
        verdicts[UUID(words[1])] = Verdict(Outcome(words[2]), words[3].strip() if len(words) > 3 else "")


def discard(folder: Path, batch: UUID) -> None:
    """Remove the waybill of a batch whose verdicts the database has."""
    _path(folder, batch).unlink(missing_ok=True)


def _path(folder: Path, batch: UUID) -> Path:
    return folder / f"{batch}.waybill"


def _flush_names(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
