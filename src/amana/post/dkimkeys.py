"""Sign mail with the sender's own key (DKIM, RFC 6376).

RSA-2048: every reader of mail verifies it, which cannot yet be said of Ed25519 (RFC 8463).
"""

import base64
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SELECTOR: Final = "amana"
# From twice: a second From added on the way breaks the signature (RFC 6376, section 8.15). RFC 8058,
# section 4 asks for both unsubscribe headers; one that is absent is signed as absent, so that nobody can
# add it.
SIGNED: Final = (
    "from", "from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post",
    "mime-version", "content-type", "auto-submitted", "feedback-id", "reply-to",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signer:
    """A domain's key: whoever reads the selector's record in the DNS knows the mail is the domain's own."""

    domain: str
    key: bytes = field(repr=False)
    selector: str = SELECTOR

    @classmethod
    def at(cls, path: Path, *, domain: str, selector: str = SELECTOR) -> "Signer":
        """Read the key that `make_dkim_key` left at `path`. Raises FileNotFoundError."""
        return cls(domain, path.read_bytes(), selector)

    def sign(self, message: bytes) -> bytes:
        """Return the message with its signature in front (relaxed/relaxed). Raises dkim.DKIMException."""
        header: bytes = dkim.sign(
            message,
            self.selector.encode("ascii"),
            self.domain.encode("ascii"),
            self.key,
            include_headers=[name.encode("ascii") for name in SIGNED],
            canonicalize=(b"relaxed", b"relaxed"),
        )
        return header + message

    def record(self) -> str:
        """Return the TXT record to publish at `<selector>._domainkey.<domain>` (RFC 6376, section 3.6.1)."""
        key = serialization.load_pem_private_key(self.key, password=None)
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode('ascii')}"


def make_dkim_key(path: Path) -> None:
    """Make an RSA-2048 key at `path` (0600, PKCS #1 PEM), unless one is there already."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
