"""What an agent does with a conversation: take it, read it, answer it, start and carry out an erasure, close it."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from amana.desk import levels, queries, words
from amana.desk.models import Conversation, Letter
from amana.desk.refusals import DeskRefused
from amana.gate import actions as gate
from amana.gate import queries as gate_queries
from amana.gate.values import Opened, Opening
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.post import direct, parse
from amana.post.carrier import Carrier
from amana.post.models import Message
from amana.retailer.queries import StaffSession
from amana.rights import actions as rights
from amana.rights import extending
from amana.rights import queries as rights_queries
from amana.rights.queries import Asked
from amana.surveys.taking import invitations

log = logging.getLogger(__name__)
State = Conversation.State
OUT = Letter.Direction.OUT
# What ends a task ends none of the agent's right to the conversation: another is planned, and recorded.
RENEWED = frozenset({"task_expired", "task_spent", "task_unknown", "task_of_another"})
LEFT_ALONE = frozenset({"erase", "unsubscribe"})
UNSENT = frozenset({Message.State.FAILED, Message.State.REFUSED, Message.State.BOUNCED})


@dataclass(frozen=True, slots=True)
class Read:
    """One letter as it was opened; `raw` is empty where nothing is kept or nothing may be opened any more."""

    letter: queries.Posted
    sender: str = field(repr=False, default="")
    subject: str = field(repr=False, default="")
    text: str = field(repr=False, default="")
    quoted: str = field(repr=False, default="")
    raw: bytes = field(repr=False, default=b"")


def take(*, staff: StaffSession, conversation: UUID) -> None:
    """Assign a conversation to oneself, also from a colleague; the gate is told why its people are needed."""
    talk = queries.get_conversation(conversation)
    changed = Conversation.objects.filter(pk=conversation, staff=talk.staff).update(
        staff=staff.staff, task=None, covered=0
    )
    if not changed:
        raise DeskRefused.of("conversation_changed")
    ledger.note(
        event="conversation.assigned", payload={"conversation": str(conversation), "staff": staff.staff}
    )


def read(*, staff: StaffSession, conversation: UUID) -> tuple[Read, ...]:
    """Open the mails of a conversation for whom it is assigned to: each reading is a recorded use.

    Raises DeskRefused (`conversation_of_another`), GateRefused.
    """
    letters = queries.letters(conversation)
    if not any(letter.customer for letter in letters):
        return tuple(Read(letter) for letter in letters)
    opening = _open(staff, conversation, fields=["message", "email", "name"])
    opened = {person.customer: person for person in opening.people}
    return tuple(_read(letter, opened) for letter in letters)


def answer(*, staff: StaffSession, conversation: UUID, text: str, carrier: Carrier) -> None:
    """Mail an answer to the sender, in the customer's language, and keep it sealed beside their mail.

    Raises DeskRefused (`answer_empty`, `sender_unknown`, `answer_not_sent`, `conversation_of_another`).
    """
    if not text.strip():
        raise DeskRefused.of("answer_empty")
    talk = queries.get_conversation(conversation)
    person, in_reply_to = _addressee(staff, conversation, carrier)
    number = uuid4()
    letter = Letter.objects.create(
        pk=number, conversation_id=conversation, direction=OUT, staff=staff.staff, at=clock.now(), done_at=clock.now(),
        fate="sending",
    )  # fmt: skip
    try:
        state = direct.hand_over_opened(
            person=person, ref=f"letter:{number}", kind="reply", purpose="service",
            words=words.answer(text, language=talk.language), language=talk.language, carrier=carrier,
            in_reply_to=in_reply_to,
        )  # fmt: skip
    except ValueError:
        letter.delete()
        raise DeskRefused.of("sender_unknown") from None
    if state in UNSENT:
        letter.delete()
        raise DeskRefused.of("answer_not_sent")
    letter.customer = gate.seal_mail(
        raw=text.encode(),
        sender=person.values["email"],
        language=talk.language,
        jurisdiction=talk.jurisdiction,
    )
    letter.fate = str(state.value)
    letter.save(update_fields=["customer", "fate"])
    Conversation.objects.filter(pk=conversation).update(state=State.WAITING)
    gate.note(
        customer=person.customer,
        event="conversation.answered",
        payload=json.dumps({"conversation": str(conversation)}),
    )


def start_erasure(*, staff: StaffSession, conversation: UUID) -> Asked:
    """Open a request to erase: the owner of the sender's address is asked by mail, if there is one.

    Raises DeskRefused (`sender_unknown`), RightsRefused, GateRefused.
    """
    talk = queries.get_conversation(conversation)
    address = _address(_open(staff, conversation, fields=["email"]).people)
    asked = rights.open_request(
        session=staff.token, address=address, conversation=conversation, language=talk.language,
        jurisdiction=talk.jurisdiction,
    )  # fmt: skip
    Conversation.objects.filter(pk=conversation).update(
        intent=Conversation.Intent.ERASE, state=State.WAITING if asked.task else State.OPEN
    )
    return asked


def link_owner(*, conversation: UUID) -> None:
    """Tie a conversation to the customer who confirmed its request, now that it is known to be theirs."""
    for asked in rights_queries.of_conversation(conversation):
        if asked.confirmed_at is not None and asked.customer is not None:
            Conversation.objects.filter(pk=conversation).update(owner=asked.customer)


def erase(*, staff: StaffSession, conversation: UUID, request: UUID) -> str:
    """Carry a confirmed request out and return the certificate's number. Raises RightsRefused, GateRefused."""
    _refuse_foreign(conversation, request)
    _assigned(staff, conversation)
    return rights.carry_out(session=staff.token, request=request)


