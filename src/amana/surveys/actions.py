"""Take an answered survey in."""

import secrets
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from amana.customers import actions as customers
from amana.gate import actions as gate
from amana.gate.values import Wish
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.ledger import actions as ledger
from amana.surveys.models import Response
from amana.surveys.queries import SOURCE, VERSION, Permission, Survey


def answer(
    *, survey: Survey, key: UUID, rating: int, values: Mapping[str, str], allowed: Sequence[Permission]
) -> CustomerId | None:
    """Admit who answered as somebody new, keep the rating, and plan the mail that asks to confirm.

    `values` are normalised texts by field name. The same `key` again changes nothing and returns whom it
    admitted; None stands for an answer that told nothing of anybody. Raises GateRefused.
    """
    try:
        with transaction.atomic():
            return _take_in(survey, key, rating, values, allowed)
    except IntegrityError:
        known = Response.objects.filter(key=key, shop=survey.shop.id).first()
        if known is None:
            raise
        return None if known.customer is None else CustomerId(known.customer)


def _take_in(
    survey: Survey, key: UUID, rating: int, values: Mapping[str, str], allowed: Sequence[Permission]
) -> CustomerId | None:
    # First the form's number: of two at once, the second waits here and then finds the first.
    kept = Response.objects.create(
        key=key,
        version=0,
        survey=0,
        shop=survey.shop.id,
        way="link",
        answers={"rating": rating},
        language=survey.language,
        policy=survey.policy,
        judged_policy=survey.policy,
        answered_at=clock.now(),
        received_at=clock.now(),
        taken_at=clock.now(),
        mixing=secrets.randbits(63),
    )
    ledger.note(event="surveys.answered", payload={"response": str(kept.pk), "survey": VERSION})
    if not values and not allowed:
        return None
    admitted = gate.admit(
        source=SOURCE,
        values=values,
        wishes=[_wish(permission) for permission in allowed],
        language=survey.language,
        jurisdiction=survey.shop.jurisdiction,
        shop=survey.shop.id,
    )
    customers.ask_to_confirm(admitted=admitted)
    kept.customer = admitted.customer
    kept.save(update_fields=["customer"])
    return admitted.customer


def _wish(permission: Permission) -> Wish:
    shown = permission.wording
    words = customers.evidence_of(text=shown.text, detail=shown.detail, version=shown.version)
    return Wish(shown.purpose, shown.channel, words)
