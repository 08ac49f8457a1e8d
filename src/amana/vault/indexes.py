"""Blind and token indexes: exact look-ups of an address, and look-ups by a word of a name, without a
plaintext.

HMAC-SHA256 (RFC 2104) cut to 16 bytes, with one derived key for each use and field, so that equal texts in
two fields do not look alike. Whoever holds the table but not the key can still count how often a token
occurs. An index key cannot be changed without the plaintext: rotating it means opening each value and
indexing it anew (`gate/reindexing.py`), and until that is done look-ups ask under every key at hand.
"""

import hashlib
import hmac
from typing import Final, NamedTuple

from amana.kernel.arabic import search_tokens
from amana.vault.keys import KeyRing, prefixed

INDEX_BYTES: Final = 16
_BLIND: Final = b"amana/blind-index/v1"
_TOKEN: Final = b"amana/token-index/v1"


class Indexed(NamedTuple):
    """One keyed hash and the number of the index key that made it."""

    key_id: int
    digest: bytes


def _field_key(key: bytes, use: bytes, field: str) -> bytes:
    return hmac.digest(key, prefixed(use, field.encode()), hashlib.sha256)


def _cut(key: bytes, text: str) -> bytes:
    # Half of a character pair must not end as an error that carries the text.
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)[:INDEX_BYTES]


def blind_index(key: bytes, field: str, normalised: str) -> bytes:
    """Return the 16 bytes by which `normalised` is found in `field`; the caller has normalised it."""
    return _cut(_field_key(key, _BLIND, field), normalised)


def token_index(key: bytes, field: str, text: str) -> list[bytes]:
    """Return the 16 bytes of each distinct search word of `text`, sorted: their order tells nothing."""
    field_key = _field_key(key, _TOKEN, field)
    return sorted({_cut(field_key, token) for token in search_tokens(text)})


def blind(*, ring: KeyRing, field: str, normalised: str) -> Indexed:
    """Return what to store for `normalised` in `field`, under the current index key. Raises: KeyMissing."""
    number = ring.current
    return Indexed(number, blind_index(ring.get(number), field, normalised))


def tokens(*, ring: KeyRing, field: str, text: str) -> list[Indexed]:
    """Return what to store for the words of `text`, by the current index key. Raises: KeyMissing."""
    number = ring.current
    return [Indexed(number, digest) for digest in token_index(ring.get(number), field, text)]


def blind_candidates(*, ring: KeyRing, field: str, normalised: str) -> list[Indexed]:
    """Return what to look `normalised` up by: one for each index key at hand, the newest first."""
    return [Indexed(n, blind_index(ring.get(n), field, normalised)) for n in reversed(ring.numbers)]


def token_candidates(*, ring: KeyRing, field: str, text: str) -> list[list[Indexed]]:
    """Return what to look the words of `text` up by: one list for each index key, the newest first."""
    return [[Indexed(n, d) for d in token_index(ring.get(n), field, text)] for n in reversed(ring.numbers)]
