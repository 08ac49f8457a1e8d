"""Read a request's body: no more than a mebibyte of it, before and after decompression."""

import zlib
from collections.abc import Mapping
from typing import Final

from amana.collect.api.refusals import EventsRefused
from amana.kernel.doors import Receive, TooLarge, hear_out, received

LARGEST: Final = 1_048_576
GZIP: Final = 31
# Objects of a body: a real event has under ten in four hundred bytes. Checked before anything is built of them.
MOST_OBJECTS: Final = 40_000
MOST_HEARD: Final = 16 * LARGEST
SMALL: Final = 65_536
# Whoever sends more slowly holds a connection that others want; no page's beacon and no server takes so long.
SLOWEST_SECONDS: Final = 30


async def read(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """Return the body, decompressed. Raises EventsRefused, Gone."""
    try:
        body = await received(headers, receive, largest=LARGEST, heard=MOST_HEARD, seconds=SLOWEST_SECONDS)
    except TooLarge:
        raise EventsRefused.of("event_body_too_large") from None
    encoding = headers.get(b"content-encoding", b"")
    if encoding and encoding != b"identity":
        if encoding.lower() not in (b"gzip", b"x-gzip"):
            raise EventsRefused.of("event_encoding_unknown")
        body = inflated(body)
    if len(body) > SMALL and body.count(b"{") > MOST_OBJECTS:
        raise EventsRefused.of("event_batch_too_long")
    return body


async def dismiss(receive: Receive) -> None:
    """Hear out a body that is refused unread: a sender cut off in the middle never reads why. Raises Gone."""
    await hear_out(receive, heard=MOST_HEARD, seconds=SLOWEST_SECONDS)


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
