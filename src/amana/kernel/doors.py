"""What doors have in common that answer without Django: reading a body to its end, answering, and going on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

from django.db import connection
from psycopg import pq

log = logging.getLogger(__name__)

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]

MOST_DIGITS: Final = 10
AFTER_A_FALL_SECONDS: Final = 1.0


class Gone(Exception):
    """The sender went away in the middle, or does not come to an end."""


class TooLarge(Exception):
    """The body is longer than what is read."""


async def received(
    headers: Mapping[bytes, bytes], receive: Receive, *, largest: int, heard: int, seconds: float
) -> bytes:
    """Return a body as it came, at most `largest` bytes within `seconds`.

    Whoever sends more is heard out up to `heard` bytes, since a sender cut off in the middle never reads why.
    Raises TooLarge, Gone.
    """
    try:
        async with asyncio.timeout(seconds):
            wanted = announced(headers)
            if wanted is not None and wanted > largest:
                await _hear_out(receive, heard)
                raise TooLarge
            return await _whole(receive, wanted, largest, heard)
    except TimeoutError:
        raise Gone from None


def announced(headers: Mapping[bytes, bytes]) -> int | None:
    """Return how long a body says it is, or None where it does not say."""
    length = headers.get(b"content-length", b"")
    if len(length) > MOST_DIGITS:
        return 10**MOST_DIGITS
    return int(length) if length.isdigit() else None


async def _whole(receive: Receive, wanted: int | None, largest: int, heard: int) -> bytes:
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
        if size > largest:
            parts.clear()
            if more:
                await _hear_out(receive, heard)
            raise TooLarge
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def hear_out(receive: Receive, *, heard: int, seconds: float) -> None:
    """Read a body that is refused already, at most `heard` bytes within `seconds`, and keep nothing. Raises Gone."""
    try:
        async with asyncio.timeout(seconds):
            await _hear_out(receive, heard)
    except TimeoutError:
        raise Gone from None


async def _hear_out(receive: Receive, heard: int) -> None:
    size, more = 0, True
    while more and size < heard:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        size += len(message.get("body", b""))
        more = message.get("more_body", False)


async def answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def kept_up(run: Callable[[], Awaitable[None]]) -> None:
    """Run something that never ends; after a bug, which is told, run it anew."""
    while True:
        try:
            await run()
        except Exception:
            log.exception("a part of a door fell and is started again")
            await asyncio.sleep(AFTER_A_FALL_SECONDS)


def database_address() -> dict[str, Any]:
    """Return how this process's login reaches the database, in libpq's words."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    given = connection.get_connection_params()
    return {name: value for name, value in given.items() if name in known and name != "options"}
