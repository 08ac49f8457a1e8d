"""Take mail in: make a conversation of it, understand it, carry out what only narrows, and answer it once.

Each step may be repeated after a crash: the conversation is made with the mail's number, an opt-out that stands
is not recorded twice, and an answer goes out once for its letter.
"""

import logging
from uuid import UUID, uuid5

from django.conf import settings
from django.db import DatabaseError, transaction

from amana.desk import levels, senders, words
from amana.desk.models import Conversation, Letter
from amana.desk.recognise import ERASE, UNKNOWN, UNSUBSCRIBE, Recognised, recognise
from amana.gate import actions as gate
from amana.gate import queries as gate_queries
from amana.gate.values import Opened
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.kernel.text import Language
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.post import carrier as carriers
from amana.post import direct, intake, parse
from amana.post import queries as post
from amana.post.carrier import Carrier
from amana.post.parse import Parsed
from amana.post.queries import Arrived
from amana.retailer import queries as retailer

log = logging.getLogger(__name__)
State = Conversation.State
IN, OUT = Letter.Direction.IN, Letter.Direction.OUT
RANK = {ERASE: 4, UNSUBSCRIBE: 3, "order": 2, "question": 1, UNKNOWN: 0}


def take_in(*, carrier: Carrier | None = None) -> int:
    """Turn every mail that waits into a conversation, and understand it; return how many mails."""
    for arrived in post.waiting():
        _keep(arrived)
    waiting = list(Letter.objects.filter(direction=IN, done_at=None).order_by("at", "id")[:100])
    via = (carrier or _find_carrier()) if waiting else None
    for letter in waiting:
        _attempt(letter, via)
    return len(waiting)


def _attempt(letter: Letter, carrier: Carrier | None) -> None:
    """Understand one mail; one that breaks the rules themselves is left to the agents and holds up no other."""
    try:
        _understand(letter, carrier)
    except (DatabaseError, Refusal):
        raise
    except Exception as error:  # noqa: BLE001  (the edge of a job: whatever a mail holds, the next one is read)
        log.error("a mail was left to be read by an agent: %s", type(error).__name__)
        Letter.objects.filter(pk=letter.pk).update(done_at=clock.now())


def _find_carrier() -> Carrier | None:
    """Return how mail leaves; without it mails are understood and not answered by the machine."""
    try:
        return carriers.carrier()
    except Refusal:
        return None


@transaction.atomic
def _keep(arrived: Arrived) -> None:
    country = policy.current().policy.controller.country
    due = levels.due_at(UNKNOWN, received_at=arrived.received_at, country=country)
    conversation = Conversation.objects.create(
        customer=arrived.customer, jurisdiction=retailer.shops()[0].jurisdiction, received_at=arrived.received_at,
        due_at=due, unreadable=not arrived.readable,
    )  # fmt: skip
    Letter.objects.create(
        conversation=conversation, customer=arrived.customer, direction=IN, incoming=arrived.id,
        readable=arrived.readable, authenticated=arrived.authenticated, automatic=arrived.automatic,
        at=arrived.received_at,
    )  # fmt: skip
    intake.settle(incoming=arrived.id, outcome="conversation")


def _understand(letter: Letter, carrier: Carrier | None) -> None:
    mail, task = _read(letter)
    if mail is None or task is None:
        Letter.objects.filter(pk=letter.pk).update(done_at=clock.now())
        return
    sender = senders.mark(mail.sender)
    conversation = _thread(letter, mail, sender)
    found = recognise(subject=mail.subject, text=mail.text)
    unsubscribed = UNSUBSCRIBE in found.wishes
    if unsubscribed:
        _unsubscribe(letter, mail, task)
    _settle(conversation, letter, mail, found, sender)
    if carrier is not None:
        _answer(conversation, letter, mail, found.intent, task, carrier)
    Letter.objects.filter(pk=letter.pk).update(done_at=clock.now())


def _read(letter: Letter) -> tuple[Parsed | None, int | None]:
    """Open one mail as the machine, for its conversation; nothing where nobody can read it."""
    if letter.customer is None or not letter.readable:
        return None, None
    session = settings.AMANA_SYSTEM_TOKEN
    try:
        task = gate.plan(
            session=session, kind="conversation", purpose="service", people=[CustomerId(letter.customer)],
            ref=f"conversation:{letter.conversation_id}",
        )  # fmt: skip
        return parse.parse(gate.read_mail(session=session, task=task)), task
    except parse.UnreadableError:
        return None, None
    except Refusal as refusal:
        if refusal.code != "person_unknown":
            raise
        return None, None


