"""Lines that name their writer: each behind its MAC, added to the end of a private file, on disk before they count.

What a crash left unfinished at the end of such a file was never acknowledged: it is put aside, and never read.
"""

import hashlib
import hmac
import io
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)


def signed(key: bytes, use: bytes, body: bytes) -> bytes:
    """Return `body` behind its MAC (HMAC-SHA256, RFC 2104) and a space; `use` keeps the lines of two files apart."""
    return _mac(key, use, body) + b" " + body


def find_body(key: bytes, use: bytes, line: bytes) -> bytes | None:
    """Return what stands behind the MAC of `line`; None when it is not what was written."""
    mac, _, body = line.partition(b" ")
    return body if hmac.compare_digest(mac, _mac(key, use, body)) else None


def put(path: Path, content: bytes, *, position: int, aside: Path) -> None:
    """Write whole lines at `position` of `path` and flush them; what an interrupted writer left there goes `aside`.

    Raises OSError; the file then ends at `position`.
    """
    with path.open("r+b", buffering=0) as file:
        file.seek(position)
        if unfinished := file.read():
            _put_aside(unfinished, position, aside)
        try:
            _put(file, content, position)
        except OSError:
            file.truncate(position)
            raise


def _mac(key: bytes, use: bytes, body: bytes) -> bytes:
    return hmac.digest(key, use + body, hashlib.sha256).hex().encode()


def _put(file: io.FileIO, content: bytes, position: int) -> None:
    file.truncate(position)
    file.seek(position)
    if file.write(content) != len(content):
        raise OSError("the lines were written in part only")
    os.fsync(file.fileno())


def _put_aside(unfinished: bytes, position: int, aside: Path) -> None:
    log.warning("%s: %d bytes of an unfinished line put aside", aside.parent.name, len(unfinished))
    with aside.open("ab") as kept:
        kept.write(b"%d %s\n" % (position, unfinished.hex().encode()))
        kept.flush()
        os.fsync(kept.fileno())
