"""Envelopes: a submission sealed for the worker, and from a tablet signed by it.

Sealed: JWE in compact form (RFC 7516), `ECDH-ES` (RFC 7518, section 4.6) with `A256GCM`; its header names the key
(`kid`) and repeats the submission's `id`, so that the door can keep it once without opening it. Signed: JWS in compact
form (RFC 7515), `ES256`, over that JWE; its header names the device (`kid`) and counts (`seq`).
"""

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

from amana.surveys.intake.refusals import AnswerRefused
from amana.surveys.intake.submission import LARGEST, Submission, read, write

# Base64 takes four letters for three bytes, once in the JWE and once more in the JWS around it.
LONGEST: Final = LARGEST * 16 // 9 + 4096
LONGEST_HEADER: Final = 1024
SEALED_PARTS: Final = 5
SIGNED_PARTS: Final = 3


class SealHeader(msgspec.Struct):
    """The protected header of a sealed submission, as far as the door looks."""

    alg: str
    enc: str
    kid: str
    id: UUID


class SignHeader(msgspec.Struct):
    """The protected header of a device's signature."""

    alg: str
    kid: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Outside:
    """What can be read on an envelope without opening it. `kid` names the key it was sealed for."""

    id: UUID
    kid: str
    device: UUID | None
    sealed: bytes


H = TypeVar("H", SealHeader, SignHeader)
_seal_header: Final = msgspec.json.Decoder(SealHeader)
_sign_header: Final = msgspec.json.Decoder(SignHeader)


def _seals() -> jwe.JWERegistry:
    made = jwe.JWERegistry(
        algorithms=["ECDH-ES", "A256GCM"], header_registry={"id": HeaderParameter("id", "str", True)}
    )
    made.max_ciphertext_length = LONGEST
    return made


def _signatures() -> jws.JWSRegistry:
    made = jws.JWSRegistry(algorithms=["ES256"], header_registry={"seq": HeaderParameter("seq", "int", True)})
    made.max_payload_length = LONGEST
    return made


SEALS: Final = _seals()
SIGNATURES: Final = _signatures()


def look(line: bytes) -> Outside:
    """Read what stands on an envelope, signed or not; nothing is opened and no signature checked.

    Raises AnswerRefused.
    """
    if len(line) > LONGEST:
        raise AnswerRefused.of("answer_too_large")
    parts = line.split(b".", SEALED_PARTS)
    if len(parts) == SEALED_PARTS:
        header = _header(parts[0], _seal_header)
        return Outside(header.id, header.kid, None, line)
    if len(parts) != SIGNED_PARTS:
        raise AnswerRefused.of("envelope_unreadable")
    signed = _header(parts[0], _sign_header)
    within = look(_decoded(parts[1]))
    if within.device is not None:
        raise AnswerRefused.of("envelope_unreadable")
    return Outside(within.id, within.kid, signed.kid, line)


def signer(token: bytes) -> UUID:
    """Return which device says to have signed something of its own. Raises AnswerRefused."""
    parts = token.split(b".", SIGNED_PARTS)
    if len(parts) != SIGNED_PARTS:
        raise AnswerRefused.of("envelope_unreadable")
    return _header(parts[0], _sign_header).kid


def verify(line: bytes, key: ECKey) -> bytes:
    """Return the JWE a device signed. Raises AnswerRefused where the signature is not this key's."""
    try:
        return jws.deserialize_compact(line, key, registry=SIGNATURES).payload
    except (JoseError, ValueError):
        raise AnswerRefused.of("envelope_forged") from None


def within(line: bytes) -> bytes:
    """Return the JWE of an envelope whose signature, if it bears one, was checked when it came."""
    parts = line.split(b".", SIGNED_PARTS)
    return _decoded(parts[1]) if len(parts) == SIGNED_PARTS else line


def open_sealed(sealed: bytes, key: ECKey, *, id: UUID) -> Submission:
    """Open a JWE and read the submission. Raises AnswerRefused, also where it holds another number than `id`."""
    try:
        plain = jwe.decrypt_compact(sealed, key, registry=SEALS).plaintext
    except (JoseError, ValueError):
        raise AnswerRefused.of("envelope_sealed_otherwise") from None
    found = read(plain or b"")
    if found.id != id:
        raise AnswerRefused.of("envelope_mislabelled")
    return found


def seal(submission: Submission, jwk: Mapping[str, str]) -> bytes:
    """Seal a submission for the holder of a public key, as browsers do."""
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": jwk["kid"], "id": str(submission.id)}
    key = ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
    return jwe.encrypt_compact(header, write(submission), key, registry=SEALS).encode()


def sign(sealed: bytes, key: ECKey, *, device: UUID, sequence: int) -> bytes:
    """Sign an envelope as a device does."""
    header: dict[str, Any] = {"alg": "ES256", "kid": str(device), "seq": sequence}
    return jws.serialize_compact(header, sealed, key, registry=SIGNATURES).encode()


def _header(part: bytes, decoder: msgspec.json.Decoder[H]) -> H:
    if len(part) > LONGEST_HEADER:
        raise AnswerRefused.of("envelope_unreadable")
    try:
        return decoder.decode(_decoded(part))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise AnswerRefused.of("envelope_unreadable") from None


def _decoded(part: bytes) -> bytes:
    try:
        return urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise AnswerRefused.of("envelope_unreadable") from None
