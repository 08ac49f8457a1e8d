"""Take messages out of the outbox and write down what became of them, a chunk at a time."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from amana.kernel import clock
from amana.post.models import Batch, Message
from amana.post.transports import Outcome, Verdict

ATTEMPTS = 6
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720))
State = Message.State


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a message stands after a hand-over, why, and what the carrier's code was."""

    state: Message.State
    reason: str = ""
    status: str = ""


FATES: Mapping[Outcome, tuple[Message.State, str]] = {
    Outcome.HANDED_OVER: (State.HANDED_OVER, ""),
    Outcome.UNCONFIRMED: (State.UNCONFIRMED, "lost"),
    Outcome.ADDRESS_FAULT: (State.BOUNCED, "address"),
    Outcome.MAILBOX_FAULT: (State.BOUNCED, "mailbox"),
    Outcome.SENDER_FAULT: (State.FAILED, "sender"),
    Outcome.RETRY: (State.PLANNED, "later"),
    Outcome.NO_CARRIER: (State.PLANNED, "no_carrier"),
}


def fate_of(verdict: Verdict, *, attempts: int) -> Fate:
    """Return what a verdict means for a message tried `attempts` times."""
    if verdict.outcome is Outcome.RETRY and attempts >= ATTEMPTS:
        return Fate(State.FAILED, "gave_up", verdict.status)
    state, reason = FATES[verdict.outcome]
    return Fate(state, reason, verdict.status)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before a message that was tried `attempts` times is tried again."""
    return PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]


@contextmanager
def alone(batch: UUID) -> Iterator[bool]:
    """Hold a batch alone among all processes; yield False when another one has it."""
    key = int.from_bytes(batch.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held and not connection.needs_rollback:
            _unlock(key)


def _unlock(key: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    except DatabaseError:
        # The lock went with the connection that held it.
        connection.close()


@transaction.atomic
def take(batch: Batch) -> tuple[Message, ...]:
    """Mark the batch's planned messages as taken and return them. Committed before anybody is opened."""
    at = clock.now()
    if not Batch.objects.filter(pk=batch.pk, taken_at=None, settled_at=None).update(taken_at=at):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE post_message SET state = 'taken', taken_at = %s, attempts = attempts + 1"
            " WHERE batch_id = %s AND state = 'planned'",
            [at, batch.pk],
        )
    return tuple(
        Message.objects.filter(batch=batch, state=State.TAKEN).select_related("content").order_by("id")
    )


def settle(batch: Batch, fates: Mapping[UUID, Fate]) -> None:
    """Write the fates of a taken batch in one statement and close it, all within the caller's transaction."""
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE post_message AS m SET state = f.state, reason = f.reason, status = f.status,"
            " attempts = m.attempts - (f.reason = 'no_carrier' OR f.reason = 'untried')::int,"
            " handed_over_at = CASE WHEN f.state = 'handed_over' THEN %s::timestamptz END,"
            " bounced_at = CASE WHEN f.state = 'bounced' THEN %s::timestamptz END"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) AS f (id, state, reason, status)"
            " WHERE m.id = f.id AND m.batch_id = %s AND m.state = 'taken'",
            [at, at, *_columns(fates), batch.pk],
        )
    Batch.objects.filter(pk=batch.pk).update(settled_at=at)


def _columns(fates: Mapping[UUID, Fate]) -> tuple[list[UUID], list[str], list[str], list[str]]:
    return (
        list(fates),
        [str(fate.state.value) for fate in fates.values()],
        [fate.reason for fate in fates.values()],
        [fate.status for fate in fates.values()],
    )


def waiting(batch: Batch) -> tuple[Message, ...]:
    """Return the messages of a settled batch that are planned again."""
    return tuple(Message.objects.filter(batch=batch, state=State.PLANNED).order_by("id"))


def due_again(messages: Iterable[Message], at: datetime) -> datetime:
    """Return when messages planned again are due: at once, or after the longest pause among them."""
    pauses = [timedelta(0)]
    for message in messages:
        if message.reason == "later":
            pauses.append(pause_after(message.attempts))
        elif message.reason == "no_carrier":
            pauses.append(timedelta(minutes=1))
    return at + max(pauses)


def fates_of(messages: Collection[Message], verdicts: Mapping[UUID, Verdict]) -> dict[UUID, Fate]:
    """Return the fate of every message; one without a verdict never left and is planned again."""
    return {
        message.pk: fate_of(verdicts[message.pk], attempts=message.attempts)
        if message.pk in verdicts
        else Fate(State.PLANNED, "untried")
        for message in messages
    }
