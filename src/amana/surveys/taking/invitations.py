"""Invite people after an occasion: by rule, later, not too often, and only those who allowed it.

Rooms above call `invite` when something ended well or badly; a job sends what is due through `post` for the purpose
`feedback`, where the gate lets nobody through who did not allow it, objected to surveys or restricted it. The link in
the letter is the same for everybody: what is answered through it leads to nobody unless they say who they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from amana.customers import actions as customers
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.post import actions as post
from amana.surveys.models import Invitation, Rule, Survey
from amana.surveys.taking import asked, invited, letters

Occasion: TypeAlias = Literal["purchase", "conversation"]
PURPOSE: Final = "feedback"
CHANNEL: Final = "email"
KIND: Final = "survey_invitation"
AT_ONCE: Final = 500
State = Invitation.State
_INVITE: Final = """INSERT INTO public.surveys_invitation
(customer, ref, shop, occasion, state, reason, made_at, due_at)
SELECT g.customer, g.ref, g.shop, %s, %s, '', %s, %s
FROM unnest(%s::uuid[], %s::text[], %s::int8[]) AS g (customer, ref, shop) ON CONFLICT (occasion, ref) DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to be asked: `ref` names what they are asked about, `shop` where it was, if that is known."""

    customer: CustomerId
    ref: str
    shop: int | None


def invite(*, customer: CustomerId, occasion: Occasion, ref: str, shop: int | None = None) -> bool:
    """Plan to ask somebody about a purchase or a conversation; tell whether it is new. `ref` names it, and counts once.

    Whether it is sent is decided when it is due: by the rule that stands then, and by what they allow then. Where the
    policy names no delay for an occasion, nobody is asked after it.
    """
    return invite_each(occasion=occasion, guests=[Guest(customer, ref, shop)]) == 1


def invite_each(*, occasion: Occasion, guests: Sequence[Guest]) -> int:
    """Plan to ask many people, each as `invite` does; return how many of them are new."""
    delay = policy.current().policy.surveys.invites.get(f"after_{occasion}")
    if delay is None:
        return 0
    at = clock.now()
    given: list[Any] = [
        occasion, State.WAITING.value, at, delay.after(at), [guest.customer for guest in guests],
        [guest.ref for guest in guests], [guest.shop for guest in guests],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INVITE, given)
        return int(cursor.rowcount)


def set_rule(*, staff: int, occasion: Occasion, survey: int | None) -> None:
    """Say which survey is asked after an occasion; None asks nobody."""
    with transaction.atomic():
        if survey is None:
            Rule.objects.filter(occasion=occasion).delete()
        else:
            Rule.objects.update_or_create(
                occasion=occasion, defaults={"survey": survey, "set_by": staff, "set_at": clock.now()}
            )
        ledger.note(
            event="surveys.rule_set", payload={"occasion": occasion, "survey": survey, "staff": staff}
        )


def rules() -> dict[str, int]:
    """Return the survey's number by occasion."""
    return dict(Rule.objects.values_list("occasion", "survey"))


def send_due() -> int:
    """Hand what is due to the post room, at most five hundred at a time; return how many were planned."""
    planned = 0
    with transaction.atomic():
        due = list(
            Invitation.objects.select_for_update(skip_locked=True)
            .filter(state=State.WAITING, due_at__lte=clock.now())
            .order_by("due_at")[:AT_ONCE]
        )
        standing = rules()
        for invitation in due:
            reason = _skipped(invitation, standing) or _planned(invitation, standing[invitation.occasion])
            _settle(invitation, reason)
            planned += not reason
        if planned:
            customers.wake_post()
    return planned


def _skipped(invitation: Invitation, standing: dict[str, int]) -> str:
    """Return why somebody is not asked now, or nothing."""
    if invitation.customer is None:
        return "forgotten"
    if invitation.occasion not in standing:
        return "no_rule"
    return "asked_lately" if _asked_lately(invitation.customer) else ""


def _asked_lately(customer: UUID) -> bool:
    sent = Invitation.objects.filter(customer=customer, state=State.SENT, settled_at__isnull=False)
    last = sent.order_by("-settled_at").values_list("settled_at", flat=True).first()
    return last is not None and policy.current().policy.surveys.between.after(last) > clock.now()


def _planned(invitation: Invitation, survey: int) -> str:
    """Plan the letter; return why that was not possible, or nothing."""
    slug = Survey.objects.filter(pk=survey).values_list("slug", flat=True).first()
    shop = asked.find_shop(invitation.shop)
    try:
        asked.get(shop=shop.slug if shop else None, survey=slug, way="link")
        address = invited.address(survey=str(slug), shop=shop.slug if shop else None)
        with transaction.atomic():
            post.plan(
                session=settings.AMANA_SYSTEM_TOKEN,
                ref=f"survey:{invitation.pk}",
                kind=KIND,
                purpose=PURPOSE,
                content=letters.write(invitation.occasion, address),
                customers=[CustomerId(invitation.customer)] if invitation.customer else [],
                channel=CHANNEL,
            )
    except Refusal as refusal:
        return refusal.code
    return ""


def _settle(invitation: Invitation, reason: str) -> None:
    invitation.state = State.SKIPPED if reason else State.SENT
    invitation.reason, invitation.settled_at = reason, clock.now()
    invitation.save(update_fields=["state", "reason", "settled_at"])


def forget(customer: CustomerId) -> int:
    """Empty a customer's number wherever it stands; return in how many rows."""
    return Invitation.objects.filter(customer=customer).update(customer=None)


def disclose(customer: CustomerId) -> Iterable[dict[str, str]]:
    """Return when somebody was invited, and after what."""
    for row in Invitation.objects.filter(customer=customer).order_by("made_at"):
        yield {"occasion": row.occasion, "state": row.state, "at": (row.settled_at or row.due_at).isoformat()}