def refuse_erasure(*, staff: StaffSession, conversation: UUID, request: UUID, reason: str) -> None:
    """Close a conversation's request without carrying it out, and put the conversation back. Raises RightsRefused."""
    _refuse_foreign(conversation, request)
    rights.refuse(session=staff.token, request=request, reason=reason)
    Conversation.objects.filter(pk=conversation, state=State.WAITING).update(state=State.OPEN)


def extend_erasure(*, staff: StaffSession, conversation: UUID, request: UUID, reason: str) -> None:
    """Put a conversation's request off once, as the officer, and mail its owner why.

    Raises GateRefused `role_refused`, RightsRefused (`reason_unknown`, `extension_refused`).
    """
    _refuse_foreign(conversation, request)
    place = queries.get_conversation(conversation).jurisdiction
    extending.extend(session=staff.token, request=request, reason=reason, jurisdiction=place)


def _refuse_foreign(conversation: UUID, request: UUID) -> None:
    if rights_queries.get_request(request).conversation != conversation:
        raise DeskRefused.of("conversation_unknown")


def close(*, staff: StaffSession, conversation: UUID) -> None:
    """Set a conversation aside as done; `reopen` undoes it. Its customer may be asked how it went, by rule."""
    _move(staff, conversation, state=State.DONE)
    for owner in _to_ask(staff, queries.get_conversation(conversation)):
        invitations.invite(customer=owner, occasion="conversation", ref=f"conversation:{conversation}")


def _to_ask(staff: StaffSession, talk: queries.Talk) -> list[CustomerId]:
    """Return whose confirmed address the mails provably came from, if the agent who had the conversation closes it."""
    proven = any(letter.incoming and letter.authenticated for letter in queries.letters(talk.id))
    # Whoever wanted to be left alone is not asked how that went.
    if talk.staff != staff.staff or talk.intent in LEFT_ALONE or not proven:
        return []
    try:
        address = _address(_open(staff, talk.id, fields=["email"]).people)
        return gate_queries.find(session=staff.token, purpose="service", field="email", value=address)
    except Refusal as refusal:
        # Closing must not wait for what is only a courtesy.
        log.info("conversation %s: nobody is asked how it went (%s)", talk.id, refusal.code)
        return []


