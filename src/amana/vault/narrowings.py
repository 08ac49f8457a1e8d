"""What people narrowed, kept outside the database, so that restoring an older one does not lose it.

One line is one decision, or one channel of somebody that was suppressed: its MAC under the erase journal's key, a
space, its body in canonical JSON. The body holds the line's number, the time, the ledger's entry of the decision,
what was narrowed by name, and the person as the journal's keyed tag, which names nobody once they are erased.
Numbers follow each other. Two marks stand among the lines: `pruned`, at the beginning, for older lines that no
backup needs any more; `resumed`, where lines are missing that the database knew.

A line may be there twice, under two numbers: whoever wrote it died before the database knew. Written by many,
under a lock; read without one, up to where the file ended.
"""

import fcntl
import itertools
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, NamedTuple, Self
from uuid import UUID

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.vault import files, lines
from amana.vault.journal import SHORTEST_KEY, read_key
from amana.vault.keys import prefixed

Kind = Literal["withdrawn", "objected", "restricted", "suppressed"]
Mark = Literal["pruned", "resumed"]
_LINE: Final = b"amana/narrowing/v1"
# More than the longest line: names are no longer than 63 letters.
_TAIL: Final = 4096

register(
    "narrowings_broken",
    Bilingual(
        ar="سجل طلبات السحب والاعتراض والتقييد تالف أو جرى تعديله. يُرجى استعادة أحدث نسخة سليمة منه، أو نقله "
        "جانبًا وإدخال ما فيه من جديد.",
        en="The file of withdrawals, objections and restrictions is damaged or was altered. Bring its newest sound "
        "copy back, or move it aside and enter again what it held.",
    ),
    status=503,
)
register(
    "narrowings_unwritable",
    Bilingual(
        ar="تعذّرت الكتابة في سجل طلبات السحب والاعتراض والتقييد، وستُعاد المحاولة.",
        en="The file of withdrawals, objections and restrictions could not be written; it is tried again.",
    ),
    status=503,
)


class NarrowingsBroken(Refusal):
    """The file is not what was written."""


class NarrowingsUnwritable(Refusal):
    """Lines did not reach the disk and do not count."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One decision that narrowed: when, its entry in the ledger, whose by tag, and what; `channel` None for all.

    A suppression is one of a channel alone: nobody's words decided it, and it has no purpose.
    """

    at: datetime
    entry: UUID
    person: bytes
    kind: Kind
    purpose: str | None
    channel: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, and either a narrowing or a mark; a mark's number is the last one it stands for."""

    number: int
    at: datetime
    narrowing: Narrowing | None = None
    mark: Mark | None = None


class Written(NamedTuple):
    """The last number before the lines that were added, and after them."""

    before: int
    last: int


class Checked(NamedTuple):
    """The last number of a file whose every line is what was written, and whether any are missing."""

    last: int
    lost: bool


