"""Add who one is to answers given before without a name, by the short code that came with them."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction

from amana.customers import actions as customers
from amana.gate import actions as gate
from amana.gate.values import Admitted, Wish
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual, Language
from amana.ledger import actions as ledger
from amana.surveys import stored
from amana.surveys.loop import alerts
from amana.surveys.models import Response
from amana.surveys.reading import queueing
from amana.surveys.taking import asked, codes
from amana.surveys.taking.person import SOURCE, Permission

# One answer for every code that opens nothing: never given out, used already, or ended.
UNKNOWN: Final = register(
    "survey_code_unknown",
    Bilingual(
        ar="هذا الرمز غير صحيح، أو استُخدم من قبل، أو مضى عليه أكثر من 30 يومًا.",
        en="This code is not right, was used already, or is more than 30 days old.",
    ),
    404,
)
NOTHING: Final = register(
    "survey_nothing_told",
    Bilingual(
        ar="لم يُكتب شيء ولم يُسمح بشيء، فلا يوجد ما نضيفه.",
        en="Nothing was written and nothing allowed, so there is nothing to add.",
    ),
    400,
)


def get(code: str) -> Response:
    """Return the answers a code belongs to. Raises Refusal survey_code_unknown."""
    plain = codes.read(code)
    found = codes.find(plain) if plain else None
    if found is None:
        raise Refusal.of(UNKNOWN)
    return found


def add(
    *,
    code: str,
    values: Mapping[str, str],
    allowed: Sequence[Permission],
    language: Language,
    shown: int,
) -> CustomerId:
    """Add who somebody is to their answers; the code is spent by it. An address is a claim until it is confirmed.

    Raises Refusal (survey_code_unknown, survey_nothing_told), GateRefused.
    """
    if not values and not allowed:
        raise Refusal.of(NOTHING)
    plain = codes.read(code)
    with transaction.atomic():
        found = codes.find(plain, locked=True) if plain else None
        if found is None:
            raise Refusal.of(UNKNOWN)
        admitted = _admitted(found, values, [_wish(one) for one in allowed], language, shown)
        customers.ask_to_confirm(admitted)
        Response.objects.filter(pk=found.pk).update(customer=admitted.customer, code=None)
        consents = [(one.wording.purpose, one.wording.channel) for one in allowed]
        told = stored.taken(found, customer=admitted.customer, consents=consents)
        queueing.allowed_later(told, admitted.customer)
        alerts.allowed_later(response=found, customer=admitted.customer, consents=consents)
        ledger.note(event="surveys.identity_added", payload={"response": str(found.pk)})
    return admitted.customer


def _admitted(
    found: Response, values: Mapping[str, str], wishes: Sequence[Wish], language: Language, shown: int
) -> Admitted:
    if found.customer is not None:
        return gate.add(
            customer=CustomerId(found.customer),
            source=SOURCE,
            values=values,
            wishes=wishes,
            language=language,
            shown=shown,
        )
    _, jurisdiction = asked.where(asked.find_shop(found.shop))
    return gate.admit(
        source=SOURCE,
        values=values,
        wishes=wishes,
        language=language,
        jurisdiction=jurisdiction,
        shop=found.shop,
        shown=shown,
    )


def _wish(permission: Permission) -> Wish:
    shown = permission.wording
    words = customers.evidence_of(text=shown.text, detail=shown.detail, version=shown.version)
    return Wish(shown.purpose, shown.channel, words)
