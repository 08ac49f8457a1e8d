"""Reply to whoever was dissatisfied, through `post`, by a channel they allowed; for ten seconds it can be taken back.

A reply waits until the address it goes to is confirmed, two weeks at most. It leaves once: what a crash leaves in doubt
is never sent again. The gate holds its person while it is handed over, so a withdrawal confirmed before keeps it here.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from amana.gate import actions as gate
from amana.gate import queries as gate_queries
from amana.gate.values import Opened
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.kernel.text import find_language
from amana.ledger import actions as ledger
from amana.post import carrier as carriers
from amana.post import direct
from amana.post.carrier import Carrier, MailUnset
from amana.post.letters import Words, named
from amana.post.models import Message
from amana.retailer import queries as retailer
from amana.retailer.queries import StaffSession
from amana.surveys.loop import actions, letters
from amana.surveys.loop.alerts import PURPOSE
from amana.surveys.loop.refusals import LoopRefused
from amana.surveys.models import Case, CaseStep, Reply

log = logging.getLogger(__name__)

UNDO: Final = timedelta(seconds=10)
AGAIN: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(days=14)
LOST_AFTER: Final = timedelta(minutes=10)
AT_ONCE: Final = 50
# The channels that the post room carries.
CARRIED: Final = ("email",)
# Why a reply waits; every other reason ends it.
PASSING: Final = frozenset({"unconfirmed", "no_carrier"})
UNFINISHED: Final = re.compile(r"\[[^\]\n]*\]")
NAME: Final = "{name}"
State = Reply.State


def find_channel(channels: Sequence[str]) -> str | None:
    """Return the channel a reply goes by: one that was allowed and that the post room carries, or None."""
    return next((channel for channel in channels if channel in CARRIED), None)


def written(text: str) -> str:
    """Return a reply as it may leave. Raises LoopRefused."""
    checked = actions.checked(text)
    if UNFINISHED.search(checked):
        raise LoopRefused.of("case_reply_unfinished")
    return checked


def words(case: Case, text: str) -> Words:
    """Return the mail a text makes, in its reader's language."""
    shop = next((one.name for one in retailer.shops(include_closed=True) if one.id == case.shop), None)
    return letters.reply(text, language=find_language(case.language) or "ar", shop=shop)


def reply(*, staff: StaffSession, case: UUID, text: str) -> Reply:
    """Let a reply leave in ten seconds. Raises LoopRefused, GateRefused."""
    ready = written(text)
    with transaction.atomic():
        found = actions.owned(staff, case, locked=True)
        channel = find_channel(found.channels)
        if channel is None or found.customer is None:
            raise LoopRefused.of("case_no_contact")
        if found.replies.filter(state__in=[State.WAITING, State.SENDING]).exists():
            raise LoopRefused.of("case_reply_waits")
        at = clock.now()
        return Reply.objects.create(
            case=found, staff=staff.staff, channel=channel, text=ready, task=_plan(staff.token, found), made_at=at,
            leaves_at=at + UNDO,
        )  # fmt: skip


def undo(*, staff: StaffSession, case: UUID, reply: UUID) -> str:
    """Take a reply back that has not left, and return its text. Raises LoopRefused."""
    with transaction.atomic():
        found = actions.owned(staff, case, locked=True)
        waits = Reply.objects.select_for_update().filter(pk=reply, case=found, state=State.WAITING).first()
        if waits is None:
            raise LoopRefused.of("case_reply_gone")
        text = waits.text
        waits.state, waits.text, waits.settled_at = State.UNDONE, "", clock.now()
        waits.save(update_fields=["state", "text", "settled_at"])
        return text


def send_due(carrier: Carrier | None = None) -> int:
    """Hand over the replies whose time has come; return how many left."""
    _give_up_lost()
    now = clock.now()
    due = Reply.objects.filter(state=State.WAITING, leaves_at__lte=now).order_by("leaves_at")
    numbers = list(due.values_list("pk", flat=True)[:AT_ONCE])
    if not numbers:
        return 0
    try:
        way = carrier or carriers.carrier()
    except MailUnset:
        Reply.objects.filter(pk__in=numbers).update(reason="no_carrier", leaves_at=now + AGAIN)
        return 0
    return sum(_send(number, way) for number in numbers)


def _send(number: UUID, carrier: Carrier) -> bool:
    """Hand one reply over if it may leave now; tell whether it left."""
    found = _claimed(number)
    if found is None:
        return False
    try:
        return _hand_over(found, carrier)
    except Refusal as refused:
        log.warning("cases: a reply was refused (%s)", refused.code)
        _settle(found, State.REFUSED, refused.code)
        return False