class Narrowings:
    """The narrowings of one deployment, in `folder`; many processes may hold one each."""

    def __init__(self, folder: Path, *, key: bytes, deployment: UUID) -> None:
        if len(key) < SHORTEST_KEY:
            raise ValueError("the journal's key has at least 32 bytes")
        self._folder = folder
        self._path = folder / "narrowed"
        self._key = key
        self._use = prefixed(_LINE, deployment.bytes)

    @classmethod
    def at_home(cls, home: Path, *, deployment: UUID) -> Self:
        """Open `home`/journal/narrowed under the journal's key. Raises: JournalMissing without the key."""
        return cls(home / "journal", key=read_key(home), deployment=deployment)

    def last(self) -> int:
        """Return the last number; 0 where there is no file, or nothing in it. Raises: NarrowingsBroken."""
        try:
            with self._path.open("rb") as file, _held(file, fcntl.LOCK_SH):
                return self._ending(file)[1]
        except FileNotFoundError:
            return 0

    def append(self, narrowings: Iterable[Narrowing], *, known: int, at: datetime) -> Written:
        """Add lines and flush them to disk, once; call it before the commit. `known` is the database's last number.

        Where the file ends before it, a mark says so first. Raises: NarrowingsBroken, NarrowingsUnwritable.
        """
        try:
            with self._writing() as file:
                end, before = self._ending(file)
                last = max(before, known)
                added = [Line(known, at, mark="resumed")] if known > before else []
                added += [Line(last + n, each.at, each) for n, each in enumerate(narrowings, 1)]
                content = b"".join(self._written(line) for line in added)
                lines.put(self._path, content, position=end, aside=self._folder / "unfinished")
                return Written(before, added[-1].number if added else before)
        except OSError as error:
            raise NarrowingsUnwritable.of("narrowings_unwritable") from error

    def read(self) -> Iterator[Line]:
        """Give every line from the first, each checked; nothing where there is no file. Raises: NarrowingsBroken."""
        try:
            with self._path.open("rb") as file:
                with _held(file, fcntl.LOCK_SH):
                    end, _ = self._ending(file)
                yield from (line for line, _ in self._lines(file, end))
        except FileNotFoundError:
            return

    def check(self) -> Checked:
        """Read all of it, and say how far it goes and whether lines are missing. Raises: NarrowingsBroken."""
        last, lost = 0, False
        for line in self.read():
            last, lost = line.number, lost or line.mark == "resumed"
        return Checked(last, lost)

    def prune(self, before: datetime) -> int:
        """Remove the lines up to the first that is not older than `before`; return how many went.

        Raises: NarrowingsBroken, NarrowingsUnwritable.
        """
        if not self._path.exists():
            return 0
        try:
            with self._writing() as file:
                return self._prune(file, before)
        except OSError as error:
            raise NarrowingsUnwritable.of("narrowings_unwritable") from error

    def _prune(self, file: BinaryIO, before: datetime) -> int:
        end, _ = self._ending(file)
        aged = itertools.takewhile(lambda found: found[0].at < before, self._lines(file, end))
        gone = [(line.number, after) for line, after in aged if line.mark != "pruned"]
        if gone:
            number, position = gone[-1]
            file.seek(position)
            rest = iter(lambda: file.read(1 << 20), b"")
            files.write_whole(
                self._path, itertools.chain([self._written(Line(number, before, mark="pruned"))], rest)
            )
        return len(gone)

    @contextmanager
    def _writing(self) -> Iterator[BinaryIO]:
        """Hold the file alone, made where it is missing; pruning puts another in its place while one waits."""
        while True:
            if not self._path.exists():
                with files.locked(files.private_folder(self._folder)):
                    if not self._path.exists():
                        files.write_whole(self._path, b"")
            with self._path.open("r+b") as file, _held(file, fcntl.LOCK_EX):
                if self._path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                    yield file
                    return

    def _ending(self, file: BinaryIO) -> tuple[int, int]:
        """Return where the last whole line ends, and its number: 0 and 0 when there is none."""
        size = file.seek(0, os.SEEK_END)
        # An interrupted writer may have left much: then the last whole line is looked for in all of it.
        for start in (max(0, size - _TAIL), 0):
            file.seek(start)
            tail = file.read(size - start)
            whole = tail.rfind(b"\n") + 1
            begin = tail.rfind(b"\n", 0, max(0, whole - 1)) + 1
            if begin > 0:
                break
        return (start + whole, self._checked(tail[begin : whole - 1]).number) if whole else (0, 0)

    def _lines(self, file: BinaryIO, end: int) -> Iterator[tuple[Line, int]]:
        """Give each line up to `end` with the position after it, from the beginning."""
        position, number = 0, 0
        file.seek(0)
        while position < end:
            raw = file.readline()
            line = self._checked(raw.removesuffix(b"\n"))
            if not _follows(line, number, first=position == 0):
                raise NarrowingsBroken.of("narrowings_broken")
            position, number = position + len(raw), line.number
            yield line, position

    def _written(self, line: Line) -> bytes:
        body: dict[str, object] = {"at": line.at.astimezone(UTC).isoformat(timespec="microseconds")}
        body["number"] = line.number
        if line.narrowing is None:
            body["mark"] = line.mark
        else:
            each = line.narrowing
            body |= {"entry": each.entry.hex, "person": each.person.hex(), "kind": each.kind}
            body |= {"purpose": each.purpose, "channel": each.channel, "language": each.language}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        return lines.signed(self._key, self._use, text.encode()) + b"\n"

    def _checked(self, line: bytes) -> Line:
        body = lines.find_body(self._key, self._use, line)
        if body is None:
            raise NarrowingsBroken.of("narrowings_broken")
        return _line(json.loads(body))


def _line(held: dict[str, Any]) -> Line:
    at = datetime.fromisoformat(held["at"])
    if "mark" in held:
        return Line(held["number"], at, mark=held["mark"])
    narrowing = Narrowing(
        at=at,
        entry=UUID(held["entry"]),
        person=bytes.fromhex(held["person"]),
        kind=held["kind"],
        purpose=held["purpose"],
        channel=held["channel"],
        language=held["language"],
    )
    return Line(held["number"], at, narrowing)


def _follows(line: Line, number: int, *, first: bool) -> bool:
    if line.mark == "pruned":
        return first
    return line.number > number if line.mark == "resumed" else line.number == number + 1


@contextmanager
def _held(file: BinaryIO, how: int) -> Iterator[None]:
    """Hold an open file, alone or shared, among all processes and threads that ask for it."""
    fcntl.flock(file, how)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