def _thread(letter: Letter, mail: Parsed, sender: bytes | None) -> Conversation:
    """Move a mail that answers ours to its conversation, if it comes from the same sender."""
    own = letter.conversation
    earlier = _find_earlier(mail) if sender is not None else None
    if earlier is None or earlier.pk == own.pk or bytes(earlier.sender or b"") != sender:
        return own
    with transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(conversation=earlier)
        own.delete()
    letter.conversation = earlier
    return earlier


def _find_earlier(mail: Parsed) -> Conversation | None:
    try:
        ref = post.get_message(mail.in_reply_to).ref
        number = UUID(ref.removeprefix("letter:"))
    except (Refusal, ValueError):
        return None
    found = Letter.objects.select_related("conversation").filter(pk=number, direction=OUT).first()
    return found.conversation if found is not None else None


def _unsubscribe(letter: Letter, mail: Parsed, task: int) -> None:
    """Stop offers by e-mail to everybody with the sender's address, and the rest for a sender who is proven.

    It only narrows, so a forged sender can harm nobody by it; whom it concerns is told by the answer.
    """
    session = settings.AMANA_SYSTEM_TOKEN
    gate.decide_for(
        session=session,
        task=task,
        purpose="marketing",
        channel="email",
        kind="withdrawn",
        language=mail.language,
    )
    if not letter.authenticated:
        return
    for owner in gate_queries.find(session=session, purpose="service", field="email", value=mail.sender):
        _stop_all(owner, letter, mail.language)


def _stop_all(owner: CustomerId, letter: Letter, language: Language) -> None:
    session = settings.AMANA_SYSTEM_TOKEN
    task = gate.plan(
        session=session, kind="conversation", purpose="service", people=[owner],
        ref=f"conversation:{letter.conversation_id}",
    )  # fmt: skip
    for channel in policy.current().policy.purposes["marketing"].channels:
        gate.decide_for(
            session=session,
            task=task,
            purpose="marketing",
            channel=channel,
            kind="withdrawn",
            language=language,
        )


@transaction.atomic
def _settle(
    conversation: Conversation, letter: Letter, mail: Parsed, found: Recognised, sender: bytes | None
) -> None:
    """Write down what a mail was taken for; only its kind, never its words."""
    known = Conversation.objects.select_for_update().get(pk=conversation.pk)
    first = known.sender is None
    if first or RANK[found.intent] > RANK[known.intent]:
        known.intent, known.why = found.intent, list(found.why)
    done = found.intent == UNSUBSCRIBE or mail.automatic or letter.automatic
    known.state = State.DONE if done else State.OPEN
    known.closed_at = clock.now() if done else None
    known.unsubscribed = known.unsubscribed or UNSUBSCRIBE in found.wishes
    known.sender, known.language = sender, mail.language
    country = policy.current().policy.controller.country
    known.due_at = levels.due_at(found.intent, received_at=letter.at, country=country)
    known.save()
    ledger.note(
        event="conversation.understood",
        payload={"conversation": str(known.pk), "intent": found.intent, "why": list(found.why)},
    )


def _answer(
    conversation: Conversation, letter: Letter, mail: Parsed, intent: str, task: int, carrier: Carrier
) -> None:
    sender = senders.mark(mail.sender)
    number = uuid5(letter.pk, "acknowledgement")
    begun = Letter.objects.filter(pk=number).exists()
    if not begun and not senders.may_be_answered(
        mail, automatic=letter.automatic, sender=sender, ours=carrier.sender.service_address
    ):
        return
    Letter.objects.get_or_create(
        pk=number,
        defaults={
            "conversation": conversation, "direction": OUT, "automatic": True, "at": clock.now(),
            "done_at": clock.now(),
        },
    )  # fmt: skip
    opening = gate.open(
        session=settings.AMANA_SYSTEM_TOKEN, purpose="service", channel="email", fields=["email"], task=task,
        recipient=carrier.transport.recipient,
    )  # fmt: skip
    fate = "failed"
    if opening.people:
        fate = _hand_over(number, opening.people[0], mail, intent, carrier)
    Letter.objects.filter(pk=number).update(fate=fate)


def _hand_over(number: UUID, person: Opened, mail: Parsed, intent: str, carrier: Carrier) -> str:
    try:
        state = direct.hand_over_opened(
            person=person, ref=f"letter:{number}", kind="acknowledgement", purpose="service",
            words=words.acknowledgement(intent, language=mail.language), language=mail.language, carrier=carrier,
            in_reply_to=senders.answered_id(mail),
        )  # fmt: skip
    except ValueError:
        return "failed"
    return str(state.value)
