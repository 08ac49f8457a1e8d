"""Take events in: who sends, what may be kept, and no answer before it is committed."""

import asyncio
import base64
import binascii
from collections.abc import Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import Any, Final

import msgspec
from django.db import Error, connection

from amana.collect.api import bodies
from amana.collect.api.refusals import EventsRefused
from amana.collect.api.standing import Known, Standing
from amana.collect.judging import identity, tally, times
from amana.collect.judging.identity import Handed, Identified
from amana.collect.judging.judge import Judge, Visit, is_plain, language_of
from amana.collect.judging.rules import Rules
from amana.collect.judging.tally import Tally
from amana.collect.visitors import line_of, network_of
from amana.collect.wire import Batch, Message, read_batch, read_message
from amana.collect.writing import Queue
from amana.kernel import clock
from amana.kernel.doors import Receive
from amana.kernel.groups import QueueFull, Unwritten, settle
from amana.kernel.refusal import Refusal

BATCH: Final = "batch"
CALLS: Final = ("track", "identify", "page", "screen", "group", "alias")
ROUTES: Final[Mapping[str, str]] = {
    "/v1/batch": BATCH, "/v1/b": BATCH,
    **{f"/v1/{call}": call for call in CALLS}, **{f"/v1/{call[0]}": call for call in CALLS},
}  # fmt: skip
HOUR_MS: Final = 3_600_000
# The event loop answers others between so many events of one batch.
AT_A_TIME: Final = 200
MOST_IN_A_BATCH: Final = 5000
# So many servers may tell of their users at once; the next are asked to come again.
MOST_IDENTIFIES: Final = 100
# What is remembered of headers is cut before: proxies are read from the right, and no key is as long.
LONGEST_FORWARDED: Final = 1024
LONGEST_AUTHORIZATION: Final = 512
# Requests whose source is not known count under no source.
NOBODY: Final = 0
WAITS: Final = frozenset({409, 429, 503})


