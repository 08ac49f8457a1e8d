"""Keep envelopes in groups (`kernel.groups`): each once by its number, and told only after the commit."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import psycopg

from amana.kernel import groups
from amana.surveys.intake.envelope import Outside

log = logging.getLogger(__name__)

WRITERS: Final = 2
STATEMENT_SECONDS: Final = 10
# A database that says nothing for so long, not even that a statement took too long, is taken for gone.
SILENT_SECONDS: Final = 15
PAUSE_SECONDS: Final = 0.5
# What was taken in or refused already came before: it is kept once.
_KEEP: Final = """INSERT INTO public.surveys_envelope (id, sealed, device, received_at)
SELECT DISTINCT ON (x.id) x.id, x.sealed, x.device, clock_timestamp()
FROM unnest(%b::uuid[], %b::bytea[], %b::uuid[]) AS x (id, sealed, device)
WHERE NOT EXISTS (SELECT FROM public.surveys_response r WHERE r.key = x.id)
  AND NOT EXISTS (SELECT FROM public.surveys_refused r WHERE r.key = x.id)
ORDER BY x.id ON CONFLICT (id) DO NOTHING"""


class Inbox(groups.Queue[Sequence[Outside]]):
    """What waits to be kept."""

    def put(self, envelopes: Sequence[Outside]) -> "asyncio.Future[None]":
        """Let one request's envelopes wait; the future is done when they are committed.

        Raises QueueFull. The future raises Unwritten.
        """
        return self.add(envelopes, size=sum(len(one.sealed) for one in envelopes))


class Keeper:
    """One connection that keeps one group after another."""

    def __init__(self, inbox: Inbox, address: Mapping[str, Any]) -> None:
        self._inbox, self._address = inbox, dict(address)
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def run(self) -> None:
        """Keep what comes until cancelled."""
        try:
            await groups.keep_writing(self._inbox, self._kept, self._recover)
        finally:
            await self._part()

    async def _kept(self, group: groups.Group[Sequence[Outside]]) -> bool:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                await self._keep([one for entry in group.entries for one in entry.content])
        except (psycopg.Error, OSError) as error:
            log.warning("answers: a group was not kept (%s)", type(error).__name__)
            if isinstance(error, TimeoutError):
                await self._part()
            return False
        return True

    async def _keep(self, envelopes: Sequence[Outside]) -> None:
        connection = await self._connected()
        ids: list[UUID] = [one.id for one in envelopes]
        devices = [one.device for one in envelopes]
        await connection.execute(_KEEP, [ids, [one.sealed for one in envelopes], devices])

    async def _connected(self) -> "psycopg.AsyncConnection[Any]":
        if self._connection is None or self._connection.closed:
            options = f"-c statement_timeout={STATEMENT_SECONDS}s -c search_path=pg_catalog"
            self._connection = await psycopg.AsyncConnection.connect(
                **{**self._address, "autocommit": True, "connect_timeout": 5, "options": options}
            )
        return self._connection

    async def _recover(self) -> None:
        """Let go of a connection that broke; pause, since what failed a moment ago fails again."""
        if self._connection is not None and self._connection.broken:
            await self._part()
        await asyncio.sleep(PAUSE_SECONDS)

    async def _part(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
