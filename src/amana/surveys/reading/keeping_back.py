"""Keep back what nobody should have told us: held at once, purged when the policy says, or freed by an officer."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from amana.gate import actions as gate
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.policy.document import Sensitive
from amana.surveys.intake.opinions import OPINION
from amana.surveys.models import Candidate, Response, Waiting
from amana.surveys.photo import PHOTO
from amana.surveys.taken import Taken

State = Candidate.State
AT_ONCE: Final = 500
# What people send in words or pictures, and so may tell anything.
FIELDS: Final = frozenset({OPINION, PHOTO})

register(
    "candidate_settled",
    Bilingual(
        ar="سبق البتّ في هذا النص أو حُذف، فلم يتغيّر شيء.",
        en="This text was decided on before, or is gone. Nothing was changed.",
    ),
    409,
)
register(
    "candidate_unknown",
    Bilingual(
        ar="لا توجد إجابة يمكن حجبها بهذا السبب.",
        en="There is no answer that could be kept back for this reason.",
    ),
    404,
)


class CandidateRefused(Refusal):
    """Say why a candidate cannot be decided on."""


def rules() -> dict[str, Sensitive]:
    """Return the policy's rules by kind."""
    return dict(policy.current().policy.surveys.sensitive)


def hold_at_once(taken: Iterable[Taken], *, field: str, kind: str) -> int:
    """Hold a value of each of these in the transaction that takes it in, before anybody can open it; return how many.

    Nothing is held where the policy has no rule for the kind. Raises GateRefused.
    """
    rule, held = rules().get(kind), 0
    if rule is None:
        return 0
    for one in taken:
        if one.customer is not None:
            made = _made(one.id, one, field, kind, rule)
            made.save()
            held += _held(made)
    return held


def find(found: Sequence[tuple[Waiting, frozenset[str]]], *, field: str) -> None:
    """Remember candidates, within the transaction that found them. Kinds the policy has no rule for are left out."""
    known = rules()
    Candidate.objects.bulk_create(
        (
            _made(one.response, one, field, kind, known[kind])
            for one, kinds in found
            for kind in sorted(kinds)
            if kind in known
        ),
        ignore_conflicts=True,
    )


def _made(response: UUID, one: Taken | Waiting, field: str, kind: str, rule: Sensitive) -> Candidate:
    now = clock.now()
    return Candidate(
        response=response, customer=one.customer, field=field, kind=kind, survey=one.survey, shop=one.shop,
        language=one.language, found_at=now, due_at=rule.purged_after.after(now),
    )  # fmt: skip


@transaction.atomic
def report(*, response: UUID, field: str, kind: str, staff: int) -> None:
    """Remember, as somebody saw it, that a text or a photo tells what nobody asked for; the next job holds it.

    A photo is only judged by whether it looks like a receipt: whoever opens one says here what else it shows.
    Raises Refusal.
    """
    answered = Response.objects.filter(pk=response, customer__isnull=False).first()
    rule = rules().get(kind)
    if answered is None or rule is None or field not in FIELDS:
        raise CandidateRefused.of("candidate_unknown")
    now = clock.now()
    Candidate.objects.get_or_create(
        response=answered.pk,
        field=field,
        kind=kind,
        defaults={
            "customer": answered.customer,
            "survey": answered.survey,
            "shop": answered.shop,
            "language": answered.language,
            "found_at": now,
            "due_at": rule.purged_after.after(now),
        },
    )
    ledger.note(
        event="surveys.candidate_reported",
        payload={"field": field, "kind": kind, "shop": answered.shop, "staff": staff},
    )


def hold_found() -> int:
    """Hold every candidate that was found; after a crash the next call holds what is left. Return how many."""
    return sum(_held(one) for one in Candidate.objects.filter(state=State.FOUND).order_by("id")[:AT_ONCE])


def purge_due() -> int:
    """Purge every candidate whose time is over; return how many values went."""
    due = Candidate.objects.filter(state=State.HELD, due_at__lte=clock.now()).order_by("due_at", "id")
    return sum(_purge(one) for one in due[:AT_ONCE])


def release(*, session: str, staff: int, candidate: int) -> None:
    """Free a value as a false alarm, as a data protection officer; other kinds found in it stay. Raises Refusal."""
    with transaction.atomic():
        one = Candidate.objects.select_for_update().filter(pk=candidate, state=State.HELD).first()
        if one is None or one.customer is None:
            raise CandidateRefused.of("candidate_settled")
        if not _others(one).exists():
            gate.release_value(
                session=session, customer=CustomerId(one.customer), field=one.field, why=one.kind
            )
        _settle(one, State.RELEASED, staff)
        ledger.note(event="surveys.candidate_released", payload=_payload(one) | {"staff": staff})


def purge(*, session: str, staff: int, candidate: int) -> None:
    """Purge a value before it is due, as a data protection officer. Raises Refusal."""
    one = Candidate.objects.filter(pk=candidate, state=State.HELD).first()
    if one is None or one.customer is None:
        raise CandidateRefused.of("candidate_settled")
    _purge(one, session=session, staff=staff)


def _held(one: Candidate) -> bool:
    if one.customer is None:
        return False
    try:
        held = gate.hold_value(
            session=settings.AMANA_SYSTEM_TOKEN,
            customer=CustomerId(one.customer),
            field=one.field,
            why=one.kind,
        )
    except Refusal as refused:
        if refused.code != "person_unknown":
            raise
        _settle(one, State.GONE)
        return False
    _settle(one, State.HELD)
    return held


@transaction.atomic
def _purge(one: Candidate, *, session: str | None = None, staff: int | None = None) -> bool:
    """Delete the value, and settle every candidate that was found in it: there is nothing left to decide on."""
    if one.customer is None:
        return False
    gone = gate.purge_value(
        session=session or settings.AMANA_SYSTEM_TOKEN,
        customer=CustomerId(one.customer),
        field=one.field,
        why=one.kind,
    )
    for other in [*_others(one), one]:
        _settle(other, State.PURGED, staff)
    ledger.note(event="surveys.candidate_purged", payload=_payload(one) | {"staff": staff})
    return gone


def _others(one: Candidate) -> QuerySet[Candidate]:
    return Candidate.objects.filter(
        response=one.response, field=one.field, state__in=(State.FOUND, State.HELD)
    ).exclude(pk=one.pk)


def _settle(one: Candidate, state: Candidate.State, staff: int | None = None) -> None:
    """Move a candidate on; once nothing is left to decide it no longer leads to its person."""
    one.state = state
    if state != State.HELD:
        one.customer, one.task = None, None
        one.settled_at, one.settled_by = clock.now(), staff
    one.save(update_fields=["state", "customer", "task", "settled_at", "settled_by"])


def _payload(one: Candidate) -> dict[str, object]:
    return {"candidate": one.pk, "kind": one.kind, "field": one.field, "shop": one.shop}
