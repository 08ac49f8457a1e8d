"""Take envelopes in as they come: sorted by what stands outside, kept, and answered only after the commit."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from amana.kernel import addresses, doors
from amana.kernel.doors import Receive, TooLarge
from amana.kernel.groups import QueueFull, Unwritten
from amana.kernel.refusal import Refusal
from amana.surveys.intake import envelope
from amana.surveys.intake.envelope import Outside
from amana.surveys.intake.inbox import Inbox
from amana.surveys.intake.pressure import Pressure
from amana.surveys.intake.refusals import AnswerRefused, DeviceRefused
from amana.surveys.intake.standing import Standing, Tablet

LARGEST: Final = 8 * 1_048_576
MOST_HEARD: Final = 4 * LARGEST
# Shop Wi-Fi is slow, but whoever sends more slowly than this holds a connection that others want.
SLOWEST_SECONDS: Final = 60
MOST_ENVELOPES: Final = 1_000
# All that may be in memory at once of requests still being read.
MOST_BEING_READ: Final = 128 * 1_048_576
# The event loop answers others between so many envelopes of one request.
AT_A_TIME: Final = 50
TYPE: Final = b"application/jose"
LONGEST_FORWARDED: Final = 1024
UNKNOWN: Final = "device_unknown"


class Sorted:
    """One request's envelopes: those to keep, and why the others are not."""

    def __init__(self) -> None:
        self.kept: list[Outside] = []
        self.refused: dict[str, str] = {}
        self.unsigned = 0


class Receiving:
    """Receives the envelopes of one process; it knows how the deployment stood a moment ago."""

    def __init__(self, inbox: Inbox, refresh: Callable[[], Awaitable[None]]) -> None:
        self.standing = Standing()
        self._inbox = inbox
        self._refresh = refresh
        self._pressure = Pressure()
        self._being_read = 0
        self._heard: set[UUID] = set()

    def heard(self) -> set[UUID]:
        """Return which devices sent something since this was asked last."""
        heard, self._heard = self._heard, set()
        return heard

    def check(self) -> None:
        """Refuse everybody where nothing may be taken in now. Raises Refusal."""
        if self.standing.stale:
            raise AnswerRefused.of("intake_unavailable")
        if self.standing.refusal is not None:
            raise self.standing.refusal

    async def signed(self, token: bytes) -> tuple[UUID, bytes]:
        """Return which device signed a few words of its own, and what they are. Raises DeviceRefused, AnswerRefused."""
        device = envelope.signer(token)
        if device not in self.standing.tablets:
            # Another process may have enrolled it a moment ago.
            await self._refresh()
        tablet = self._tablet(device)
        said = envelope.verify(token, tablet.key)
        if tablet.revoked:
            raise DeviceRefused.of("device_revoked")
        return device, said

    def _tablet(self, device: UUID) -> Tablet:
        found = self.standing.tablets.get(device)
        if found is None:
            raise DeviceRefused.of(UNKNOWN)
        return found

    async def receive(
        self, scope: MutableMapping[str, Any], headers: Mapping[bytes, bytes], receive: Receive
    ) -> dict[str, Any]:
        """Keep one request's envelopes; say which, and why not the others. Raises Refusal, doors.Gone."""
        try:
            self._check(headers)
        except Refusal:
            await doors.hear_out(receive, heard=MOST_HEARD, seconds=SLOWEST_SECONDS)
            raise
        lines = [line for line in (await self._body(headers, receive)).split(b"\n") if line.strip()]
        if not lines:
            raise AnswerRefused.of("envelopes_missing")
        if len(lines) > MOST_ENVELOPES:
            raise AnswerRefused.of("envelopes_too_many")
        found = await self._sorted(lines)
        if UNKNOWN in found.refused.values():
            await self._refresh()
            found = await self._sorted(lines)
        if not self._pressure.allows(network(scope, headers), found.unsigned, now=time.monotonic()):
            raise AnswerRefused.of("intake_busy")
        await self._keep(found.kept)
        return {"kept": [str(one.id) for one in found.kept], "refused": found.refused}

    def _check(self, headers: Mapping[bytes, bytes]) -> None:
        """Refuse what need not be read. Raises Refusal."""
        self.check()
        if self.standing.full or self._inbox.deep or self._being_read + _size(headers) > MOST_BEING_READ:
            raise AnswerRefused.of("intake_busy")
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != TYPE:
            raise AnswerRefused.of("intake_type_refused")

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        size = _size(headers)
        self._being_read += size
        try:
            return await doors.received(
                headers, receive, largest=LARGEST, heard=MOST_HEARD, seconds=SLOWEST_SECONDS
            )
        except TooLarge:
            raise AnswerRefused.of("envelopes_too_large") from None
        finally:
            self._being_read -= size

    async def _sorted(self, lines: list[bytes]) -> Sorted:
        found = Sorted()
        for number, line in enumerate(lines, start=1):
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
            self._sort(found, number, line.strip())
        return found

    def _sort(self, found: Sorted, number: int, line: bytes) -> None:
        name = f"line {number}"
        try:
            outside = envelope.look(line)
            name = str(outside.id)
            if outside.kid not in self.standing.kids:
                raise AnswerRefused.of("envelope_sealed_otherwise")
            if outside.device is None:
                found.unsigned += 1
            else:
                self._check_signature(line, outside.device)
        except (AnswerRefused, DeviceRefused) as refusal:
            found.refused[name] = refusal.code
        else:
            found.kept.append(outside)

    def _check_signature(self, line: bytes, device: UUID) -> None:
        """Refuse what a device did not sign. A revoked one's answers are kept, among the refused, up to a number."""
        tablet = self._tablet(device)
        envelope.verify(line, tablet.key)
        if tablet.full:
            raise DeviceRefused.of("device_revoked")
        self._heard.add(device)

    async def _keep(self, envelopes: list[Outside]) -> None:
        if not envelopes:
            return
        try:
            await self._inbox.put(envelopes)
        except QueueFull:
            raise AnswerRefused.of("intake_busy") from None
        except Unwritten:
            raise AnswerRefused.of("intake_unavailable") from None


def _size(headers: Mapping[bytes, bytes]) -> int:
    """Return how much of a request may be in memory."""
    announced = doors.announced(headers)
    return LARGEST if announced is None else min(announced, LARGEST)


def network(scope: MutableMapping[str, Any], headers: Mapping[bytes, bytes]) -> str:
    """Return the network a request came from, seen through trusted proxies; empty where none is known."""
    client = scope.get("client")
    forwarded = headers.get(b"x-forwarded-for", b"")[-LONGEST_FORWARDED:].decode("latin-1")
    return addresses.truncated(
        addresses.client_address(client[0] if client else "", forwarded, settings.AMANA_TRUSTED_PROXIES)
    )
