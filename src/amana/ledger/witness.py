"""Witnesses and what is said to them: the log's side of C2SP tlog-witness (https://c2sp.org/tlog-witness)."""

import ipaddress
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import IO, Any, TypeAlias
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from amana.kernel.refusal import Refusal, get_registered
from amana.kernel.text import Bilingual
from amana.ledger import refusals
from amana.ledger.note import COSIGNATURE, NoteError, VerifierKey

TIMEOUT = 10
LIMIT = 64 * 1024
SIZE_TYPE = "text/x.tlog.size"

_SIZE = re.compile(rb"(0|[1-9]\d{0,18})\n")


@dataclass(frozen=True, slots=True)
class Witness:
    """Who cosigns checkpoints: the key it does it by, and the prefix that submissions go to."""

    key: VerifierKey
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answered: HTTP status, content type, and the beginning of the content."""

    status: int
    kind: str
    content: bytes

    @property
    def size(self) -> int | None:
        """The size of the tree that the witness cosigned last, where a 409 states it."""
        match = _SIZE.fullmatch(self.content)
        return int(match[1]) if match and self.kind == SIZE_TYPE else None


Post: TypeAlias = Callable[[str, bytes], Answer]
"""Send a body to an address. Raises OSError when nobody answers."""


def parse(setting: str) -> tuple[Witness, ...]:
    """Read witnesses, each `<vkey> <url>`, separated by commas or lines.

    Raises Refusal `witnesses_malformed`, which says what is wrong with which of them.
    """
    found = tuple(_witness(part.split()) for part in re.split(r"[,\n]", setting) if part.strip())
    for number, one in enumerate(found):
        if one.key in [other.key for other in found[:number]]:
            raise _malformed(one.key.name, ar="مذكور مرتين", en="it is named twice")
    return found


def parse_key(vkey: str) -> VerifierKey:
    """Read the key of a witness. Raises NoteError, also for a key that signs no cosignatures."""
    key = VerifierKey.parse(vkey)
    if key.kind != COSIGNATURE:
        raise NoteError("the key is not one of cosignatures")
    return key


def _witness(words: Sequence[str]) -> Witness:
    if len(words) != 2:
        raise _malformed(
            " ".join(words),
            ar="المطلوب المفتاح ثم العنوان وبينهما مسافة",
            en="it takes a key, a space, an address",
        )
    vkey, url = words
    try:
        key = parse_key(vkey)
    except NoteError:
        raise _malformed(
            vkey, ar="ليس مفتاح شاهد من نوع Ed25519", en="it is no vkey for cosignatures with Ed25519"
        ) from None
    if not _allowed(url):
        raise _malformed(
            url,
            ar="يلزم عنوان https (أو http على هذا الجهاز نفسه)",
            en="it takes https, or http on this machine",
        )
    return Witness(key, url.rstrip("/"))


def _malformed(said: str, *, ar: str, en: str) -> Refusal:
    entry = get_registered(refusals.WITNESSES_MALFORMED)
    return Refusal(
        entry.code, Bilingual(ar=f"AMANA_WITNESSES: «{said}»: {ar}.", en=f"AMANA_WITNESSES: “{said}”: {en}.")
    )


def _allowed(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        return False
    if not host or not url.isascii() or "@" in parts.netloc or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def submission(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """Write what `add-checkpoint` takes: the old size, the consistency proof from it, and the checkpoint.

    Source: tlog-witness, “add-checkpoint”.
    """
    lines = [f"old {old}", *(b64encode(node).decode() for node in proof), "", note]
    return "\n".join(lines).encode()


class _NoRedirects(HTTPRedirectHandler):
    """A witness is where the setting says: followed, a redirect could lead to plain HTTP or into this network."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """Follow nothing."""


_opener = build_opener(_NoRedirects)


def post(url: str, body: bytes) -> Answer:
    """Send `body`, and wait at most ten seconds for each part of the answer. Raises OSError."""
    request = Request(url, body, {"Content-Type": "text/plain; charset=utf-8"}, method="POST")
    try:
        with _open(request) as answer:
            return Answer(answer.status, answer.headers.get_content_type(), answer.read(LIMIT))
    except HTTPException as error:
        raise ConnectionError("no answer in HTTP") from error


def _open(request: Request) -> Any:
    try:
        return _opener.open(request, timeout=TIMEOUT)
    except HTTPError as error:
        return error