def _claimed(number: UUID) -> Reply | None:
    """Take a reply in hand, committed before anything is opened; None where another process has it, or it waits on."""
    with transaction.atomic():
        rows = Reply.objects.select_for_update(skip_locked=True, of=("self",)).select_related("case")
        found = rows.filter(pk=number, state=State.WAITING).first()
        if found is None:
            return None
        reason = _kept_here(found)
        if reason in PASSING and clock.now() - found.made_at < LONGEST_WAIT:
            found.reason, found.leaves_at = reason, clock.now() + AGAIN
            found.save(update_fields=["reason", "leaves_at"])
            return None
        if reason:
            found.state, found.reason, found.settled_at = State.REFUSED, reason, clock.now()
            found.save(update_fields=["state", "reason", "settled_at"])
            CaseStep.objects.create(case=found.case, kind="not_sent", text=reason, at=clock.now())
            return None
        found.state, found.reason, found.leaves_at = State.SENDING, "", clock.now()
        found.save(update_fields=["state", "reason", "leaves_at"])
        return found


def _kept_here(found: Reply) -> str:
    """Return why a reply may not leave now, or nothing."""
    if found.case.customer is None:
        return "not_allowed"
    customer = CustomerId(found.case.customer)
    reasons = gate_queries.answerable(
        session=settings.AMANA_SYSTEM_TOKEN, purpose=PURPOSE, channel=found.channel, people=[customer]
    )
    return reasons.get(customer, "not_allowed") or ""


def _hand_over(found: Reply, carrier: Carrier) -> bool:
    fields = ["email", "language", *(["name"] if NAME in found.text else [])]
    opening = gate.open(
        session=settings.AMANA_SYSTEM_TOKEN, purpose=PURPOSE, fields=fields, task=found.task,
        channel=found.channel, recipient=carrier.transport.recipient, links=["preferences"],
    )  # fmt: skip
    with gate.hold(opening, session=settings.AMANA_SYSTEM_TOKEN) as still:
        person = next((one for one in opening.people if one.customer in still), None)
        state = _mailed(found, person, carrier) if person else None
    if state is None:
        _settle(found, State.REFUSED, "not_allowed")
    elif state in (Message.State.HANDED_OVER, Message.State.UNCONFIRMED):
        _settle(found, State.SENT if state == Message.State.HANDED_OVER else State.UNSURE, "")
        return True
    else:
        _settle(found, State.REFUSED, "mail_failed")
    return False


def _mailed(found: Reply, person: Opened, carrier: Carrier) -> Message.State | None:
    case = found.case
    mail = words(case, found.text)
    language = find_language(case.language) or "ar"
    shown = [named(part, person.values.get("name", ""), language) for part in mail.paragraphs]
    try:
        return direct.hand_over_opened(
            person=person, ref=f"reply:{found.pk}", kind="reply", purpose=PURPOSE,
            words=replace(mail, paragraphs=tuple(shown)), language=language, carrier=carrier,
        )  # fmt: skip
    except ValueError:
        return Message.State.FAILED


@transaction.atomic
def _settle(found: Reply, state: Reply.State, reason: str) -> None:
    at = clock.now()
    changed = Reply.objects.filter(pk=found.pk, state=State.SENDING).update(
        state=state, reason=reason, settled_at=at
    )
    if not changed:
        return
    left = state in (State.SENT, State.UNSURE)
    CaseStep.objects.create(
        case=found.case,
        kind="replied" if left else "not_sent",
        staff=found.staff,
        text="" if left else reason,
        at=at,
    )
    if left:
        Case.objects.filter(pk=found.case_id, state=Case.State.OPEN).update(
            state=Case.State.ANSWERED, answered_at=at
        )
        _note(found)


def _note(found: Reply) -> None:
    payload = {"case": str(found.case_id), "channel": found.channel, "staff": found.staff}
    customer = Case.objects.filter(pk=found.case_id).values_list("customer", flat=True).first()
    if customer is None:
        ledger.note(event="surveys.case_replied", payload=payload)
    else:
        gate.note(customer=CustomerId(customer), event="surveys.case_replied", payload=json.dumps(payload))


def _give_up_lost() -> None:
    """Call unsure what was being handed over by a process that is gone."""
    lost = Reply.objects.filter(Q(state=State.SENDING), leaves_at__lt=clock.now() - LOST_AFTER)
    for found in lost.select_related("case"):
        _settle(found, State.UNSURE, "crash")


def _plan(session: str, found: Case) -> int:
    people = [CustomerId(found.customer)] if found.customer else []
    return gate.plan(session=session, kind="message", purpose=PURPOSE, people=people, ref=f"case:{found.pk}")
