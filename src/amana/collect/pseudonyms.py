"""What stands for a browser or a user: one pseudonym for each purpose, which nobody can match without the key.

An identifier is never written. Each purpose has a key of its own, derived from one secret by HKDF (RFC 5869), and the
pseudonym is a keyed hash under it: two purposes cannot be joined by it, and without the secret nothing leads back.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal, TypeAlias

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

Kind: TypeAlias = Literal["anonymous", "user"]

SECRET_BYTES: Final = 32
PSEUDONYM_BYTES: Final = 16
# A browser's identifier and a user's never meet, even where a website uses one for the other.
_PERSON: Final[dict[Kind, bytes]] = {"anonymous": b"amana.anonymous", "user": b"amana.user"}


def key_path() -> Path:
    """Return where the secret of the pseudonyms is kept."""
    return Path(settings.AMANA_PSEUDONYM_KEY_FILE or Path(settings.AMANA_HOME) / "secrets" / "pseudonyms")


def make_key(path: Path) -> None:
    """Make the secret, unless it is there. Lost, no pseudonym is ever found again; that is all it means."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(os.urandom(SECRET_BYTES).hex())


def person(purpose: str, identifier: str, kind: Kind = "anonymous") -> str:
    """Return the pseudonym, 32 hex digits, of an anonymousId or userId for one purpose."""
    return _hasher(purpose, kind)(identifier)


def persons(purpose: str, *, anonymous_id: str = "", user_id: str = "") -> tuple[str, ...]:
    """Return every pseudonym these identifiers have for one purpose."""
    given: tuple[tuple[Kind, str], ...] = (("anonymous", anonymous_id), ("user", user_id))
    return tuple(person(purpose, identifier, kind) for kind, identifier in given if identifier)


@lru_cache(maxsize=1024)
def _hasher(purpose: str, kind: Kind) -> Callable[[str], str]:
    secret = bytes.fromhex(key_path().read_text("ascii").strip())
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"amana.collect/" + purpose.encode()).derive(
        secret
    )
    # A hash already keyed is copied: that is cheaper than keying anew for each event.
    keyed = blake2b(key=key, digest_size=PSEUDONYM_BYTES, person=_PERSON[kind])

    def hashed(identifier: str) -> str:
        copy = keyed.copy()
        copy.update(identifier.encode("utf-8", "surrogatepass"))
        return copy.hexdigest()

    return hashed
