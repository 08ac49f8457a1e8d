"""Turn passwords into proofs: what leaves this file is never a password."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, field

from django.contrib.auth import password_validation

from amana.kernel.refusal import Refusal

SALT_BYTES = 16
MIN_LENGTH = 15
COST = 2**15
_EASY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the database is given for a password: the verifier (32 bytes) and its salt (16 bytes)."""

    verifier: bytes = field(repr=False)
    salt: bytes = field(repr=False)


def verifier_of(password: str, salt: bytes) -> bytes:
    """Return scrypt (RFC 7914) of the password in NFC (RFC 8265, section 4.2): 32 bytes.

    The cost is the one OWASP's Password Storage Cheat Sheet gives for 32 MiB (N=2^15, r=8, p=3).
    """
    return hashlib.scrypt(
        unicodedata.normalize("NFC", password).encode(),
        salt=salt, n=COST, r=8, p=3, maxmem=2**26, dklen=32,
    )  # fmt: skip


def proof_of(password: str) -> Proof:
    """Return the proof of a new password under a fresh random salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Proof(verifier_of(password, salt), salt)


def check(password: str, *, email: str) -> None:
    """Refuse a short or easily guessed password (NIST SP 800-63B-4, section 3.1.1.2). Raises Refusal."""
    plain = unicodedata.normalize("NFC", password)
    if len(plain) < MIN_LENGTH:
        raise Refusal.of("password_too_short")
    lowered = plain.lower()
    local_part = email.lower().partition("@")[0]
    named = len(local_part) > 3 and local_part in lowered
    if named or len(set(lowered)) < 6 or lowered in password_validation.CommonPasswordValidator().passwords:
        raise Refusal.of("password_too_common")


def temporary() -> str:
    """Return a random password to be handed over once: 20 characters, about 99 bits."""
    groups = ["".join(secrets.choice(_EASY_ALPHABET) for _ in range(5)) for _ in range(4)]
    return "-".join(groups)
