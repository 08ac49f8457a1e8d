"""A sender that is refused before its body is read is heard out, and no further than a bound."""

import asyncio
from collections.abc import Iterator

import pytest

from amana.collect.api.taking import Taking
from amana.collect.writing import Queue
from amana.kernel import doors
from amana.kernel.doors import Message, Receive
from amana.kernel.refusal import Refusal
from amana.surveys.intake.inbox import Inbox
from amana.surveys.intake.receiving import Receiving

PARTS = 5


def body(parts: int, taken: list[int]) -> Receive:
    """Return a body of so many parts of ten bytes, noting each that is read."""
    numbers: Iterator[int] = iter(range(1, parts + 1))

    async def receive() -> Message:
        number = next(numbers)
        taken.append(number)
        return {"type": "http.request", "body": b"x" * 10, "more_body": number < parts}

    return receive


@pytest.mark.parametrize(("heard", "read"), [(1000, [1, 2, 3, 4, 5]), (25, [1, 2, 3])])
def test_a_body_is_heard_out_up_to_a_bound(heard: int, read: list[int]) -> None:
    taken: list[int] = []
    asyncio.run(doors.hear_out(body(PARTS, taken), heard=heard, seconds=5))
    assert taken == read


def test_a_sender_that_does_not_come_to_an_end_is_left() -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(doors.Gone):
        asyncio.run(doors.hear_out(never, heard=10, seconds=0.01))


@pytest.mark.parametrize(
    ("path", "code"), [("/v1/batch", "event_not_written"), ("/v1/else", "event_not_written")]
)
def test_c2_events_refused_unread_are_heard_out(path: str, code: str) -> None:
    taken: list[int] = []
    with pytest.raises(Refusal, match=code):
        asyncio.run(Taking(Queue()).take({"path": path}, {}, body(PARTS, taken)))
    assert taken == [1, 2, 3, 4, 5]


def test_answers_refused_unread_are_heard_out() -> None:
    taken: list[int] = []

    async def nothing() -> None:
        return

    with pytest.raises(Refusal, match="intake_unavailable"):
        asyncio.run(Receiving(Inbox(), nothing).receive({}, {}, body(PARTS, taken)))
    assert taken == [1, 2, 3, 4, 5]


def test_whoever_is_overdue_is_left_and_the_others_are_not() -> None:
    async def slow() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def both() -> list[object]:
        taken: list[int] = []
        heard = [doors.hear_out(one, heard=1000, seconds=0.01) for one in (slow, body(PARTS, taken), slow)]
        return [*await asyncio.gather(*heard, return_exceptions=True), taken]

    first, second, third, taken = asyncio.run(both())
    assert (type(first), second, type(third), taken) == (doors.Gone, None, doors.Gone, [1, 2, 3, 4, 5])


def test_who_is_cancelled_stays_cancelled() -> None:
    async def cancelled() -> bool:
        task = asyncio.create_task(doors.hear_out(never_heard, heard=10, seconds=30))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    async def never_heard() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    assert asyncio.run(cancelled())


def test_a_task_that_was_cut_off_goes_on_by_itself() -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def twice() -> int:
        for _ in range(2):
            with pytest.raises(doors.Gone):
                await doors.hear_out(never, heard=10, seconds=0.01)
            await asyncio.sleep(0)
        task = asyncio.current_task()
        return task.cancelling() if task else -1

    assert asyncio.run(twice()) == 0
