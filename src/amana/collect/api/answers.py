"""Answers of the event API, and what browsers of other sites need beside them (Fetch standard, CORS protocol)."""

from typing import Final

import msgspec

from amana.kernel.doors import Headers, Send
from amana.kernel.doors import answer as _send
from amana.kernel.refusal import Refusal

SUCCESS: Final = b'{"success":true}'
ALLOW: Final = b"POST, OPTIONS"
PREFLIGHT_SECONDS: Final = b"86400"
RETRY_SECONDS: Final = b"1"
_JSON: Final[Headers] = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


def cors(origin: bytes) -> Headers:
    """Return what lets pages of one site read the answer."""
    return [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]


async def succeed(send: Send, origin: bytes) -> None:
    """Say that everything is committed."""
    await _send(send, 200, [*_JSON, *cors(origin)] if origin else _JSON, SUCCESS)


async def refuse(send: Send, refusal: Refusal, *, origin: bytes = b"", arabic: bool = False) -> None:
    """Say why nothing was taken in; a sender that may come again is told when."""
    headers = [*_JSON, *(cors(origin) if origin else ())]
    if refusal.status in (429, 503):
        headers.append((b"retry-after", RETRY_SECONDS))
    if refusal.status == 405:
        headers.append((b"allow", ALLOW))
    if refusal.status == 401:
        headers.append((b"www-authenticate", b'Basic realm="events"'))
    said = {"code": refusal.code, "message": refusal.message_in("ar" if arabic else "en")}
    await _send(send, refusal.status, headers, msgspec.json.encode(said))


async def allow(send: Send, origin: bytes, method: bytes) -> None:
    """Answer a browser that asks before it sends (preflight)."""
    headers: Headers = [
        *cors(origin),
        (b"access-control-allow-methods", method),
        (b"access-control-allow-headers", b"content-type, content-encoding, authorization"),
        (b"access-control-max-age", PREFLIGHT_SECONDS),
    ]
    await _send(send, 204, headers, b"")


async def show(send: Send, content: bytes, *, head: bool, max_age: int) -> None:
    """Show something that is the same for everybody."""
    kept = b"public, max-age=%d" % max_age
    headers: Headers = [(b"content-type", b"application/json"), (b"cache-control", kept), *cors(b"*")]
    await _send(send, 200, headers, b"" if head else content)
