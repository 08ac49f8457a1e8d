"""Epoch keys, and the wrapping of each person's key by one of them (AES-256-GCM-SIV, RFC 8452).

A wrapped key is 60 bytes: a random nonce of 12, the sealed key of 32, the tag of 16. Its associated data are
length-prefixed: the label, the deployment, the number of the epoch key and the person it was asked for.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.vault import files

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
CUSTOMER_BYTES: Final = 16
WRAPPED_BYTES: Final = NONCE_BYTES + KEY_BYTES + TAG_BYTES
CONDEMNED: Final = ".destroyed-"
_WRAP_LABEL: Final = b"amana/key/v1"
_FINGERPRINT_LABEL: Final = b"amana/key-fingerprint/v1"


register(
    "key_missing",
    Bilingual(
        ar="مفتاح التشفير المطلوب غير متوفّر على هذا الخادم.",
        en="The encryption key this needs is not on this server.",
    ),
    status=503,
)
register(
    "key_damaged",
    Bilingual(
        ar="أحد ملفات مفاتيح التشفير على هذا الخادم تالف.",
        en="An encryption key file on this server is damaged.",
    ),
    status=503,
)
register(
    "key_in_use",
    Bilingual(
        ar="يتعذّر إتلاف المفتاح المستخدم حاليًا قبل إنشاء مفتاح جديد.",
        en="The key now in use cannot be destroyed before the next one is made.",
    ),
    status=409,
)
register(
    "seal_broken",
    Bilingual(
        ar="تعذّر فتح بيانات محفوظة لأن ختمها غير سليم.",
        en="Stored data could not be opened because its seal is broken.",
    ),
    status=503,
)


class KeyMissing(Refusal):
    """The key of that number is not here: never made, not brought along, or destroyed."""


class KeyDamaged(Refusal):
    """A key file does not hold a key."""


class KeyInUse(Refusal):
    """The current key cannot be destroyed; a next one must be made first."""


class SealBroken(Refusal):
    """What was sealed is not what was asked for; says neither who nor what. `position`: row in a batch."""

    position: int | None = None

    @classmethod
    def at(cls, position: int) -> Self:
        """Make the refusal for row `position` of a batch, counted from 0."""
        refusal = cls.of("seal_broken")
        refusal.position = position
        return refusal


class KeySource(Protocol):
    """Where epoch keys are kept: a folder by default; a KMS keeps its own and hands them over at start-up."""

    def numbers(self) -> Sequence[int]:
        """Return the numbers of all keys there are, in ascending order."""

    def read(self, number: int) -> bytes:
        """Return the 32 bytes of key `number`. Raises: KeyMissing, KeyDamaged."""

    def make_next(self) -> int:
        """Make a random key under the next number, durably, and return that number."""

    def destroy(self, number: int) -> None:
        """Destroy key `number` for ever. Raises: KeyMissing."""


class KeyFolder:
    """Keys as files: one of 32 bytes (0600) for each number, in a folder of its own (0700)."""

    def __init__(self, folder: Path) -> None:
        self._folder = files.private_folder(folder)

    def numbers(self) -> list[int]:
        """Return the numbers of all keys in the folder, in ascending order."""
        names = (entry.name for entry in self._folder.iterdir())
        return sorted(int(name) for name in names if name.isascii() and name.isdigit() and name[0] != "0")

    def read(self, number: int) -> bytes:
        """Return the bytes of key `number`. Raises: KeyMissing, KeyDamaged."""
        try:
            key = (self._folder / str(number)).read_bytes()
        except FileNotFoundError:
            raise KeyMissing.of("key_missing") from None
        if len(key) != KEY_BYTES:
            raise KeyDamaged.of("key_damaged")
        return key

    def make_next(self) -> int:
        """Make a random key under the next number; after a crash it is there whole or not at all."""
        with files.locked(self._folder):
            self._tidy()
            number = max(self.numbers(), default=0) + 1
            files.write_whole(self._folder / str(number), os.urandom(KEY_BYTES))
        return number

    def destroy(self, number: int) -> None:
        """Overwrite and remove key `number`; no crash leaves half of one. Raises: KeyMissing."""
        with files.locked(self._folder):
            self._tidy()
            condemned = self._folder / f"{CONDEMNED}{number}"
            try:
                (self._folder / str(number)).rename(condemned)
            except FileNotFoundError:
                raise KeyMissing.of("key_missing") from None
            files.wipe(condemned)

    def _tidy(self) -> None:
        for leftover in [*self._folder.glob(f"{CONDEMNED}*"), *self._folder.glob(f"{files.UNFINISHED}*")]:
            files.wipe(leftover)


class KeyRing:
    """The keys of this deployment by number, with their ciphers kept ready."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._keys: dict[int, bytes] = {}
        self._ciphers: dict[int, AESGCMSIV] = {}
        self.refresh()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read all keys of a folder. Raises: KeyDamaged."""
        return cls(KeyFolder(folder))

    def refresh(self) -> None:
        """Take up keys that others made and drop those they destroyed. Raises: KeyDamaged."""
        found = {}
        for number in self._source.numbers():
            # Another process may destroy a key between the list and the reading.
            with suppress(KeyMissing):
                found[number] = self._source.read(number)
        self._keys = found
        self._ciphers = {number: AESGCMSIV(key) for number, key in self._keys.items()}

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all keys at hand, in ascending order."""
        return tuple(sorted(self._keys))

    @property
    def current(self) -> int:
        """The number of the newest key, which new seals use. Raises: KeyMissing where there is none yet."""
        if not self._keys:
            raise KeyMissing.of("key_missing")
        return max(self._keys)

    def get(self, number: int) -> bytes:
        """Return key `number`, looking again at its source when unknown. Raises: KeyMissing, KeyDamaged."""
        if number not in self._keys:
            self._take_up(number)
        return self._keys[number]

    def cipher(self, number: int) -> AESGCMSIV:
        """Return the ready cipher of key `number`. Raises: KeyMissing, KeyDamaged."""
        if number not in self._ciphers:
            self._take_up(number)
        return self._ciphers[number]

    def fingerprint(self, number: int) -> bytes:
        """Return 16 bytes that tell key `number` from others and reveal nothing of it. Raises: KeyMissing."""
        return hmac.digest(self.get(number), _FINGERPRINT_LABEL, hashlib.sha256)[:16]

    def make_next(self) -> int:
        """Make the next key, which is current from then on, and return its number."""
        number = self._source.make_next()
        self._take_up(number)
        return number

    def destroy(self, number: int) -> None:
        """Destroy key `number`: what it wrapped is unreadable from then on. Raises: KeyInUse, KeyMissing."""
        self.refresh()
        if number in self._keys and number == self.current:
            raise KeyInUse.of("key_in_use")
        self._source.destroy(number)
        self.refresh()

    def _take_up(self, number: int) -> None:
        key = self._source.read(number)
        self._keys[number] = key
        self._ciphers[number] = AESGCMSIV(key)


