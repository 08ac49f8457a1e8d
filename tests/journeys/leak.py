"""Look for what somebody told us in what a deployment leaves behind, however it may be written."""

import base64
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from quopri import encodestring
from typing import Any
from urllib.parse import quote

from amana.cli import postgres
from amana.web import home

# Keys, which are nobody's data, and the shoppers' own mailboxes, which stand in for other people's servers.
NOT_READ = frozenset({"keys", "index-keys", "secrets", "mailbox"})
BLANK = re.compile(rb"=?\r?\n[ \t]*")


def writings(text: str) -> dict[str, bytes]:
    """Return the ways a text may be written, by name."""
    plain = text.encode("utf-8")
    found = {
        "plain": plain,
        "utf-16": text.encode("utf-16-le"),
        "twice utf-8": plain.decode("latin-1").encode("utf-8"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "percent": quote(text).encode(),
        "json": text.encode("ascii", "backslashreplace"),
        "quoted-printable": BLANK.sub(b"", encodestring(plain)),
    }
    for skipped in range(3):
        # The three ways bytes can fall into base64's groups, without the letters that others share.
        whole = plain[(3 - skipped) % 3 :]
        whole = whole[: len(whole) // 3 * 3]
        found[f"base64 +{skipped}"] = base64.b64encode(whole)
        found[f"base64url +{skipped}"] = base64.urlsafe_b64encode(whole)
    return found


def find(texts: Mapping[str, str], places: Iterable[tuple[str, bytes]]) -> list[str]:
    """Name each text found in a place, and how it was written there."""
    sought = [
        (name, how, writing)
        for name, text in texts.items()
        for how, writing in writings(text).items()
        if len(writing) >= 6
    ]
    return [
        f"{name} ({how}) in {where}"
        for where, content in places
        for joined in [BLANK.sub(b"", content)]
        for name, how, writing in sought
        if writing in content or writing in joined
    ]


def dumped(place: Path) -> bytes:
    """Return the whole database of a home as SQL, by the superuser."""
    address = superuser(place)
    program = postgres.program("pg_dump")
    words = [program, "-h", address["host"], "-p", address["port"], "-U", address["user"], home.DATABASE]
    done = subprocess.run(words, env={"PGPASSWORD": address["password"]}, capture_output=True, check=True)
    return done.stdout


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Return every file under a folder but those of `NOT_READ`, with its content."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not NOT_READ & set(parts):
            yield "/".join(parts), path.read_bytes()


def superuser(place: Path) -> dict[str, Any]:
    """Return how the superuser of a home reaches its database."""
    location = postgres.place_for(place)
    password = (place / "secrets" / "pg-superuser").read_text("utf-8").strip()
    return {"host": str(location.socket), "port": "5432", "user": "postgres", "password": password}
