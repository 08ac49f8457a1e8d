"""The event API as an ASGI application: what it has to know, its connections, and how it answers."""

import asyncio
import os
from collections.abc import Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from amana.collect.api import answers, settings, standing
from amana.collect.api.refusals import EventsRefused
from amana.collect.api.taking import ROUTES, Taking
from amana.collect.writing import WRITERS, Queue, Writer
from amana.kernel.doors import Gone, Receive, Send, database_address, kept_up
from amana.kernel.refusal import Refusal

PATIENCE_SECONDS: Final = 5.0
# Writers of several processes count in rows of their own; a row they happen to share costs a wait, nothing else.
NUMBERS: Final = 64


class Door:
    """One process's door for events: `start` before the first request, `stop` after the last."""

    def __init__(self) -> None:
        self._reader = ThreadPoolExecutor(1, "events-standing")
        self._tasks: list[asyncio.Task[None]] = []
        self._taking: Taking | None = None

    async def start(self) -> None:
        """Open connections and read how the deployment stands; without a database requests are refused meanwhile."""
        queue = Queue()
        self._taking = Taking(queue)
        base = os.getpid() % NUMBERS * WRITERS
        address = database_address()
        writers = [Writer(queue, address, base + number) for number in range(WRITERS)]
        await self.refresh()
        self._tasks = [asyncio.create_task(kept_up(run)) for run in (self._watch, *(w.run for w in writers))]

    async def stop(self) -> None:
        """Write what waits, as long as that takes seconds only, then close everything."""
        if self._taking is not None:
            await self._taking.settle(PATIENCE_SECONDS)
            self._taking.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(self._reader, standing.leave)
        self._reader.shutdown()
        self._tasks, self._taking = [], None

    async def refresh(self) -> None:
        """Read how the deployment stands now; what was known before stands where the database is away."""
        found = await asyncio.get_running_loop().run_in_executor(self._reader, standing.read)
        if self._taking is not None and found is not None:
            self._taking.use(found)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(standing.EVERY_SECONDS)
            await self.refresh()
            if self._taking is not None:
                self._taking.count_strays()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._taking is None:
            await self.start()
        assert self._taking is not None
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            if scope["method"] == "POST":
                await answers.succeed(send, await self._taking.take(scope, headers, receive))
            else:
                await self._other(self._taking, scope, headers, send)
        except Refusal as refusal:
            await self._refuse(self._taking, refusal, headers, send)
        except Gone:
            return

    async def _refuse(
        self, taking: Taking, refusal: Refusal, headers: Mapping[bytes, bytes], send: Send
    ) -> None:
        # A page may read why it was refused, unless the refusal is that it may not.
        origin = headers.get(b"origin", b"")
        readable = origin if taking.knows(origin) else b""
        arabic = headers.get(b"accept-language", b"").startswith(b"ar")
        await answers.refuse(send, refusal, origin=readable, arabic=arabic)

    async def _other(
        self, taking: Taking, scope: MutableMapping[str, Any], headers: Mapping[bytes, bytes], send: Send
    ) -> None:
        """Answer whatever is not POST: preflights, the settings; all else is refused with its reason."""
        path, method = scope["path"], scope["method"]
        key = settings.key_of(path)
        if key is not None and method in ("GET", "HEAD"):
            content = settings.content(*taking.rules_of(key))
            await answers.show(send, content, head=method == "HEAD", max_age=settings.MAX_AGE)
        elif path not in ROUTES and key is None:
            raise EventsRefused.of("event_address_unknown")
        elif method == "OPTIONS":
            origin = headers.get(b"origin", b"")
            if not taking.knows(origin):
                raise EventsRefused.of("event_origin_refused")
            await answers.allow(send, origin, b"GET" if key else b"POST")
        else:
            raise EventsRefused.of("event_method_refused")