class Taking:
    """Takes requests of one process in; it knows how the deployment stood a moment ago."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._judge = Judge()
        self._standing = Standing()
        self._origins: frozenset[bytes] = frozenset()
        self._strays: Tally = {}
        self._hands = ThreadPoolExecutor(2, "events-identify")
        self._identifies = 0

    def use(self, standing: Standing) -> None:
        """Go on with what was read last."""
        self._standing = standing
        self._judge.visitors.use(standing.salts, standing.zone)
        known = standing.by_write_key.values()
        self._origins = frozenset(origin.encode() for one in known for origin in one.origins)

    def knows(self, origin: bytes) -> bool:
        """Tell whether any source's pages are of this origin."""
        return origin in self._origins

    def rules_of(self, write_key: str) -> tuple[Rules, str]:
        """Return the allow-list for a source's pages, and its key. Raises Refusal."""
        rules = self._rules(self._standing)
        if write_key not in self._standing.by_write_key:
            raise EventsRefused.of("event_key_unknown")
        return rules, write_key

    async def take(
        self, scope: MutableMapping[str, Any], headers: Mapping[bytes, bytes], receive: Receive
    ) -> bytes:
        """Take one request in; return its origin once everything is committed. Raises Refusal, doors.Gone."""
        standing = self._standing
        try:
            rules, call = self._rules(standing), _call(scope["path"])
        except Refusal:
            await bodies.dismiss(receive)
            raise
        body = await bodies.read(headers, receive)
        batch, lost = self._decoded(call, body)
        known, trusted = self._sender(standing, headers, batch)
        origin = headers.get(b"origin", b"")
        if origin and not trusted and origin.decode("latin-1") not in known.origins:
            tally.count(self._strays, known.id, "", "origin", by=len(batch.batch))
            raise EventsRefused.of("event_origin_refused")
        visit = _visit(scope, headers, known, trusted, rules, batch)
        visit.plain = is_plain(body)
        if lost:
            visit.count("", "malformed", by=lost)
        await self._commit(visit, batch.batch)
        return origin if origin in self._origins else b""

    async def _commit(self, visit: Visit, messages: Sequence[Message]) -> None:
        lines: list[bytes] = []
        told: list[Identified | Handed] = []
        for first in range(0, len(messages), AT_A_TIME):
            if first:
                await asyncio.sleep(0)
            self._judge_some(messages[first : first + AT_A_TIME], visit, lines, told)
        if told:
            await self._hand_over(told, visit)
        try:
            await self._queue.put(lines, visit.counts(), hour=visit.received // HOUR_MS)
        except QueueFull:
            raise EventsRefused.of("event_queue_full") from None
        except Unwritten:
            raise EventsRefused.of("event_not_written") from None

    def _judge_some(
        self, messages: Sequence[Message], visit: Visit, lines: list[bytes], told: list[Identified | Handed]
    ) -> None:
        for message in messages:
            if message.type in identity.NAMING:
                named = identity.identified(message, visit)
                if named is not None:
                    told.append(named)
            else:
                line = self._judge.line(message, visit)
                if line is not None:
                    lines.append(line)

    async def _hand_over(self, told: Sequence[Identified | Handed], visit: Visit) -> None:
        """Let the gate and the customers' room have what was told, on a thread that may wait for them."""
        if self._identifies >= MOST_IDENTIFIES:
            raise EventsRefused.of("event_queue_full")
        self._identifies += 1
        try:
            loop = asyncio.get_running_loop()
            for one in told:
                for name, reason in await loop.run_in_executor(self._hands, _identify, one):
                    visit.count(identity.IDENTIFY, reason, of=name)
        finally:
            self._identifies -= 1

    def _rules(self, standing: Standing) -> Rules:
        """Return the allow-list now in force. Raises Refusal where nothing may be taken in now."""
        if standing.stale:
            raise EventsRefused.of("event_not_written")
        if standing.refusal is not None:
            raise standing.refusal
        if standing.full or self._queue.deep:
            raise EventsRefused.of("event_queue_full")
        if standing.rules is None:
            raise EventsRefused.of("event_not_written")
        return standing.rules

    def _decoded(self, call: str, body: bytes) -> tuple[Batch, int]:
        try:
            if call != BATCH:
                message = read_message(body)
                message.type = call
                return Batch([message], None, message.writeKey, None), 0
            batch, lost = read_batch(body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            tally.count(self._strays, NOBODY, "", "malformed")
            raise EventsRefused.of("event_body_unreadable") from None
        if len(batch.batch) + lost > MOST_IN_A_BATCH:
            raise EventsRefused.of("event_batch_too_long")
        return batch, lost

    def _sender(self, standing: Standing, headers: Mapping[bytes, bytes], batch: Batch) -> tuple[Known, bool]:
        """Return the source and whether the server key proved it. Raises EventsRefused."""
        authorization = headers.get(b"authorization")
        key = user_name(authorization) if authorization else ""
        key = key or batch.writeKey or (batch.batch[0].writeKey if batch.batch else None) or ""
        if not key:
            raise EventsRefused.of("event_key_missing")
        known = standing.by_write_key.get(key)
        if known is not None:
            return known, False
        known = standing.by_server_key.get(sha256(key.encode("utf-8", "surrogatepass")).digest())
        if known is None:
            tally.count(self._strays, NOBODY, "", "no_such_key", by=max(1, len(batch.batch)))
            raise EventsRefused.of("event_key_unknown")
        return known, True

    def count_strays(self) -> None:
        """Let the counts of refused requests be written with the next group."""
        strays, self._strays = self._strays, {}
        if strays and not self._queue.deep:
            hour = milliseconds() // HOUR_MS
            # Nobody waits for a count: what cannot be written now is not looked at again.
            self._queue.put([], strays, hour=hour).add_done_callback(lambda done: done.exception())

    async def settle(self, seconds: float) -> None:
        """Wait until nothing waits any more, at most so long."""
        await settle(self._queue, seconds)

    def close(self) -> None:
        """Refuse what still waits, and end the threads."""
        self._queue.refuse_all()
        self._hands.shutdown(wait=False)


def milliseconds() -> int:
    """Return the present moment in ms since 1970."""
    return int(clock.now().timestamp() * 1000)


def user_name(authorization: bytes) -> str:
    """Return the user name of Basic authentication (RFC 7617): the key; empty for anything else."""
    return _user_name(authorization) if len(authorization) <= LONGEST_AUTHORIZATION else ""


@lru_cache(maxsize=1024)
def _user_name(authorization: bytes) -> str:
    scheme, _, content = authorization.partition(b" ")
    try:
        pair = base64.b64decode(content.strip(), validate=True).decode() if scheme.lower() == b"basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[0]


def _call(path: str) -> str:
    """Return the call of an address. Raises EventsRefused."""
    call = ROUTES.get(path)
    if call is None:
        raise EventsRefused.of("event_address_unknown")
    return call


def _visit(
    scope: MutableMapping[str, Any], headers: Mapping[bytes, bytes], known: Known, trusted: bool, rules: Rules,
    batch: Batch,
) -> Visit:  # fmt: skip
    client = scope.get("client")
    peer = client[0] if client else ""
    forwarded = headers.get(b"x-forwarded-for", b"")[-LONGEST_FORWARDED:].decode("latin-1")
    return Visit(
        source=known.id,
        trusted=trusted,
        received=milliseconds(),
        rules=rules,
        network=network_of(peer, forwarded),
        line=line_of(peer, forwarded),
        user_agent=headers.get(b"user-agent", b"").decode("latin-1")[:512],
        language=language_of(headers.get(b"accept-language", b"").decode("latin-1")[:64]),
        gpc=headers.get(b"sec-gpc") == b"1",
        sent=times.read(batch.sentAt),
        context=batch.context,
    )


def _identify(told: Identified | Handed) -> list[tuple[str, str]]:
    """Hand one user over; return the traits that were dropped and why. Raises Refusal where to come again helps."""
    dropped: list[tuple[str, str]] = []
    try:
        # The customers' room has models, which do not exist yet when this module is imported.
        identifying = import_module("amana.collect.identifying")
        if isinstance(told, Handed):
            identifying.take_over(told)
        else:
            identifying.take(told, lambda name, why: dropped.append((name, why)))
    except Refusal as refusal:
        if refusal.status in WAITS:
            raise
        dropped.append((refusal.code, "malformed"))
    except Error:
        connection.close()
        raise EventsRefused.of("event_not_written") from None
    return dropped
