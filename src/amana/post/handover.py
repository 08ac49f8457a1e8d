"""Hand planned messages over: open, check again under lock, send, and write down each verdict.

The order is what keeps the promises. `taken` is committed before anybody is opened. The waybill is on disk
before any content leaves. Sending happens only while the gate holds the people, so a withdrawal that is
confirmed is always either before the check, and the message stays here, or after the hand-over, and it had
left before.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from amana.gate import actions as gate
from amana.gate.values import Opened, Opening
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.ledger import actions as ledger
from amana.post import actions, chunk, direct, letters, mime, settling, waybill, wording
from amana.post.carrier import Carrier
from amana.post.letters import PATHS, PROMOTIONAL
from amana.post.models import Batch, Message
from amana.post.settling import Fate
from amana.post.transports import Envelope
from amana.post.waybill import Waybill

State = Message.State
# Refusals that pass by themselves; the others say that this purpose is not served.
PASSING = frozenset({"journal_mismatch", "no_policy", "policy_changed", "session_unknown"})


@dataclass(frozen=True, slots=True)
class Handed:
    """How many messages of a batch came to stand where; empty when another process has the batch."""

    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The people of an opened batch, with the message of each."""

    opening: Opening
    messages: Mapping[UUID, Message]


def hand_over_due(*, carrier: Carrier, announce: Callable[[Handed], None] | None = None) -> int:
    """Resolve what a crash left behind, then hand over every batch that is due; return how many batches."""
    recover(carrier=carrier)
    done = 0
    while (batch := _next_due()) is not None:
        handed = hand_over(batch=batch, carrier=carrier)
        done += 1
        if announce is not None:
            announce(handed)
    return done


def hand_over(*, batch: UUID, carrier: Carrier) -> Handed:
    """Hand one batch over. Safe to call at any time, by any number of processes, also after a crash."""
    with settling.alone(batch) as held:
        if not held:
            return Handed({})
        found = Batch.objects.get(pk=batch)
        waybills = carrier.waybills
        if found.taken_at is None:
            waybill.discard(waybills, batch)
        else:
            return _resolve(found, carrier)
        with waybill.opened(waybills, batch) as bill:
            messages = settling.take(found)
            fates = _send(found, messages, carrier, bill) if messages else {}
        return _settle(found, messages, fates, carrier)


def recover(*, carrier: Carrier) -> int:
    """Settle every batch whose process is gone: what was begun is unconfirmed, the rest planned again."""
    direct.give_up_lost()
    left = Batch.objects.filter(taken_at__isnull=False, settled_at=None).values_list("pk", flat=True)
    resolved = 0
    for batch in list(left):
        with settling.alone(batch) as held:
            if held:
                _resolve(Batch.objects.get(pk=batch), carrier)
                resolved += 1
    return resolved


def _next_due() -> UUID | None:
    due = Batch.objects.filter(settled_at=None, taken_at=None, held=False, due_at__lte=clock.now()).order_by(
        "due_at", "task"
    )
    return due.values_list("pk", flat=True).first()


def _resolve(batch: Batch, carrier: Carrier) -> Handed:
    if batch.settled_at is not None:
        return Handed({})
    messages = tuple(Message.objects.filter(batch=batch, state=State.TAKEN).order_by("id"))
    verdicts = waybill.find(carrier.waybills, batch.pk)
    if verdicts is None:
        # Taken on another machine, or its disk is gone: nobody can know, so nothing is sent again.
        fates = {message.pk: Fate(State.UNCONFIRMED, "crash") for message in messages}
    else:
        fates = settling.fates_of(messages, verdicts)
    return _settle(batch, messages, fates, carrier)


def _send(batch: Batch, messages: Sequence[Message], carrier: Carrier, bill: Waybill) -> dict[UUID, Fate]:
    try:
        opening = gate.open(
            session=settings.AMANA_SYSTEM_TOKEN,
            purpose=batch.purpose,
            channel=batch.channel,
            fields=_fields(messages),
            task=batch.task,
            recipient=carrier.transport.recipient,
            links=_links(messages),
        )
    except Refusal as refusal:
        passing = refusal.code in PASSING
        fate = Fate(State.PLANNED, "no_carrier") if passing else Fate(State.REFUSED, refusal.code)
        return dict.fromkeys((message.pk for message in messages), fate)
    by_customer = {message.customer: message for message in messages if message.customer is not None}
    opened = _Chunk(opening, by_customer)
    allowed = {person.customer for person in opening.people}
    fates = {
        message.pk: Fate(State.REFUSED, "not_allowed")
        for message in messages
        if message.customer not in allowed
    }
    return fates | _send_opened(opened, carrier, bill)


