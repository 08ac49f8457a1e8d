"""Write events to the inbox in groups (`kernel.groups`).

Each writer has a connection of its own and speaks libpq's protocol on the event loop, so that no thread contends for
the interpreter. A group is one pipeline to the server (counts, rows, sync: one transaction of statements prepared
once), and its senders are told only when its sync, which is its commit, has been answered.
"""

import asyncio
import logging
import struct
from collections.abc import Iterable, Mapping, Sequence
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
# Most of the server's work is by the row: as many lines share one as fit a page beside its own head and the row's. The
# drain takes them apart again.
ROW_BYTES: Final = 8000
_TEXT_TYPE: Final = 25
_TEXT, _BINARY = 0, 1
# The slot is a statement's first row: its lock is there before anything is written.
_ROWS: Final = b"""WITH slot AS MATERIALIZED (SELECT public.collect_write_slot($1::smallint))
INSERT INTO public.collect_inbox_%d (line) SELECT unnest($2::text[]) FROM slot"""
_STATEMENTS: Final = {
    b"rows_0": _ROWS % 0,
    b"rows_1": _ROWS % 1,
    b"counts": b"""INSERT INTO public.collect_dropped AS d
(day, hour, source, event, property, reason, writer, count)
SELECT date '1970-01-01' + hour / 24, hour % 24, source, event, property, reason, $1::smallint, number
FROM unnest($2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bigint[])
    AS c (hour, source, event, property, reason, number)
ON CONFLICT (day, hour, source, event, property, reason, writer) DO UPDATE SET count = d.count + excluded.count""",
}
_COUNTS_FORMATS: Final = [_TEXT, _TEXT, _TEXT, _BINARY, _BINARY, _BINARY, _TEXT]
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
        self._loop: asyncio.AbstractEventLoop

    async def run(self) -> None:
        """Write until cancelled."""
        self._loop = asyncio.get_running_loop()
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
        rows = array(rows_of(line for entry in group.entries for line in entry.content.lines))
        counts = self._counts(group)
        for _attempt in range(3):
            connection = await self._connected()
            try:
                await self._commit(connection.pgconn, rows, counts)
            except _ChangedOver:
                self._slot = 1 - self._slot
            else:
                return
        raise _Refused

    def _counts(self, group: groups.Group[Lines]) -> list[bytes]:
        """Return what the statement that adds the counts of a group takes, in one order for all writers."""
        summed: dict[tuple[int, tally.Key], int] = {}
        for entry in group.entries:
            for key, number in entry.content.counts.items():
                place = (entry.content.hour, key)
                summed[place] = summed.get(place, 0) + number
        columns = list(
            zip(*((hour, *key, number) for (hour, key), number in sorted(summed.items())), strict=True)
        )
        hours, sources, *names, numbers = columns or [()] * 6
        return [
            b"%d" % self._number, _numbers(hours), _numbers(sources),
            *(array([name.encode() for name in column]) for column in names), _numbers(numbers),
        ]  # fmt: skip

    async def _commit(self, server: pq.abc.PGconn, rows: bytes, counts: Sequence[bytes]) -> None:
        # What stands between two syncs is one transaction (PostgreSQL's documentation of libpq, Pipeline Mode): where
        # one statement is refused, none of them was done, and nothing is left to roll back.
        server.send_query_prepared(b"counts", counts, _COUNTS_FORMATS)
        server.send_query_prepared(b"rows_%d" % self._slot, [b"%d" % self._slot, rows], [_TEXT, _BINARY])
        refused = await self._synced(server)
        if refused:
            raise _ChangedOver if refused == CHANGED_OVER else _Refused(refused)

    async def _synced(self, server: pq.abc.PGconn) -> str:
        """End a pipeline; return the error that aborted it, or nothing."""
        server.pipeline_sync()
        await self._flush(server)
        refused = ""
        while True:
            result = await self._result(server)
            if result is None:
                if server.status != pq.ConnStatus.OK:
                    raise psycopg.OperationalError
                continue
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return refused
            if result.status in _FAILED:
                refused = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"?").decode()

    async def _result(self, server: pq.abc.PGconn) -> "pq.abc.PGresult | None":
        while server.is_busy():
            await self._news()
            server.consume_input()
        return server.get_result()

    async def _flush(self, server: pq.abc.PGconn) -> None:
        """Send what is left to send, and read meanwhile: a server that cannot speak does not listen either."""
        while server.flush():
            self._loop.add_writer(server.socket, self._wake)
            try:
                await self._news()
            finally:
                self._loop.remove_writer(server.socket)
            server.consume_input()

    async def _news(self) -> None:
        """Wait until the socket has something to read, or takes what there is to send."""
        self._ready = self._loop.create_future()
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
            self._loop.remove_reader(self._socket)
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
            server.enter_pipeline_mode()
            self._socket = server.socket
            self._loop.add_reader(self._socket, self._wake)
            for name, statement in _STATEMENTS.items():
                server.send_prepare(name, statement)
            if refused := await self._synced(server):
                self._part(self._connection)
                raise _Refused(refused)
        return self._connection


def rows_of(lines: Iterable[bytes]) -> list[bytes]:
    """Return lines as rows of the inbox: as many as fit share a row, a newline between two."""
    rows: list[bytes] = []
    row: list[bytes] = []
    left = ROW_BYTES
    for line in lines:
        left -= len(line) + 1
        if left < 0 and row:
            rows.append(b"\n".join(row))
            row, left = [], ROW_BYTES - len(line) - 1
        row.append(line)
    if row:
        rows.append(b"\n".join(row))
    return rows


def _numbers(numbers: Iterable[object]) -> bytes:
    return b"{%b}" % ",".join(map(str, numbers)).encode()


def array(texts: Sequence[bytes]) -> bytes:
    """Return texts as PostgreSQL's text[] in binary (its source, `array_send`)."""
    head = (
        struct.pack("!3i2i", 1, 0, _TEXT_TYPE, len(texts), 1)
        if texts
        else struct.pack("!3i", 0, 0, _TEXT_TYPE)
    )
    return head + b"".join([part for text in texts for part in (len(text).to_bytes(4), text)])
