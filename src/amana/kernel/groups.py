"""Write in groups: a group is what waits when the last commit ends.

Nobody waits for a group to fill, and under load groups grow by themselves. Whoever put something in is told only when
its group was committed, or that it was not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MOST_BYTES: Final = 4_000_000
# Beyond this, whoever comes is asked to come again later: a queue that grows for ever loses everything at once.
MOST_WAITING: Final = 32_000_000
# After a group that failed so late, whoever waits behind it is told at once, rather than as late again.
LATE_SECONDS: Final = 3


class QueueFull(Exception):
    """More waits than may wait."""


class Unwritten(Exception):
    """A group could not be committed; whether it was is unknown where the connection broke."""


@dataclass(slots=True)
class Entry(Generic[T]):
    """What one sender put in, and who waits for it."""

    content: T
    size: int
    done: "asyncio.Future[None]"


@dataclass(slots=True)
class Group(Generic[T]):
    """What is committed together."""

    entries: list[Entry[T]] = field(default_factory=list)
    size: int = 0


class Queue(Generic[T]):
    """What waits to be written, in order."""

    def __init__(self) -> None:
        self._waiting: list[Entry[T]] = []
        self._size = 0
        self._writing = 0
        self._there = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def idle(self) -> bool:
        """Tell whether nothing waits and nothing is being written."""
        return not self._waiting and not self._writing

    @property
    def deep(self) -> bool:
        """Tell whether nothing more may wait."""
        return self._size > MOST_WAITING

    def add(self, content: T, *, size: int) -> "asyncio.Future[None]":
        """Let something wait; the future is done when it is committed.

        Raises QueueFull. The future raises Unwritten.
        """
        if self.deep:
            raise QueueFull
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append(Entry(content, size, done))
        self._size += size
        self._there.set()
        return done

    async def take(self) -> Group[T]:
        """Wait until something is there, and take as much as one group holds."""
        while not self._waiting:
            self._there.clear()
            await self._there.wait()
        group: Group[T] = Group()
        while len(group.entries) < len(self._waiting) and group.size < MOST_BYTES:
            entry = self._waiting[len(group.entries)]
            group.entries.append(entry)
            group.size += entry.size
        del self._waiting[: len(group.entries)]
        self._size -= group.size
        self._writing += 1
        return group

    def done(self, group: Group[T], *, written: bool) -> None:
        """Tell everybody in a group what became of it."""
        self._writing -= 1
        for entry in group.entries:
            if not entry.done.done():
                if written:
                    entry.done.set_result(None)
                else:
                    entry.done.set_exception(Unwritten())

    def refuse_all(self) -> None:
        """Tell everybody who waits that nothing was written."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        self._writing += 1
        self.done(Group(waiting), written=False)


async def keep_writing(
    queue: Queue[T], write: Callable[[Group[T]], Awaitable[bool]], recover: Callable[[], Awaitable[None]]
) -> None:
    """Write one group after another until cancelled; `write` tells whether it was committed, `recover` mends."""
    while True:
        group = await queue.take()
        began = asyncio.get_running_loop().time()
        written = False
        try:
            written = await write(group)
        finally:
            queue.done(group, written=written)
        del group  # megabytes, which would be held until the next one comes
        if not written:
            if asyncio.get_running_loop().time() - began > LATE_SECONDS:
                queue.refuse_all()
            await recover()


async def settle(queue: Queue[T], seconds: float) -> None:
    """Wait until nothing waits any more, at most so long."""
    end = asyncio.get_running_loop().time() + seconds
    while not queue.idle and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.01)