def _send_opened(opened: _Chunk, carrier: Carrier, bill: Waybill) -> dict[UUID, Fate]:
    built, unsendable = _envelopes(opened, carrier)
    with gate.hold(opened.opening, session=settings.AMANA_SYSTEM_TOKEN) as still:
        allowed = {opened.messages[customer].pk for customer in still if customer in opened.messages}
        verdicts = chunk.hand_over(
            [envelope for envelope in built if envelope.message in allowed],
            transport=carrier.transport,
            waybill=bill,
            still_locked=_connected,
        )
    held = [message for message in opened.messages.values() if message.pk in allowed]
    fates = settling.fates_of(held, verdicts) | unsendable
    withdrawn = {envelope.message for envelope in built} - allowed
    return fates | {message: Fate(State.REFUSED, "withdrawn") for message in withdrawn}


def _connected() -> bool:
    """Tell whether the lock on the people still stands: it ends with the connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _envelopes(opened: _Chunk, carrier: Carrier) -> tuple[list[Envelope], dict[UUID, Fate]]:
    built: list[Envelope] = []
    unsendable: dict[UUID, Fate] = {}
    for person in opened.opening.people:
        message = opened.messages.get(person.customer)
        if message is None:
            continue
        try:
            built.append(_envelope(message, person, carrier))
        except ValueError:
            unsendable[message.pk] = Fate(State.FAILED, "unsendable")
    return built, unsendable


def _envelope(message: Message, person: Opened, carrier: Carrier) -> Envelope:
    language = wording.language_of(message, person)
    if message.content is None:
        raise ValueError("a message without content")
    if message.content.link in PATHS and message.content.link not in person.links:
        raise ValueError("a message without its link")  # the address was handed over meanwhile
    name = person.values.get("name", "")
    draft = letters.draft(
        message=message.pk,
        kind=message.kind,
        words=wording.words_of(message.content, language, name),
        language=language,
        to=person.values["email"],
        name=name,
        links=person.links,
        sender=carrier.sender,
        at=clock.now(),
    )
    content = mime.build(draft, signer=carrier.signer)
    return Envelope(message.pk, carrier.sender.return_path(message.pk), person.values["email"], content)


def _fields(messages: Sequence[Message]) -> list[str]:
    """Return what has to be opened, and no more: a name only where the words use it."""
    contents = {message.content for message in messages if message.content is not None}
    texts = chain.from_iterable((c.subject_ar, c.subject_en, c.body_ar, c.body_en) for c in contents)
    wanted = ["email", "language"]
    return [*wanted, "name"] if any("{name}" in text for text in texts) else wanted


def _links(messages: Sequence[Message]) -> list[str]:
    wanted = {message.content.link for message in messages if message.content is not None} & set(PATHS)
    if any(message.kind in PROMOTIONAL for message in messages):
        wanted |= {"opt_out", "preferences"}
    return sorted(wanted)


@transaction.atomic
def _record(batch: Batch, messages: Sequence[Message], fates: Mapping[UUID, Fate]) -> dict[str, int]:
    settling.settle(batch, fates)
    actions.suppress(m for m in messages if fates[m.pk] == Fate(State.BOUNCED, "address", fates[m.pk].status))
    waiting = settling.waiting(batch)
    if waiting:
        actions.replan(batch=batch, messages=waiting, due_at=settling.due_again(waiting, clock.now()))
    counts = Counter(str(fate.state.value) for fate in fates.values())
    if counts:
        ledger.note(
            event="post.handed_over",
            payload={"batch": str(batch.pk), "ref": batch.ref, "task": batch.task, **counts},
        )
    return dict(counts)


def _settle(
    batch: Batch, messages: Sequence[Message], fates: Mapping[UUID, Fate], carrier: Carrier
) -> Handed:
    counts = _record(batch, messages, fates)
    waybill.discard(carrier.waybills, batch.pk)
    return Handed(counts)
