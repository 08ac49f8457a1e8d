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


class Patience:
    """Cuts off tasks of one event loop that stay within it for longer than `seconds`; they find Gone.

    Who came first is overdue first, so one timer serves them all: `asyncio.timeout` makes one for each task, which
    costs more than reading most bodies.
    """

    __slots__ = ("_overdue", "_seconds", "_since", "_timer", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self.loop, self._seconds = loop, seconds
        self._since: dict[asyncio.Task[Any], float] = {}
        self._overdue: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        now = self.loop.time()
        self._since[_task(self.loop)] = now
        if self._timer is None:
            self._timer = self.loop.call_at(now + self._seconds, self._look)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        task = _task(self.loop)
        self._since.pop(task, None)
        if task in self._overdue:
            self._overdue.discard(task)
            # Cancelled by somebody else as well, it stays cancelled.
            if task.uncancel() == 0 and kind is asyncio.CancelledError:
                raise Gone

    def _look(self) -> None:
        """Cut off whoever is overdue, and look again when the next one may be."""
        self._timer = None
        now = self.loop.time()
        for task, since in list(self._since.items()):
            if since + self._seconds > now:
                self._timer = self.loop.call_at(since + self._seconds, self._look)
                return
            del self._since[task]
            self._overdue.add(task)
            task.cancel()


def _task(loop: asyncio.AbstractEventLoop) -> "asyncio.Task[Any]":
    task = asyncio.current_task(loop)
    assert task is not None
    return task


_patience: dict[float, Patience] = {}


def patience(seconds: float) -> Patience:
    """Return what cuts the running task off after so long; not within another of as many seconds."""
    # Asking for the running loop is a call to the system before Python 3.12: it is asked for once.
    loop = asyncio.get_running_loop()
    found = _patience.get(seconds)
    if found is None or found.loop is not loop:
        found = _patience[seconds] = Patience(loop, seconds)
    return found


async def received(
    headers: Mapping[bytes, bytes], receive: Receive, *, largest: int, heard: int, seconds: float
) -> bytes:
    """Return a body as it came, at most `largest` bytes within `seconds`.

    Whoever sends more is heard out up to `heard` bytes, since a sender cut off in the middle never reads why.
    Raises TooLarge, Gone.
    """
    wanted = announced(headers)
    with patience(seconds):
        if wanted is not None and wanted > largest:
            await _hear_out(receive, heard)
            raise TooLarge
        return await _whole(receive, wanted, largest, heard)


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
    with patience(seconds):
        await _hear_out(receive, heard)


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
