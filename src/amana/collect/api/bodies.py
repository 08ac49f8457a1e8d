"""Read a request's body: no more than a mebibyte of it, before and after decompression."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

from amana.collect.api.refusals import EventsRefused

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

LARGEST: Final = 1_048_576
GZIP: Final = 31
# Objects of a body: a real event has under ten in four hundred bytes. Checked before anything is built of them.
MOST_OBJECTS: Final = 40_000
# Whoever sends too much is heard out so far: a sender cut off in the middle never reads why.
MOST_HEARD: Final = 16 * LARGEST
SMALL: Final = 65_536
MOST_DIGITS: Final = 10
# Whoever sends more slowly holds a connection that others want; no page's beacon and no server takes so long.
SLOWEST_SECONDS: Final = 30


class Gone(Exception):
    """The sender went away in the middle, or does not come to an end."""


async def read(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """Return the body, decompressed. Raises EventsRefused, Gone."""
    try:
        async with asyncio.timeout(SLOWEST_SECONDS):
            body = await _whole(headers, receive)
    except TimeoutError:
        raise Gone from None
    encoding = headers.get(b"content-encoding", b"")
    if encoding and encoding != b"identity":
        if encoding.lower() not in (b"gzip", b"x-gzip"):
            raise EventsRefused.of("event_encoding_unknown")
        body = inflated(body)
    if len(body) > SMALL and body.count(b"{") > MOST_OBJECTS:
        raise EventsRefused.of("event_batch_too_long")
    return body


async def _whole(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """Return the body as it came, or hear out whoever announces too much. Raises EventsRefused, Gone."""
    length = headers.get(b"content-length", b"")
    wanted = int(length) if length.isdigit() and len(length) <= MOST_DIGITS else -1
    if wanted > LARGEST or len(length) > MOST_DIGITS:
        await _hear_out(receive)
        raise EventsRefused.of("event_body_too_large")
    return await _received(receive, wanted)


def inflated(body: bytes) -> bytes:
    """Return what gzip (RFC 1952) holds, never building more than the limit. Raises EventsRefused."""
    stream = zlib.decompressobj(GZIP)
    try:
        found = stream.decompress(body, LARGEST + 1)
    except zlib.error:
        raise EventsRefused.of("event_gzip_broken") from None
    if len(found) > LARGEST:
        raise EventsRefused.of("event_body_too_large")
    if not stream.eof or stream.unused_data:
        raise EventsRefused.of("event_gzip_broken")
    return found


async def _received(receive: Receive, wanted: int) -> bytes:
    """Return the body as it came. Where all that was announced is there, nobody waits to be told that it ended."""
    parts: list[bytes] = []
    size, more = 0, True
    while more and size != wanted:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if size > LARGEST:
            parts.clear()
            if more:
                await _hear_out(receive)
            raise EventsRefused.of("event_body_too_large")
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _hear_out(receive: Receive) -> None:
    """Read on and keep nothing. Raises Gone."""
    size, more = 0, True
    while more and size < MOST_HEARD:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
