"""The door for answers as an ASGI application: `/v1/surveys/`, answered without Django's pages."""

import asyncio
from collections.abc import Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from importlib import import_module
from threading import Barrier, BrokenBarrierError
from types import ModuleType
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from django.db import Error, connection

from amana.kernel import doors, groups
from amana.kernel.doors import Gone, Headers, Receive, Send
from amana.kernel.refusal import Refusal
from amana.surveys.intake import standing
from amana.surveys.intake.inbox import WRITERS, Inbox, Keeper
from amana.surveys.intake.receiving import Receiving, network
from amana.surveys.intake.refusals import AnswerRefused, DeviceRefused

PREFIX: Final = "/v1/surveys/"
PATIENCE_SECONDS: Final = 5.0
HANDS: Final = 2
# So many may ask for what only the database knows at once; the next are asked to come again.
MOST_ASKING: Final = 200
# What a tablet tells of itself is short.
MOST_TOLD: Final = 16_384
TOLD_SECONDS: Final = 20
RETRY_SECONDS: Final = b"2"
SIGNED: Final = b"device "
_JSON: Final[Headers] = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
R = TypeVar("R")


class Door:
    """One process's door for answers: `start` before the first request, `stop` after the last."""

    def __init__(self) -> None:
        self._hands = ThreadPoolExecutor(HANDS, "answers")
        self._asking = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._inbox = Inbox()
        self._receiving: Receiving | None = None

    async def start(self) -> None:
        """Open connections and read how the deployment stands; without a database requests are refused meanwhile."""
        self._inbox = Inbox()
        self._receiving = Receiving(self._inbox, self.refresh)
        await self.refresh()
        address = doors.database_address()
        keepers = [Keeper(self._inbox, address) for _ in range(WRITERS)]
        runs = (self._watch, *(keeper.run for keeper in keepers))
        self._tasks = [asyncio.create_task(doors.kept_up(run)) for run in runs]

    async def stop(self) -> None:
        """Keep what waits, as long as that takes seconds only, then close everything."""
        await groups.settle(self._inbox, PATIENCE_SECONDS)
        self._inbox.refuse_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        loop = asyncio.get_running_loop()
        together = Barrier(HANDS)
        await asyncio.gather(*(loop.run_in_executor(self._hands, _leave, together) for _ in range(HANDS)))
        self._hands.shutdown()
        self._tasks, self._receiving = [], None

    async def refresh(self) -> None:
        """Read how the deployment stands now; what was known before stands where the database is away."""
        found = await asyncio.get_running_loop().run_in_executor(self._hands, standing.read)
        if self._receiving is not None and found is not None:
            self._receiving.standing = found

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(standing.EVERY_SECONDS)
            await self.refresh()
            await self.note()

    async def note(self) -> None:
        """Remember which tablets sent something; where the database is away, that is seen with their next answers."""
        heard = self._receiving.heard() if self._receiving is not None else set()
        with suppress(Refusal):
            if heard:
                await self._ask(_devices().heard_of, heard)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._receiving is None:
            await self.start()
        assert self._receiving is not None
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            status, said = await self._answer(self._receiving, scope, headers, receive)
        except Refusal as refusal:
            arabic = headers.get(b"accept-language", b"").startswith(b"ar")
            await _refuse(send, refusal, arabic=arabic)
        except Gone:
            return
        else:
            await doors.answer(send, status, _JSON, msgspec.json.encode(said))

    async def _answer(
        self,
        receiving: Receiving,
        scope: MutableMapping[str, Any],
        headers: Mapping[bytes, bytes],
        receive: Receive,
    ) -> tuple[int, Mapping[str, Any]]:
        """Return the status and what is said. Raises Refusal, doors.Gone."""
        path, method = scope["path"][len(PREFIX) :], scope["method"]
        if path == "answers" and method == "POST":
            return 200, await receiving.receive(scope, headers, receive)
        receiving.check()
        if path.startswith("answers/") and method == "GET":
            return 200, await self._ask(_devices().state_of, _number(path.removeprefix("answers/")))
        if path == "devices" and method == "POST":
            return 201, await self._enrol(scope, headers, receive)
        if path == "device" and method == "GET":
            device, said = await receiving.signed(_authorization(headers))
            return 200, await self._ask(_devices().forms_for, device, said)
        if path == "device/state" and method == "POST":
            device, said = await receiving.signed(await _told(headers, receive))
            return 200, await self._ask(_devices().keep_state, device, said)
        known = path in ("answers", "devices", "device", "device/state") or path.startswith("answers/")
        raise AnswerRefused.of("intake_method_refused" if known else "intake_address_unknown")

    async def _enrol(
        self, scope: MutableMapping[str, Any], headers: Mapping[bytes, bytes], receive: Receive
    ) -> Mapping[str, Any]:
        body = await _told(headers, receive)
        made: Mapping[str, Any] = await self._ask(_devices().enrol, body, network(scope, headers))
        await self.refresh()
        return made

    async def _ask(self, ask: Callable[..., R], *given: object) -> R:
        """Ask the database on a thread that may wait for it. Raises Refusal."""
        if self._asking >= MOST_ASKING:
            raise AnswerRefused.of("intake_busy")
        self._asking += 1
        try:
            work = partial(_asked, ask, *given)
            return await asyncio.get_running_loop().run_in_executor(self._hands, work)
        finally:
            self._asking -= 1


def _asked(ask: Callable[..., R], *given: object) -> R:
    try:
        return ask(*given)
    except Error:
        connection.close()
        raise AnswerRefused.of("intake_unavailable") from None


def _leave(together: Barrier) -> None:
    """Close this thread's connection, when every thread is about to."""
    with suppress(BrokenBarrierError):
        together.wait(PATIENCE_SECONDS)
    connection.close()


def _devices() -> ModuleType:
    """Return the module that has models, which do not exist yet when this one is imported."""
    return import_module("amana.surveys.intake.devices")


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise AnswerRefused.of("answer_unknown") from None


def _authorization(headers: Mapping[bytes, bytes]) -> bytes:
    given = headers.get(b"authorization", b"")
    if len(given) > MOST_TOLD or given[: len(SIGNED)].lower() != SIGNED:
        raise DeviceRefused.of("device_unsigned")
    return given[len(SIGNED) :].strip()


async def _told(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    try:
        return await doors.received(
            headers, receive, largest=MOST_TOLD, heard=4 * MOST_TOLD, seconds=TOLD_SECONDS
        )
    except doors.TooLarge:
        raise DeviceRefused.of("device_malformed") from None


async def _refuse(send: Send, refusal: Refusal, *, arabic: bool) -> None:
    headers = [*_JSON, *([(b"retry-after", RETRY_SECONDS)] if refusal.status in (429, 503) else [])]
    said = {"code": refusal.code, "message": refusal.message_in("ar" if arabic else "en")}
    await doors.answer(send, refusal.status, headers, msgspec.json.encode(said))
