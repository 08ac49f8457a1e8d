"""Write events to the inbox in groups (`kernel.groups`).

Each writer has a connection of its own and speaks libpq's protocol on the event loop, so that no thread contends for
the interpreter. A group is one message to the server (begin, slot, counts, COPY, commit), and its senders are told only
when the commit has been answered.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import pq

from amana.collect.judging import tally
from amana.collect.judging.tally import Tally
from amana.kernel import groups

log = logging.getLogger(__name__)

WRITERS: Final = 2
STATEMENT_SECONDS: Final = 10
# A database that says nothing for so long, not even that a statement took too long, is taken for gone.
SILENT_SECONDS: Final = 15
PAUSE_SECONDS: Final = 0.5
CHANGED_OVER: Final = "AM002"
_COUNT: Final = """INSERT INTO public.collect_dropped AS d
(day, hour, source, event, property, reason, writer, count) VALUES {} ON CONFLICT
(day, hour, source, event, property, reason, writer) DO UPDATE SET count = d.count + excluded.count;"""
_COPY: Final = (
    "BEGIN;SELECT public.collect_write_slot({slot}::smallint);{counts}"
    "COPY public.collect_inbox_{slot} (line) FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02');COMMIT"
)
_FAILED: Final = frozenset({pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE})


@dataclass(slots=True)
class Lines:
    """The lines and counts of one request."""

    lines: list[bytes]
    counts: Tally
    hour: int


class _ChangedOver(Exception):
    """The drain closed the table this writer had chosen."""


class _Refused(Exception):
    """The server refused the group, and the connection stands."""


class Queue(groups.Queue[Lines]):
    """What waits to be written, in order."""

    def put(self, lines: list[bytes], counts: Tally, *, hour: int) -> "asyncio.Future[None]":
        """Let a request's lines wait; the future is done when they are committed. `hour` is in hours since 1970.

        Raises QueueFull. The future raises Unwritten.
        """
        return self.add(Lines(lines, counts, hour), size=sum(map(len, lines)) + len(lines))


class Writer:
    """One connection that writes one group after another; `number` keeps its counts apart from others'."""

    def __init__(self, queue: Queue, address: Mapping[str, Any], number: int) -> None:
        self._queue, self._address, self._number = queue, dict(address), number
        self._slot = 0
        self._socket = -1
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._ready: asyncio.Future[None] | None = None

    async def run(self) -> None:
        """Write until cancelled."""
        try:
            await groups.keep_writing(self._queue, self._written, self._recover)
        finally:
            if self._connection is not None:
                self._part(self._connection)

    async def _written(self, group: groups.Group[Lines]) -> bool:
        """Write a group, and tell whether it was committed."""
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                await self._write(group)
        except (psycopg.Error, OSError, _Refused) as error:
            log.warning("events: a group was not written (%s)", type(error).__name__)
            if isinstance(error, TimeoutError) and self._connection is not None:
                self._part(self._connection)
            return False
        return True

    async def _recover(self) -> None:
        """Let go of a connection that broke; pause, since what failed a moment ago fails again."""
        if self._connection is not None and self._connection.pgconn.status != pq.ConnStatus.OK:
            self._part(self._connection)
        await asyncio.sleep(PAUSE_SECONDS)

    async def _write(self, group: groups.Group[Lines]) -> None:
        lines = [line for entry in group.entries for line in entry.content.lines]
        content = b"\n".join(lines)
        for _attempt in range(3):
            connection = await self._connected()
            try:
                await self._commit(connection.pgconn, content, self._counts(group), any_lines=bool(lines))
            except _ChangedOver:
                self._slot = 1 - self._slot
            else:
                return
        raise _Refused

    def _counts(self, group: groups.Group[Lines]) -> str:
        """Return the statement that adds the counts of a group, in one order for all writers."""
        summed: dict[tuple[int, tally.Key], int] = {}
        for entry in group.entries:
            for key, number in entry.content.counts.items():
                place = (entry.content.hour, key)
                summed[place] = summed.get(place, 0) + number
        if not summed:
            return ""
        rows = (
            f"(date '1970-01-01' + {hour // 24},{hour % 24},{source},{_quoted(event)},{_quoted(name)},"
            f"{_quoted(reason)},{self._number},{number})"
            for (hour, (source, event, name, reason)), number in sorted(summed.items())
        )
        return _COUNT.format(",".join(rows))

    async def _commit(self, server: pq.abc.PGconn, content: bytes, counts: str, *, any_lines: bool) -> None:
        server.send_query(_COPY.format(slot=self._slot, counts=counts).encode())
        await self._flush(server)
        refused = ""
        while (result := await self._result(server)) is not None:
            if result.status == pq.ExecStatus.COPY_IN:
                if any_lines:
                    server.put_copy_data(content)
                server.put_copy_end()
                await self._flush(server)
            elif result.status in _FAILED:
                refused = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"?").decode()
        if refused:
            await self._roll_back(server)
            raise _ChangedOver if refused == CHANGED_OVER else _Refused(refused)

    async def _roll_back(self, server: pq.abc.PGconn) -> None:
        if server.status == pq.ConnStatus.OK:
            server.send_query(b"ROLLBACK")
            await self._flush(server)
            while await self._result(server) is not None:
                pass

    async def _result(self, server: pq.abc.PGconn) -> "pq.abc.PGresult | None":
        while server.is_busy():
            await self._news()
            server.consume_input()
        return server.get_result()

    async def _flush(self, server: pq.abc.PGconn) -> None:
        """Send what is left to send, and read meanwhile: a server that cannot speak does not listen either."""
        loop = asyncio.get_running_loop()
        while server.flush():
            loop.add_writer(server.socket, self._wake)
            try:
                await self._news()
            finally:
                loop.remove_writer(server.socket)
            server.consume_input()

    async def _news(self) -> None:
        """Wait until the socket has something to read, or takes what there is to send."""
        self._ready = asyncio.get_running_loop().create_future()
        try:
            await self._ready
        finally:
            self._ready = None

    def _wake(self) -> None:
        if self._ready is None:
            self._look()
        elif not self._ready.done():
            self._ready.set_result(None)

    def _look(self) -> None:
        """Read what a server says unasked; one that hung up would otherwise be reported for ever."""
        connection = self._connection
        if connection is not None:
            with suppress(psycopg.Error):
                connection.pgconn.consume_input()
                if connection.pgconn.status == pq.ConnStatus.OK:
                    return
            self._part(connection)

    def _part(self, connection: "psycopg.AsyncConnection[Any]") -> None:
        """Let go of a connection; the next group opens another."""
        self._connection = None
        server = connection.pgconn
        if self._socket >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
        self._socket = -1
        server.finish()

    async def _connected(self) -> "psycopg.AsyncConnection[Any]":
        if self._connection is None:
            options = f"-c statement_timeout={STATEMENT_SECONDS}s -c search_path=pg_catalog"
            self._connection = await psycopg.AsyncConnection.connect(
                **{**self._address, "autocommit": True, "connect_timeout": 5, "options": options}
            )
            server = self._connection.pgconn
            server.nonblocking = 1
            self._socket = server.socket
            asyncio.get_running_loop().add_reader(self._socket, self._wake)
        return self._connection


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