def reopen(*, staff: StaffSession, conversation: UUID) -> None:
    """Put a conversation back into the queue, due from now."""
    _move(staff, conversation, state=State.OPEN)


def _move(staff: StaffSession, conversation: UUID, *, state: Conversation.State) -> None:
    talk = queries.get_conversation(conversation)
    now = clock.now()
    country = policy.current().policy.controller.country
    due = talk.due_at if state == State.DONE else levels.due_at(talk.intent, received_at=now, country=country)
    Conversation.objects.filter(pk=conversation).update(
        state=state, due_at=due, closed_at=now if state == State.DONE else None
    )
    event = "conversation.closed" if state == State.DONE else "conversation.reopened"
    ledger.note(event=event, payload={"conversation": str(conversation), "staff": staff.staff})


def _assigned(staff: StaffSession, conversation: UUID) -> Conversation:
    found = Conversation.objects.filter(pk=conversation).first()
    if found is None:
        raise DeskRefused.of("conversation_unknown")
    if found.staff != staff.staff:
        raise DeskRefused.of("conversation_of_another")
    return found


def _open(
    staff: StaffSession, conversation: UUID, *, fields: Sequence[str], channel: str | None = None,
    recipient: str = "controller",
) -> Opening:  # fmt: skip
    found = _assigned(staff, conversation)
    people = _people(conversation)
    if found.task is None or found.covered != len(people):
        found.task = _plan(staff, conversation, people)
    try:
        return gate.open(
            session=staff.token,
            purpose="service",
            fields=fields,
            task=found.task,
            channel=channel,
            recipient=recipient,
        )
    except Refusal as refusal:
        if refusal.code not in RENEWED:
            raise
    task = _plan(staff, conversation, people)
    return gate.open(
        session=staff.token, purpose="service", fields=fields, task=task, channel=channel, recipient=recipient
    )


def _plan(staff: StaffSession, conversation: UUID, people: Sequence[CustomerId]) -> int:
    if not people:
        raise DeskRefused.of("conversation_erased")
    task = gate.plan(
        session=staff.token,
        kind="conversation",
        purpose="service",
        people=people,
        ref=f"conversation:{conversation}",
    )
    Conversation.objects.filter(pk=conversation).update(task=task, covered=len(people))
    return task


def _people(conversation: UUID) -> list[CustomerId]:
    return [
        CustomerId(letter.customer) for letter in queries.letters(conversation) if letter.customer is not None
    ]


def _addressee(staff: StaffSession, conversation: UUID, carrier: Carrier) -> tuple[Opened, str]:
    """Open the address of whoever wrote last, and nothing else of them."""
    opening = _open(
        staff, conversation, fields=["email"], channel="email", recipient=carrier.transport.recipient
    )
    opened = {person.customer: person for person in opening.people if "email" in person.values}
    for letter in reversed(queries.letters(conversation)):
        if letter.incoming and letter.customer in opened:
            return opened[CustomerId(letter.customer)], ""
    raise DeskRefused.of("sender_unknown")


def _address(people: Sequence[Opened]) -> str:
    address = next((person.values["email"] for person in people if person.values.get("email")), "")
    if not address:
        raise DeskRefused.of("sender_unknown")
    return address


def _read(letter: queries.Posted, opened: dict[CustomerId, Opened]) -> Read:
    person = opened.get(CustomerId(letter.customer)) if letter.customer is not None else None
    if person is None or "message" not in person.values:
        return Read(letter)
    raw = person.values["message"].encode("latin-1")
    if not letter.incoming:
        return Read(letter, text=raw.decode("utf-8", "replace"), raw=raw)
    try:
        mail = parse.parse(raw)
    except parse.UnreadableError:
        return Read(letter, raw=raw)
    return Read(letter, sender=mail.sender, subject=mail.subject, text=mail.text, quoted=mail.quoted, raw=raw)
