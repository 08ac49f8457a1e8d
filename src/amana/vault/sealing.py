"""Sealing one value with its person's key (AES-256-GCM, NIST SP 800-38D), and opening many of them fast.

A sealed value is a random nonce of 12 bytes, the ciphertext, the tag of 16: 28 bytes longer than its UTF-8.
Its associated data are length-prefixed: the label, the deployment, the field, the person, the value's number
and version; they are built from what was asked for, so that a value moved to another place does not open
there. The length of a value is not hidden.

Plain GCM, unlike the epoch keys' GCM-SIV: a person's key seals a handful of values in its life, far below the 2³²
that random nonces allow, and setting up a key per person is the price of a large release: half with GCM.
"""

import os
import struct
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.vault.keys import (
    CUSTOMER_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    WRAPPED_BYTES,
    KeyRing,
    SealBroken,
    Unwrapping,
    prefixed,
)

_LABEL: Final = b"amana/value/v1"
# Person, value id, version, each behind its length: one call for each row instead of three joins.
_PLACE: Final = struct.Struct(">H16sHqHi").pack

# Customer's 16 bytes, epoch, wrapped key, field, value id, version, sealed value.
SealedRow = tuple[bytes, int, bytes, str, int, int, bytes]


register(
    "text_unreadable",
    Bilingual(ar="يحتوي النص على رموز يتعذّر حفظها.", en="The text holds characters that cannot be stored."),
)


class TextUnreadable(Refusal):
    """A text holds half of a character pair and cannot be written as UTF-8."""


def _binding(deployment: UUID, field: str) -> bytes:
    """Return the associated data of a value up to its place."""
    return prefixed(_LABEL, deployment.bytes, field.encode())


def _place(customer: bytes, value_id: int, version: int) -> bytes:
    return _PLACE(CUSTOMER_BYTES, customer, 8, value_id, 4, version)


def _as_bytes(plaintext: str | bytes) -> bytes:
    if isinstance(plaintext, bytes):
        return plaintext
    try:
        return plaintext.encode()
    except UnicodeEncodeError:
        # The original error carries the text itself.
        raise TextUnreadable.of("text_unreadable") from None


def seal(
    *,
    person_key: bytes,
    deployment: UUID,
    customer: CustomerId,
    field: str,
    value_id: int,
    version: int,
    plaintext: str | bytes,
) -> bytes:
    """Return `plaintext` sealed for exactly this person, field, value and version. Raises: TextUnreadable."""
    if len(person_key) != KEY_BYTES:
        raise ValueError("a person's key has 32 bytes")
    nonce = os.urandom(NONCE_BYTES)
    binding = _binding(deployment, field) + _place(customer.bytes, value_id, version)
    return nonce + AESGCM(person_key).encrypt(nonce, _as_bytes(plaintext), binding)


def open_(
    *,
    person_key: bytes,
    deployment: UUID,
    customer: CustomerId,
    field: str,
    value_id: int,
    version: int,
    sealed: bytes,
) -> bytes:
    """Return the bytes sealed for exactly this person, field, value and version. Raises: SealBroken."""
    try:
        binding = _binding(deployment, field) + _place(customer.bytes, value_id, version)
        return AESGCM(person_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], binding)
    except (InvalidTag, ValueError, struct.error):
        raise SealBroken.of("seal_broken") from None


def open_text(
    *,
    person_key: bytes,
    deployment: UUID,
    customer: CustomerId,
    field: str,
    value_id: int,
    version: int,
    sealed: bytes,
) -> str:
    """Return the text sealed for exactly this person, field, value and version. Raises: SealBroken."""
    opened = open_(
        person_key=person_key,
        deployment=deployment,
        customer=customer,
        field=field,
        value_id=value_id,
        version=version,
        sealed=sealed,
    )
    try:
        return opened.decode()
    except UnicodeDecodeError:
        raise SealBroken.of("seal_broken") from None


def open_batch(
    rows: Iterable[SealedRow], *, ring: KeyRing, deployment: UUID, fields: Sequence[str]
) -> list[str]:
    """Return the texts of `rows` in their order; `fields` are those asked for, no other is opened.

    Rows of one person that follow each other have their key unwrapped once, so sort by person.
    Raises: KeyMissing; SealBroken with the position of the first row that does not open.
    """
    bindings = {field: _binding(deployment, field) for field in fields}
    unwrapping = Unwrapping(ring, deployment)
    known = unwrapping.known
    texts: list[str] = []
    person, person_wrapped = b"", b""
    try:
        for customer, epoch, wrapped, field, value_id, version, sealed in rows:
            if wrapped != person_wrapped or customer != person:
                cipher, binding = known.get(epoch) or unwrapping.meet(epoch)
                if len(wrapped) != WRAPPED_BYTES:
                    raise SealBroken.at(len(texts))
                decrypt = AESGCM(cipher.decrypt(wrapped[:12], wrapped[12:], binding + customer)).decrypt
                person, person_wrapped = customer, wrapped
            place = _PLACE(CUSTOMER_BYTES, customer, 8, value_id, 4, version)
            texts.append(decrypt(sealed[:12], sealed[12:], bindings[field] + place).decode())
    except (InvalidTag, ValueError, KeyError, struct.error):
        raise SealBroken.at(len(texts)) from None
    return texts
