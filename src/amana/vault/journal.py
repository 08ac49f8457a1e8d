"""The erase journal: what was forgotten, kept outside the database, so that an old backup brings nobody back.

One line is one record: its MAC (HMAC-SHA256 under the journal's own key), a space, its body in canonical
JSON. The body holds the number, the time, the kind, the subjects as keyed tags that name nobody, and the
SHA-256 of the line before; the first follows the SHA-256 of the deployment's number. A line is flushed to
disk before `append` returns, so what a crash left unfinished was never acknowledged and is put aside; any
other change refuses the whole journal. A journal that was cut off at a line's end is whole in itself: only a
head kept elsewhere (`compare`) tells.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self, get_args
from uuid import UUID

from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.vault import files, lines
from amana.vault.keys import prefixed

Kind = Literal["forget", "fresh_start", "restore", "rotate"]
Standing = Literal["same", "ahead", "behind", "forked", "missing"]
_Look = tuple[int, int, int, int]  # device, file, size, time of change
KINDS: Final[tuple[str, ...]] = get_args(Kind)
TAG_BYTES: Final = 16
SHORTEST_KEY: Final = 32
_GENESIS: Final = b"amana/journal/v1"
_RECORD: Final = b"amana/journal-record/v1"
_CUSTOMER: Final = b"amana/journal-customer/v1"
_ADDRESS: Final = b"amana/journal-address/v1"

register(
    "journal_missing",
    Bilingual(
        ar="سجل الحذف غير موجود، ولذلك الخدمة متوقفة حتى استعادته.",
        en="The erase journal is missing; the service waits until it is brought back.",
    ),
    status=503,
)
register(
    "journal_broken",
    Bilingual(
        ar="سجل الحذف تالف أو جرى تعديله، ولذلك الخدمة متوقفة حتى استعادته.",
        en="The erase journal is damaged or was altered; the service waits until it is brought back.",
    ),
    status=503,
)
register(
    "journal_unwritable",
    Bilingual(
        ar="تعذّرت الكتابة في سجل الحذف، ولم يتغيّر أي شيء.",
        en="The erase journal could not be written; nothing was changed.",
    ),
    status=503,
)
register(
    "journal_moved",
    Bilingual(
        ar="تغيّر سجل الحذف في هذه الأثناء. يُرجى إعادة المحاولة.",
        en="The erase journal has moved on meanwhile. Please try again.",
    ),
    status=503,
)


class JournalMissing(Refusal):
    """There is no journal, or no key to it, where one must be."""


class JournalBroken(Refusal):
    """The journal is not what was written, or not the one that was expected."""


class JournalUnwritable(Refusal):
    """A record did not reach the disk and does not count."""


class JournalMoved(Refusal):
    """The journal is not at the head the caller builds on."""


class Head(NamedTuple):
    """How far the journal goes: the number of its last record (0: none yet) and the hash of its line."""

    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the journal; `subjects` are tags, `head` is the journal's head after it."""

    sequence: int
    at: datetime
    kind: Kind
    subjects: tuple[bytes, ...]
    head: Head


class _Seen(NamedTuple):
    """What was verified, and how the file looked then."""

    look: _Look
    end: int
    head: Head


