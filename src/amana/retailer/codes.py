"""Secrets of authenticators (RFC 6238) and recovery codes: sealed and proven by a key outside the database."""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import segno
from django.conf import settings

from amana.kernel.digits import to_western
from amana.kernel.refusal import Refusal

SECRET_BYTES: Final = 20
NONCE_BYTES: Final = 16
CODES: Final = 10
DIGITS: Final = 6
_PAD_LABEL: Final = b"amana/second-factor/pad/v1"
_RECOVERY_LABEL: Final = b"amana/second-factor/recovery/v1"
_EASY_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that authenticator and database share; `sealed` is what the database is given of it."""

    nonce: bytes
    sealed: bytes
    plain: bytes = field(repr=False)


def key_path(home: Path | None = None) -> Path:
    """Return where this deployment keeps the key of second factors."""
    return (home or Path(settings.AMANA_HOME)) / "secrets" / "second-factor"


def make_key(path: Path) -> None:
    """Make the key at `path` (0600, 32 random bytes as hex), unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())


def new_secret(staff: int) -> Secret:
    """Return a fresh secret for somebody. Raises Refusal where the deployment has no key."""
    plain, nonce = secrets.token_bytes(SECRET_BYTES), secrets.token_bytes(NONCE_BYTES)
    return Secret(nonce=nonce, sealed=_xored(plain, pad_of(staff, nonce)), plain=plain)


def opened(staff: int, nonce: bytes, sealed: bytes) -> bytes:
    """Return the secret that was sealed for somebody under this nonce. Raises Refusal."""
    return _xored(sealed, pad_of(staff, nonce))


def pad_of(staff: int, nonce: bytes) -> bytes:
    """Return the pad that seals one secret: HMAC-SHA256 over a nonce of one use, cut to the secret's length.

    The database takes it away by XOR to work out a code, so it never keeps what would open the seal.
    Raises Refusal where the deployment has no key.
    """
    return _keyed(_PAD_LABEL, staff, nonce)[:SECRET_BYTES]


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes to write down, each for one use: 12 characters, about 59 bits."""
    made = ("".join(secrets.choice(_EASY_ALPHABET) for _ in range(12)) for _ in range(CODES))
    return tuple("-".join((code[:4], code[4:8], code[8:])) for code in made)


def recovery_proof(staff: int, code: str) -> bytes:
    """Return what the database is given for a recovery code. Raises Refusal where there is no key."""
    plain = "".join(letter for letter in to_western(code).lower() if letter.isalnum())
    return _keyed(_RECOVERY_LABEL, staff, plain.encode())


def digits_of(typed: str) -> str:
    """Return six typed digits, in any script and with spaces between; empty for anything else."""
    plain = "".join(to_western(typed).split())
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else ""


def key_uri(secret: bytes, *, issuer: str, email: str) -> str:
    """Return the address an authenticator reads (Key URI format of Google Authenticator; RFC 6238's defaults)."""
    label = quote(f"{issuer}:{email}", safe="")
    return (
        f"otpauth://totp/{label}?{urlencode({'secret': base32(secret), 'issuer': issuer}, quote_via=quote)}"
    )


def base32(secret: bytes) -> str:
    """Return a secret as it is typed by hand (RFC 4648, section 6)."""
    return base64.b32encode(secret).decode("ascii")


def qr(address: str, *, title: str) -> str:
    """Return a QR code as SVG, dark on light in either theme; nothing in it but a title, paths and colours."""
    return str(
        segno.make(address, error="m", micro=False).svg_inline(
            border=4, light="#fff", dark="#000", omitsize=True, svgclass="qr", lineclass=None, title=title
        )
    )


def _keyed(label: bytes, staff: int, what: bytes) -> bytes:
    path = key_path()
    if not path.exists():
        raise Refusal.of("second_factor_keyless")
    key = bytes.fromhex(path.read_text("ascii").strip())
    return hmac.digest(key, label + staff.to_bytes(8, "big") + what, hashlib.sha256)


def _xored(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
