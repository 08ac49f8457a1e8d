"""The demo's mailboxes: one Maildir for each shopper, as their own provider would keep it. Only in the demo.

What lies here is the shopper's copy, not the retailer's: nothing in the platform reads it but the pages
that show it.
"""

import mailbox as maildirs
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from amana.kernel import emails
from amana.post import parse

_KEY = re.compile(r"[A-Za-z0-9._=,:-]{1,200}")


@dataclass(frozen=True, slots=True)
class Box:
    """One shopper's mailbox."""

    address: str
    key: str
    count: int
    latest_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One mail in a mailbox's list."""

    key: str
    subject: str
    sender: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """One mail as its reader sees it."""

    line: Line
    to: str
    text: str
    has_html: bool
    headers: tuple[tuple[str, str], ...]


def root() -> Path:
    """Return where the demo's mailboxes lie."""
    return Path(settings.AMANA_HOME) / "mailbox"


def deliver(folder: Path, *, address: str, raw: bytes) -> str:
    """Put a mail into its reader's mailbox; on disk when it returns. Returns its key."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    box = maildirs.Maildir(str(folder / box_key(address)), factory=None, create=True)
    return box.add(raw)


def box_key(address: str) -> str:
    """Return the folder's name for an address: safe on any file system, and back again."""
    return urlsafe_b64encode(emails.matching(address).encode("utf-8")).decode("ascii").rstrip("=")


def address_of(key: str) -> str:
    """Return the address a folder stands for. Raises ValueError for anything else."""
    address = urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode("utf-8")
    if box_key(address) != key or len(key) > 255:
        raise ValueError("not a mailbox")
    return address


def boxes(folder: Path, *, containing: str = "", limit: int = 50) -> tuple[Box, ...]:
    """List the mailboxes whose address contains a text, the latest first."""
    if not folder.exists():
        return ()
    sought = containing.strip().lower()
    found = [path for path in folder.iterdir() if path.is_dir() and sought in address_of(path.name)]
    found.sort(key=_latest, reverse=True)
    return tuple(
        Box(address_of(path.name), path.name, len(_files(path)), _moment(_latest(path)))
        for path in found[:limit]
    )


def lines(folder: Path, *, key: str, limit: int = 100) -> tuple[Line, ...]:
    """List the mails of one mailbox, the latest first. Raises ValueError for an unknown mailbox."""
    files = sorted(_files(_place(folder, key)), key=_sort_key, reverse=True)
    return tuple(_line(path, path.read_bytes()) for path in files[:limit])


def read(folder: Path, *, key: str, mail: str) -> Opened:
    """Return one mail. Raises ValueError where there is none."""
    path = _file(folder, key, mail)
    raw = path.read_bytes()
    text, html = parse.parts(raw)
    return Opened(
        _line(path, raw), address_of(key), text or parse.text_of_html(html), bool(html), parse.headers(raw)
    )


def html(folder: Path, *, key: str, mail: str) -> str:
    """Return the HTML part of one mail, as it was sent. Raises ValueError where there is none."""
    page = parse.parts(_file(folder, key, mail).read_bytes())[1]
    if not page:
        raise ValueError("no page")
    return page


def _place(folder: Path, key: str) -> Path:
    address_of(key)
    path = folder / key
    if not path.is_dir():
        raise ValueError("no such mailbox")
    return path


def _file(folder: Path, key: str, mail: str) -> Path:
    if not _KEY.fullmatch(mail):
        raise ValueError("no such mail")
    for path in _files(_place(folder, key)):
        if path.name.partition(":")[0] == mail:
            return path
    raise ValueError("no such mail")


def _files(box: Path) -> list[Path]:
    return [path for part in ("new", "cur") for path in (box / part).iterdir()]


def _latest(box: Path) -> float:
    return (box / "new").stat().st_mtime


def _sort_key(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _line(path: Path, raw: bytes) -> Line:
    found = dict(reversed([(name.lower(), value) for name, value in parse.headers(raw)]))
    key = path.name.partition(":")[0]
    return Line(key, found.get("subject", ""), found.get("from", ""), _moment(path.stat().st_mtime))