def new_person_key() -> bytes:
    """Return a fresh random key for one person (32 bytes)."""
    return os.urandom(KEY_BYTES)


def prefixed(*parts: bytes) -> bytes:
    """Return `parts`, each behind its length (2 bytes, big-endian): no two lists look alike."""
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def _binding(deployment: UUID, epoch: int) -> bytes:
    """Return the associated data of a wrapped key up to the person's 16 bytes."""
    known = prefixed(_WRAP_LABEL, deployment.bytes, struct.pack(">q", epoch))
    return known + struct.pack(">H", CUSTOMER_BYTES)


def wrap(*, ring: KeyRing, epoch: int, deployment: UUID, customer: CustomerId, person_key: bytes) -> bytes:
    """Return the person's key sealed by the epoch key, bound to that person. Raises: KeyMissing."""
    if len(person_key) != KEY_BYTES:
        raise ValueError("a person's key has 32 bytes")
    nonce = os.urandom(NONCE_BYTES)
    return nonce + ring.cipher(epoch).encrypt(nonce, person_key, _binding(deployment, epoch) + customer.bytes)


def unwrap(*, ring: KeyRing, epoch: int, deployment: UUID, customer: CustomerId, wrapped: bytes) -> bytes:
    """Return the person's key. Raises: KeyMissing, SealBroken (position None)."""
    try:
        return unwrap_many([(customer.bytes, epoch, wrapped)], ring=ring, deployment=deployment)[0]
    except SealBroken:
        raise SealBroken.of("seal_broken") from None


class Unwrapping:
    """The epoch keys a batch meets, ready with their associated data: one look-up for each row."""

    def __init__(self, ring: KeyRing, deployment: UUID) -> None:
        self._ring = ring
        self._deployment = deployment
        self.known: dict[int, tuple[AESGCMSIV, bytes]] = {}

    def meet(self, epoch: int) -> tuple[AESGCMSIV, bytes]:
        """Return the cipher and the associated data's beginning for `epoch`. Raises: KeyMissing."""
        found = self._ring.cipher(epoch), _binding(self._deployment, epoch)
        self.known[epoch] = found
        return found


def unwrap_many(rows: Iterable[tuple[bytes, int, bytes]], *, ring: KeyRing, deployment: UUID) -> list[bytes]:
    """Return the keys of many people; a row is (customer's 16 bytes, epoch, wrapped key), the order is kept.

    Raises: KeyMissing; SealBroken with the position of the first row that does not open.
    """
    unwrapping = Unwrapping(ring, deployment)
    known = unwrapping.known
    keys: list[bytes] = []
    try:
        for customer, epoch, wrapped in rows:
            cipher, binding = known.get(epoch) or unwrapping.meet(epoch)
            if len(wrapped) != WRAPPED_BYTES:
                raise InvalidTag
            keys.append(cipher.decrypt(wrapped[:12], wrapped[12:], binding + customer))
    except InvalidTag:
        raise SealBroken.at(len(keys)) from None
    return keys


def rewrap_many(
    rows: Sequence[tuple[bytes, bytes]], *, ring: KeyRing, deployment: UUID, old: int, new: int
) -> list[bytes]:
    """Return wrapped keys of epoch `old` as of epoch `new`; a row is (customer's 16 bytes, wrapped key).

    Raises: KeyMissing; SealBroken with the position of the first row that does not open.
    """
    encrypt = ring.cipher(new).encrypt
    binding = _binding(deployment, new)
    keys = unwrap_many(
        [(customer, old, wrapped) for customer, wrapped in rows], ring=ring, deployment=deployment
    )
    nonces = os.urandom(NONCE_BYTES * len(keys))
    fresh = []
    for start, (customer, _), key in zip(range(0, len(nonces), NONCE_BYTES), rows, keys, strict=True):
        nonce = nonces[start : start + NONCE_BYTES]
        fresh.append(nonce + encrypt(nonce, key, binding + customer))
    return fresh
