"""Plan messages, and take note of what comes back; `handover` sends them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import attrgetter
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from amana.gate import actions as gate
from amana.gate.values import Planned
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, Language
from amana.ledger import actions as ledger
from amana.post import chunk
from amana.post.bounces import Bounce
from amana.post.models import Batch, Content, Message
from amana.post.transports import Outcome

State = Message.State
# A report that comes later than this says nothing about today's address.
BOUNCE_DAYS = 14
REASONS = {
    Outcome.ADDRESS_FAULT: "address",
    Outcome.MAILBOX_FAULT: "mailbox",
    Outcome.SENDER_FAULT: "sender",
}


def write(
    *,
    subject: Bilingual,
    body: Bilingual,
    reason: Bilingual | None = None,
    link: str = "",
    label: Bilingual | None = None,
    address: str = "",
) -> UUID:
    """Keep the words of a message and return their number. `{name}` stands for the reader's name.

    Paragraphs are parted by empty lines. `link` is `confirm`, `preferences`, `erase`, or `address` with one
    of ours.
    """
    content = Content.objects.create(
        subject_ar=subject.ar,
        subject_en=subject.en,
        body_ar=body.ar,
        body_en=body.en,
        reason_ar=reason.ar if reason else "",
        reason_en=reason.en if reason else "",
        link=link,
        label_ar=label.ar if label else "",
        label_en=label.en if label else "",
        address=address,
        written_at=clock.now(),
    )
    return content.pk


def plan(
    *,
    session: str,
    ref: str,
    kind: str,
    purpose: str,
    content: UUID,
    customers: Sequence[CustomerId],
    channel: str = "email",
    language: Language | None = None,
) -> int:
    """Plan one message to each customer, one task of the gate for each chunk; return how many are new.

    Planning twice adds nobody twice. Without `language` each is written to in their own. Raises Refusal.
    """
    at = clock.now()
    planned = 0
    for part in _parts(customers, chunk.SIZE):
        with transaction.atomic():
            known = set(Message.objects.filter(ref=ref, customer__in=part).values_list("customer", flat=True))
            new = [customer for customer in dict.fromkeys(part) if customer not in known]
            if new:
                task = gate.plan(session=session, kind="message", purpose=purpose, people=new, ref=ref)
                batch = _batch(task, ref=ref, purpose=purpose, channel=channel, at=at)
                _add(batch, new, kind=kind, content=content, language=language, at=at)
            planned += len(new)
    return planned


def enlist(
    *,
    tasks: Iterable[Planned],
    ref: str,
    kind: str,
    purpose: str,
    content: UUID,
    channel: str = "email",
    language: Language | None = None,
    reopens: bool = False,
    held: bool = False,
) -> int:
    """Plan messages under tasks the gate has made already, in the order given; return how many are new.

    For `gate.actions.plan_reachable`, and for the tasks of confirmations and requests: those may be opened
    again (`reopens`), because their links stand for that very task. Call it in the transaction that made
    the tasks. What is `held` leaves only when the room that planned it hands it over.
    """
    at = clock.now()
    planned = 0
    with transaction.atomic():
        for task, group in groupby(tasks, key=attrgetter("task")):
            batch = _batch(task, ref=ref, purpose=purpose, channel=channel, at=at, reopens=reopens, held=held)
            new = [one.customer for one in group]
            _add(batch, new, kind=kind, content=content, language=language, at=at)
            planned += len(new)
    return planned


def hold_back(*, ref: str) -> int:
    """Keep what is left of `ref`, second tries included, from leaving by itself; return how many batches.

    The post room hands over whatever is due, oldest first: something large would keep every confirmation
    waiting behind it, and could be neither paused nor called off. `queries.find_held` gives the next of it.
    """
    return Batch.objects.filter(ref=ref, settled_at=None, held=False).update(held=True)


def stop(*, ref: str) -> int:
    """Refuse every planned message of `ref` that has not been handed over; return how many.

    The batch leaving now may plan second tries: where it is held they stay, until this is called again.
    """
    return Message.objects.filter(ref=ref, state=State.PLANNED).update(state=State.REFUSED, reason="stopped")


def bounce(*, message: UUID, verdict: Bounce) -> bool:
    """Mark a message as bounced; tell whether one was. Only a dead address stops further messages."""
    since = clock.now() - timedelta(days=BOUNCE_DAYS)
    delivered = Q(state__in=[State.HANDED_OVER, State.UNCONFIRMED, State.TAKEN], planned_at__gte=since)
    with transaction.atomic():
        found = Message.objects.select_for_update().filter(delivered, pk=message).first()
        if found is None:
            return False
        found.state, found.reason = State.BOUNCED, REASONS[verdict.outcome]
        found.status, found.bounced_at = verdict.status, clock.now()
        found.save(update_fields=["state", "reason", "status", "bounced_at"])
        ledger.note(event="post.bounced", payload={"message": str(message), "status": verdict.status})
        if verdict.outcome is Outcome.ADDRESS_FAULT:
            suppress([found])
    return True


def suppress(messages: Iterable[Message]) -> None:
    """Tell the gate which customers' addresses their servers refuse for good."""
    for message in messages:
        if message.customer is not None:
            gate.suppress(
                session=settings.AMANA_SYSTEM_TOKEN,
                customer=CustomerId(message.customer),
                channel=message.channel,
                reason="address",
            )