class Journal:
    """The journal of one deployment, in `folder`; many processes may hold one each."""

    def __init__(self, folder: Path, *, key: bytes, deployment: UUID) -> None:
        if len(key) < SHORTEST_KEY:
            raise ValueError("the journal's key has at least 32 bytes")
        self._folder = folder
        self._path = folder / "journal"
        self._key = key
        self._beginning = Head(0, hashlib.sha256(prefixed(_GENESIS, deployment.bytes)).digest())
        self._seen: _Seen | None = None

    @classmethod
    def at_home(cls, home: Path, *, deployment: UUID) -> Self:
        """Open `home`/journal with the key in `home`/secrets/journal. Raises: JournalMissing without it."""
        return cls(home / "journal", key=read_key(home), deployment=deployment)

    def create(self) -> None:
        """Begin the journal of a new deployment; one that is there stays as it is."""
        files.private_folder(self._folder)
        with files.locked(self._folder):
            if not self._path.exists():
                files.write_whole(self._path, b"")

    def head(self) -> Head:
        """Return the verified head; reads only what is new since the last call of this object.

        Raises: JournalMissing; JournalBroken, also when records are gone that this object has seen.
        """
        if self._seen is not None and self._seen.look == self._look():
            return self._seen.head
        with self._reading():
            return self._state().head

    def records(self, since: int = 0) -> list[Record]:
        """Return all records numbered above `since`; verifies the whole file. Raises: as `head`."""
        with self._reading():
            return [record for record in self._scan(None)[1] if record.sequence > since]

    def forgotten(self) -> frozenset[bytes]:
        """Return the tags that must not come back: forgotten, not begun afresh since. Raises: as `head`."""
        tags: set[bytes] = set()
        for record in self.records():
            if record.kind == "forget":
                tags.update(record.subjects)
            elif record.kind == "fresh_start":
                tags.difference_update(record.subjects)
        return frozenset(tags)

    def compare(self, head: Head) -> Standing:
        """Say how this journal stands to a `head` kept elsewhere: in the database, a checkpoint, a backup.

        Same; ahead (it holds that head and more: replay); behind (it ends before: cut off); forked (it holds
        another record there); missing. A head with number 0 may have an empty hash. Raises: JournalBroken.
        """
        try:
            with self._reading():
                return self._standing(head)
        except JournalMissing:
            return "missing"

    def append(
        self, *, kind: Kind, subjects: Iterable[bytes], at: datetime, expected: Head | None = None
    ) -> Head:
        """Add one record and return the head with it, after it is on disk; call it before the commit.

        `expected` is the head the caller builds on, if any: another one is refused. `at` is aware.
        Raises: JournalMissing, JournalBroken, JournalMoved, JournalUnwritable.
        """
        if kind not in KINDS or at.utcoffset() is None:
            raise ValueError("a record has a known kind and an aware time")
        self._look()
        with files.locked(self._folder):
            state = self._state()
            if expected is not None and self._standing(expected) != "same":
                raise JournalMoved.of("journal_moved")
            line = self._line(state.head, kind=kind, subjects=sorted(set(subjects)), at=at)
            self._write(line + b"\n", position=state.end)
            return self._state().head

    def tag_customer(self, customer: CustomerId) -> bytes:
        """Return the tag of a person (16 bytes)."""
        return self._tag(_CUSTOMER, customer.bytes)

    def tag_address(self, field: str, normalised: str) -> bytes:
        """Return the tag of a normalised address; it stays the same however often index keys rotate."""
        return self._tag(_ADDRESS, prefixed(field.encode(), normalised.encode("utf-8", "surrogatepass")))

    def _tag(self, use: bytes, subject: bytes) -> bytes:
        return hmac.digest(self._key, use + subject, hashlib.sha256)[:TAG_BYTES]

    def _line(self, before: Head, *, kind: Kind, subjects: Sequence[bytes], at: datetime) -> bytes:
        body = {
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": kind,
            "previous": before.hash.hex(),
            "sequence": before.sequence + 1,
            "subjects": [tag.hex() for tag in subjects],
        }
        written = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        return lines.signed(self._key, _RECORD, written)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        # A record that is not on disk yet may still be taken back, so readers wait for its writer.
        self._look()
        with files.locked(self._folder, shared=True):
            yield

    def _standing(self, head: Head) -> Standing:
        mine = self._state().head
        if head.sequence > mine.sequence:
            return "behind"
        found = mine if head.sequence == mine.sequence else self._head_at(head.sequence)
        if head.hash != found.hash and (head.sequence, head.hash) != (0, b""):
            return "forked"
        return "same" if head.sequence == mine.sequence else "ahead"

    def _head_at(self, sequence: int) -> Head:
        return self._scan(None)[1][sequence - 1].head if sequence > 0 else self._beginning

    def _look(self) -> _Look:
        try:
            return _as_look(self._path.stat())
        except FileNotFoundError:
            raise JournalMissing.of("journal_missing") from None

    def _state(self) -> _Seen:
        seen, look = self._seen, self._look()
        if seen is not None and seen.look == look:
            return seen
        grown = seen is not None and seen.look[:2] == look[:2] and seen.look[2] < look[2]
        return self._scan(seen if grown else None)[0]

    def _scan(self, start: _Seen | None) -> tuple[_Seen, list[Record]]:
        """Read and check every whole line after `start`, or all; what is found becomes what was seen."""
        seen = self._seen
        end, head = (start.end, start.head) if start else (0, self._beginning)
        look, content = self._read(end)
        records = []
        for line in content.split(b"\n")[:-1]:
            record = self._checked(line, head)
            end, head = end + len(line) + 1, record.head
            if seen is not None and head.sequence == seen.head.sequence and head != seen.head:
                raise JournalBroken.of("journal_broken")
            records.append(record)
        if seen is not None and head.sequence < seen.head.sequence:
            raise JournalBroken.of("journal_broken")
        self._seen = _Seen(look, end, head)
        return self._seen, records

    def _read(self, position: int) -> tuple[_Look, bytes]:
        try:
            with self._path.open("rb") as file:
                look = _as_look(os.fstat(file.fileno()))
                file.seek(position)
                return look, file.read()
        except FileNotFoundError:
            raise JournalMissing.of("journal_missing") from None

    def _checked(self, line: bytes, before: Head) -> Record:
        body = lines.find_body(self._key, _RECORD, line)
        if body is None:
            raise JournalBroken.of("journal_broken")
        held = json.loads(body)
        if (held["sequence"], held["previous"]) != (before.sequence + 1, before.hash.hex()):
            raise JournalBroken.of("journal_broken")
        return Record(
            sequence=held["sequence"],
            at=datetime.fromisoformat(held["at"]),
            kind=held["kind"],
            subjects=tuple(bytes.fromhex(tag) for tag in held["subjects"]),
            head=Head(held["sequence"], hashlib.sha256(line).digest()),
        )

    def _write(self, line: bytes, *, position: int) -> None:
        """Write `line` at `position` and flush it; put aside what an interrupted writer left there."""
        try:
            lines.put(self._path, line, position=position, aside=self._folder / "unfinished")
        except OSError as error:
            raise JournalUnwritable.of("journal_unwritable") from error


def read_key(home: Path) -> bytes:
    """Return the journal's key. Raises: JournalMissing where there is none."""
    try:
        return (home / "secrets" / "journal").read_bytes().strip()
    except FileNotFoundError:
        raise JournalMissing.of("journal_missing") from None


def _as_look(found: os.stat_result) -> _Look:
    return found.st_dev, found.st_ino, found.st_size, found.st_ctime_ns
