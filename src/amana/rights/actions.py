"""Open a request, ask the owner of the address, carry it out once they confirmed, or close it."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from procrastinate.exceptions import AlreadyEnqueued

from amana.gate import actions as gate
from amana.gate import forgetting
from amana.gate import queries as gate_queries
from amana.gate.values import Planned
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Language
from amana.ledger import actions as ledger
from amana.post import actions as post
from amana.post import tasks as post_tasks
from amana.retailer import queries as retailer
from amana.rights import certificates, queries, words
from amana.rights.models import Request
from amana.rights.queries import Asked
from amana.rights.refusals import RightsRefused

State = Request.State
LASTS = timedelta(hours=24)
CHALLENGES = 3
# A link holds from the moment its mail was made, which is a little after it was planned.
GRACE = timedelta(hours=1)


def open_request(
    *, session: str, address: str, conversation: UUID, language: Language, jurisdiction: str
) -> Asked:
    """Open a request to erase whoever confirmed this address, and mail them the challenge.

    Where nobody did, the request is kept as `received` and no mail goes out. Raises RightsRefused
    (`challenge_limit`, `request_open_already`), Refusal.
    """
    owner = next(
        iter(gate_queries.find(session=session, purpose="rights", field="email", value=address)), None
    )
    at = clock.now()
    request = Request(
        id=uuid4(),
        conversation=conversation,
        language=language,
        opened_by=_staff(session),
        opened_at=at,
        due_at=at + timedelta(days=queries.days(jurisdiction, "request_days")),
    )
    try:
        with transaction.atomic():
            if owner is not None:
                _challenge(request, owner, session=session)
            request.save(force_insert=True)
            ledger.note(event="request.received", payload={"request": str(request.pk), "kind": request.kind})
    except IntegrityError:
        raise RightsRefused.of("request_open_already") from None
    if owner is not None:
        _wake_outbox()
    return queries.get_request(request.pk)


def carry_out(*, session: str, request: UUID) -> str:
    """Erase the person whose request this is, issue the certificate and mail it; return its number.

    Raises GateRefused `request_unconfirmed` before the owner confirmed, RightsRefused `request_closed`, and
    ReceiptRefused (503) where nothing can be signed: then nobody was erased.
    """
    found = queries.get_request(request)
    if found.task is None or found.state not in (State.CHALLENGED, State.CONFIRMED, State.EXPIRED):
        raise RightsRefused.of("request_closed")
    certificates.refuse_unsigned()
    staff = _staff(session)
    # Opened just before, held in memory alone, and used once the erasure is committed.
    reader = certificates.open_reader(task=found.task) if found.state == State.CONFIRMED else None
    forgetting.forget(session=session, task=found.task)
    Request.objects.filter(pk=request).update(closed_by=staff)
    number = certificates.issue(request=request)
    if reader is not None:
        certificates.hand_over(reader, number=number, language=found.language)
    return number


def refuse(*, session: str, request: UUID, reason: str) -> None:
    """Close a request without carrying it out. Raises RightsRefused."""
    if reason not in Request.Reason.values or not reason:
        raise RightsRefused.of("reason_unknown")
    with transaction.atomic():
        closed = Request.objects.filter(
            pk=request, state__in=[State.RECEIVED, State.CHALLENGED, State.CONFIRMED, State.EXPIRED]
        ).update(state=State.REFUSED, reason=reason, closed_by=_staff(session), closed_at=clock.now())
        if not closed:
            raise RightsRefused.of("request_closed")
        customer = Request.objects.values_list("customer", flat=True).get(pk=request)
        if customer is not None:
            _note(CustomerId(customer), "request.refused", request, reason=reason)
        post.stop(ref=_ref(request))


def expire() -> int:
    """Let lapse the requests whose owner did not confirm in time; return how many."""
    late = Request.objects.filter(
        state=State.CHALLENGED, challenged_at__lt=clock.now() - LASTS - GRACE, task__isnull=False
    )
    tasks = {request.task: request.pk for request in late if request.task is not None}
    confirmed = {task for task, one in forgetting.asked(list(tasks)).items() if one.confirmed_at is not None}
    lapsed = [number for task, number in tasks.items() if task not in confirmed]
    return Request.objects.filter(pk__in=lapsed, state=State.CHALLENGED).update(
        state=State.EXPIRED, closed_at=clock.now()
    )


def _challenge(request: Request, owner: CustomerId, *, session: str) -> None:
    """Plan the mail that asks the owner; its link is bound to this request's task."""
    recent = Request.objects.filter(customer=owner, challenged_at__gt=request.opened_at - LASTS)
    if recent.count() >= CHALLENGES:
        raise RightsRefused.of("challenge_limit")
    task = gate.plan(session=session, kind="request", purpose="rights", people=[owner], ref=_ref(request.pk))
    content = post.write(
        subject=words.CHALLENGE_SUBJECT,
        body=words.CHALLENGE_BODY,
        reason=words.CHALLENGE_REASON,
        link="erase",
        label=words.CHALLENGE_LABEL,
    )
    post.enlist(
        tasks=[Planned(task, owner)],
        ref=_ref(request.pk),
        kind="challenge",
        purpose="rights",
        content=content,
        reopens=True,
    )
    _note(owner, "request.opened", request.pk, kind=request.kind)
    request.customer, request.task = owner, task
    request.state, request.challenged_at = State.CHALLENGED, request.opened_at


def _wake_outbox() -> None:
    """Have the challenge handed over now instead of with the next minute."""
    try:
        with transaction.atomic():
            post_tasks.hand_over_due.defer()
    except AlreadyEnqueued:
        pass


def _note(customer: CustomerId, event: str, request: UUID, **said: str) -> None:
    gate.note(customer=customer, event=event, payload=json.dumps({"request": str(request), **said}))


def _ref(request: UUID) -> str:
    return f"request:{request}"


def _staff(session: str) -> int:
    """Return who acts: a member of staff, or 0 for the machine."""
    found = retailer.find_session(session)
    return found.staff if found is not None else 0