def replan(*, batch: Batch, messages: Sequence[Message], due_at: datetime) -> None:
    """Move messages that never left to a task of their own; within the transaction that settles the batch.

    A task is opened once, so that nobody's record shows a use that served somebody else's second try.
    """
    if batch.reopens:
        Batch.objects.filter(pk=batch.pk).update(taken_at=None, settled_at=None, due_at=due_at)
        return
    if not _moved(batch, messages, due_at):
        # Somebody among them was erased meanwhile; that must not keep the others from their message.
        for message in messages:
            if not _moved(batch, [message], due_at):
                Message.objects.filter(pk=message.pk).update(state=State.REFUSED, reason="person_unknown")


def _moved(batch: Batch, messages: Sequence[Message], due_at: datetime) -> bool:
    people = [CustomerId(message.customer) for message in messages if message.customer is not None]
    try:
        with transaction.atomic():
            task = gate.plan(
                session=settings.AMANA_SYSTEM_TOKEN,
                kind="message",
                purpose=batch.purpose,
                people=people,
                ref=batch.ref,
            )
    except Refusal as refusal:
        if refusal.code != "person_unknown":
            raise
        return False
    again = _batch(
        task, ref=batch.ref, purpose=batch.purpose, channel=batch.channel, at=due_at, held=_held(batch)
    )
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(batch=again)
    return True


def _held(batch: Batch) -> bool:
    """Tell whether a batch is held by now; it may have been held back while it was leaving."""
    return Batch.objects.filter(pk=batch.pk, held=True).exists()


def _batch(
    task: int,
    *,
    ref: str,
    purpose: str,
    channel: str,
    at: datetime,
    reopens: bool = False,
    held: bool = False,
) -> Batch:
    return Batch.objects.create(
        ref=ref, purpose=purpose, channel=channel, task=task, due_at=at, reopens=reopens, held=held
    )


def _add(
    batch: Batch,
    customers: Sequence[CustomerId],
    *,
    kind: str,
    content: UUID,
    language: Language | None,
    at: datetime,
) -> None:
    Message.objects.bulk_create(
        Message(
            id=uuid4(),
            batch=batch,
            customer=customer,
            ref=batch.ref,
            kind=kind,
            purpose=batch.purpose,
            channel=batch.channel,
            language=language or "",
            content_id=content,
            planned_at=at,
        )
        for customer in customers
    )


def _parts(customers: Iterable[CustomerId], size: int) -> Iterator[list[CustomerId]]:
    remaining = iter(customers)
    while part := list(islice(remaining, size)):
        yield part


def settle_restored() -> int:
    """Settle, in a database just restored, what was not handed over by then; return how many messages.

    It may have gone out since: as after any crash, nothing is sent that may have arrived.
    """
    open_states = (State.PLANNED, State.TAKEN)
    with transaction.atomic():
        Batch.objects.filter(settled_at=None).update(settled_at=clock.now(), reopens=False)
        return Message.objects.filter(state__in=open_states).update(
            state=State.UNCONFIRMED, reason="restored"
        )
