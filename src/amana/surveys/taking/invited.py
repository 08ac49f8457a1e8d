"""The link in an invitation: signed by us, ending, and the same for everybody who was invited to the same thing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from amana.kernel import clock
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.surveys.taking import asked

SALT: Final = "amana.surveys.invited"
VALID: Final = timedelta(days=60)
ENDED: Final = register(
    "survey_invitation_ended",
    Bilingual(
        ar="انتهت صلاحية هذه الدعوة، أو لم يصل الرابط كاملًا.",
        en="This invitation has ended, or its link did not arrive whole.",
    ),
    410,
)


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation is to."""

    survey: str
    shop: str | None


def address(*, survey: str, shop: str | None) -> str:
    """Return the link of an invitation. It holds the survey, the shop and the week; nothing of whom it goes to."""
    week = int(clock.now().timestamp() // timedelta(weeks=1).total_seconds())
    token = signing.Signer(salt=SALT).sign_object([survey, shop or "", week])
    return f"{settings.AMANA_PUBLIC_URL}{reverse('survey-invited', args=[token])}"


def read(token: str) -> Invited:
    """Return what a link invites to. Raises Refusal survey_invitation_ended."""
    try:
        survey, shop, week = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise Refusal.of(ENDED) from None
    if clock.now().timestamp() > (timedelta(weeks=week + 1) + VALID).total_seconds():
        raise Refusal.of(ENDED)
    return Invited(survey, shop or None)


def path(invited: Invited) -> str:
    """Return the survey's page in the language that is active, once it is known to be open. Raises Refusal."""
    asked.get(shop=invited.shop, survey=invited.survey, way="link")
    if invited.shop:
        return reverse("survey-in-shop", args=[invited.shop, invited.survey])
    return reverse("survey-linked", args=[invited.survey])
