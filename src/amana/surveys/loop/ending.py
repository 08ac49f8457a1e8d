"""What a case keeps about a person, and when it lets go: on erasure, on withdrawal, and when its time is over."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from amana.gate import queries as gate
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.surveys.loop import actions
from amana.surveys.loop.alerts import PURPOSE
from amana.surveys.models import Case, CaseStep, Reply

COLUMNS: Final = frozenset({"public.surveys_case.customer"})
# What ends a permission for good; a restriction or an unconfirmed address may pass.
ENDED: Final = frozenset({"erased", "objected", "no_consent", "merged_refused"})
AT_ONCE: Final = 500
State = Case.State


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return the cases about one customer's answers, and what they were written."""
    found = Case.objects.filter(customer=customer).order_by("opened_at", "id")
    return {f"case {one.pk}": _disclosed(one) for one in found}


def forget(customer: CustomerId) -> int:
    """Empty a customer's number, and whatever was written to or about them; return of how many cases."""
    with transaction.atomic():
        rows = list(Case.objects.select_for_update().filter(customer=customer).order_by("pk"))
        for one in rows:
            _let_go(one)
    return len(rows)


def let_go_withdrawn() -> int:
    """Close the cases whose person no longer allows any use of what they said; return how many."""
    rows = list(
        Case.objects.filter(customer__isnull=False).exclude(state=State.RESOLVED).order_by("pk")[:AT_ONCE]
    )
    ended = _ended(rows)
    for number in ended:
        with transaction.atomic():
            found = Case.objects.select_for_update().filter(pk=number, customer__isnull=False).first()
            if found is not None:
                actions.close(found, reason="withdrawn", staff=None)
                _let_go(found)
    return len(ended)


def end_retention() -> int:
    """Delete the cases that are older than the policy keeps answers; return how many."""
    keeps, now = policy.current().policy.surveys.retention, clock.now()
    oldest = Case.objects.order_by("opened_at")[:AT_ONCE]
    over = [one.pk for one in oldest if keeps.after(one.opened_at) <= now]
    if over:
        with transaction.atomic():
            Case.objects.filter(pk__in=over).delete()
            ledger.note(event="surveys.cases_ended", payload={"count": len(over)})
    return len(over)


def _disclosed(one: Case) -> Mapping[str, object]:
    sent = one.replies.filter(state__in=[Reply.State.SENT, Reply.State.UNSURE]).order_by("made_at")
    return {
        "shop": one.shop,
        "opened_at": one.opened_at.isoformat(),
        "due_at": one.due_at.isoformat(),
        "state": one.state,
        "resolution": one.resolution,
        "steps": [
            {"at": step.at.isoformat(), "what": step.kind, **({"text": step.text} if step.text else {})}
            for step in one.steps.order_by("at", "id")
        ],
        "replies": [
            {
                "at": (reply.settled_at or reply.made_at).isoformat(),
                "channel": reply.channel,
                "text": reply.text,
            }
            for reply in sent
        ],
    }


def _let_go(one: Case) -> None:
    """Unlink a case from its person; colleagues' notes and replies go too, because they may speak of them."""
    one.customer, one.task, one.words, one.channels = None, None, False, []
    one.save(update_fields=["customer", "task", "words", "channels"])
    CaseStep.objects.filter(case=one).update(text="")
    waiting = one.replies.filter(state=Reply.State.WAITING)
    waiting.update(state=Reply.State.REFUSED, reason="not_allowed", settled_at=clock.now())
    one.replies.update(text="")


def _ended(rows: list[Case]) -> list[UUID]:
    """Return which cases' people allow neither reading what they wrote nor writing to them."""
    standing: dict[UUID, bool] = {}
    for channel in {None, *(channel for one in rows for channel in one.channels)}:
        mine = [one for one in rows if (one.words if channel is None else channel in one.channels)]
        reasons = gate.answerable(
            session=settings.AMANA_SYSTEM_TOKEN, purpose=PURPOSE, channel=channel,
            people=[CustomerId(one.customer) for one in mine if one.customer],
        )  # fmt: skip
        for one in mine:
            over = one.customer is None or reasons.get(CustomerId(one.customer), "erased") in ENDED
            standing[one.pk] = standing.get(one.pk, False) or not over
    return [number for number, stands in standing.items() if not stands]
