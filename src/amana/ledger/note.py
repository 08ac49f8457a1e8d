"""Signed notes, checkpoints and cosignatures: C2SP signed-note, tlog-checkpoint and tlog-cosignature.

Specifications: https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint, https://c2sp.org/tlog-cosignature.
"""

import binascii
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Literal[1] = 1
COSIGNATURE: Literal[4] = 4
SIGNATURE_LIMIT = 64
NOTE_LIMIT = 64 * 1024

_NAME = re.compile(r"[^\s+]+")
_NUMBER = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)


class NoteError(ValueError):
    """A note, key or checkpoint that is malformed or not signed by the key it must be signed by."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name: `kind` says whether it signs checkpoints or cosigns them."""

    name: str
    public: bytes
    kind: Literal[1, 4] = ED25519

    def __post_init__(self) -> None:
        """Refuse names that a signature line cannot hold. Raises NoteError."""
        if not _NAME.fullmatch(self.name) or len(self.public) != 32:
            raise NoteError("a key has a name without spaces or plus signs, and 32 bytes")

    @property
    def id(self) -> bytes:
        """The four bytes that name this key in a signature line (signed-note, “Signatures”)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """Write the key as a vkey: name, key id and key, joined by plus signs."""
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a vkey. Raises NoteError."""
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        material = _base64(encoded)
        if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
            raise NoteError("the key is not an Ed25519 verifier key")
        key = cls(name, material[1:], ED25519 if material[0] == ED25519 else COSIGNATURE)
        if key.id.hex() != key_id:
            raise NoteError("the key does not have the id it claims")
        return key

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Tell whether `signature` is this key's over `message` (RFC 8032)."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose it claims to be, and the bytes behind the key id."""

    name: str
    key_id: bytes
    signed: bytes

    @property
    def line(self) -> str:
        """The line without its newline."""
        return f"— {self.name} {b64encode(self.key_id + self.signed).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, with signatures over it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str) -> Self:
        """Read a note. Raises NoteError."""
        if len(note) > NOTE_LIMIT or any(ord(sign) < 32 and sign != "\n" for sign in note):
            raise NoteError("a note is short and has no control characters")
        text, blank, rest = note.rpartition("\n\n")
        lines = rest.removesuffix("\n").split("\n")
        if not blank or not rest.endswith("\n") or len(lines) > SIGNATURE_LIMIT:
            raise NoteError("a note ends in a blank line and its signatures")
        return cls(text + "\n", tuple(_signature(line) for line in lines))

    def __str__(self) -> str:
        """Write the note."""
        return self.text + "\n" + "".join(f"{signature.line}\n" for signature in self.signatures)

    def find(self, key: VerifierKey) -> Signature | None:
        """Return the signature that claims to be `key`'s."""
        return next((s for s in self.signatures if (s.name, s.key_id) == (key.name, key.id)), None)


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    content = _base64(encoded)
    if dash != "—" or not _NAME.fullmatch(name) or len(content) < 5:
        raise NoteError("a signature line is malformed")
    return Signature(name, content[:4], content[4:])


def _base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("not base64") from error


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head: `size` leaves have the root `root`, in the log named `origin`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The note's text (tlog-checkpoint, “Note text”)."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a note's text. Raises NoteError."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3 or not all(lines) or not _NUMBER.fullmatch(lines[1]):
            raise NoteError("a checkpoint has an origin, a size and a root")
        root = _base64(lines[2])
        if len(root) != 32 or int(lines[1]) >= 2**63:
            raise NoteError("a checkpoint's root has 32 bytes")
        return cls(lines[0], int(lines[1]), root, tuple(lines[3:]))

    @property
    def journal(self) -> tuple[int, bytes] | None:
        """The head of the erasure journal it was signed with: its number and hash."""
        for line in self.extensions:
            match = re.fullmatch(r"journal (0|[1-9]\d{0,18}) ([0-9a-f]{64})", line, re.ASCII)
            if match:
                return int(match[1]), bytes.fromhex(match[2])
        return None


def journal_line(head: tuple[int, bytes]) -> str:
    """Write the erasure journal's head, its number and hash, as an extension line."""
    return f"journal {head[0]} {head[1].hex()}"


def verify_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint in `note` once `key` is seen to have signed it. Raises NoteError."""
    parsed = Note.parse(note)
    signature = parsed.find(key)
    if key.kind != ED25519 or signature is None:
        raise NoteError("the checkpoint is not signed by this key")
    if not key.verifies(parsed.text.encode(), signature.signed):
        raise NoteError("the checkpoint's signature is false")
    checkpoint = Checkpoint.parse(parsed.text)
    if checkpoint.origin != key.name:
        raise NoteError("the checkpoint is of another log")
    return checkpoint


def verify_cosignature(note: str, witness: VerifierKey) -> int:
    """Return when `witness` cosigned the checkpoint in `note`, in seconds since 1970. Raises NoteError.

    Source: tlog-cosignature, “Ed25519 signed message”.
    """
    parsed = Note.parse(note)
    signature = parsed.find(witness)
    if witness.kind != COSIGNATURE or signature is None or len(signature.signed) != 72:
        raise NoteError("the checkpoint is not cosigned by this witness")
    time = int.from_bytes(signature.signed[:8], "big")
    if time >= 2**63 or not witness.verifies(_cosigned(time, parsed.text), signature.signed[8:]):
        raise NoteError("the witness's cosignature is false")
    return time


def _cosigned(time: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


class Signer:
    """A private key with its name."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Make the Ed25519 key of 32 bytes `seed`. Raises NoteError when the name cannot stand in a note."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name, self._private.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> str:
        """Return the checkpoint as a note signed by this key."""
        signed = self._private.sign(checkpoint.text.encode())
        return str(Note(checkpoint.text, (Signature(self.key.name, self.key.id, signed),)))

    def cosign(self, note: str, *, time: int) -> str:
        """Return the signature line of this key as a witness of `note`, at `time` in seconds since 1970."""
        key = VerifierKey(self.key.name, self.key.public, COSIGNATURE)
        signed = self._private.sign(_cosigned(time, Note.parse(note).text))
        return Signature(key.name, key.id, time.to_bytes(8, "big") + signed).line

    def checkpoint(self, size: int, root: bytes, extensions: Sequence[str] = ()) -> str:
        """Return the signed checkpoint of a tree in this key's own log."""
        return self.sign(Checkpoint(self.key.name, size, root, tuple(extensions)))


def make_signing_key(path: Path) -> None:
    """Write a new signing key to `path`, for its owner alone.

    Raises FileExistsError: a log's key is never replaced by accident.
    """
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(b64encode(seed).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())


def load_signer(path: Path, origin: str) -> Signer:
    """Read the signing key at `path` for the log named `origin`. Raises NoteError when it is malformed."""
    seed = _base64(path.read_text("ascii").strip())
    if len(seed) != 32:
        raise NoteError("the signing key is malformed")
    return Signer(origin, seed)
