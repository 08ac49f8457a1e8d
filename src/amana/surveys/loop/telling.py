"""Tell who has to know: a case's owner or managers at once, head office when a case comes up to it.

The mail to staff says that something waits, where, and by when; never who, nor what was said. Each is mailed once.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from amana.kernel import clock, dates
from amana.kernel.text import Language
from amana.policy import queries as policy
from amana.post import carrier as carriers
from amana.post import direct
from amana.post.carrier import Carrier, MailUnset
from amana.post.letters import Words
from amana.retailer import queries as retailer
from amana.retailer.queries import Reachable, Shop
from amana.surveys.loop import letters
from amana.surveys.loop.letters import Notice
from amana.surveys.models import Case, CaseStep

log = logging.getLogger(__name__)

MANAGER: Final = "shop_manager"
HEAD_OFFICE: Final = "service"
AT_ONCE: Final = 100


def tell(carrier: Carrier | None = None) -> int:
    """Give new cases to their managers and tell whom they concern; return how many cases were told of."""
    known = {shop.id: shop for shop in retailer.shops(include_closed=True)}
    new = list(Case.objects.filter(told_at=None).order_by("opened_at")[:AT_ONCE])
    up = list(
        Case.objects.filter(told_at__isnull=False, head_told_at=None, escalated_at__isnull=False)[:AT_ONCE]
    )
    if not new and not up:
        return 0
    way = carrier or _way()
    for found in new:
        people = concerned(found.shop)
        _give(found, people)
        _mail(found, "opened", people, known, way)
        Case.objects.filter(pk=found.pk).update(told_at=clock.now())
    for found in up:
        _mail(found, "escalated", head_office(found.shop), known, way)
        Case.objects.filter(pk=found.pk).update(head_told_at=clock.now())
    return len(new) + len(up)


def tell_given(step: CaseStep, *, carrier: Carrier | None = None) -> None:
    """Tell a colleague that a case was given to them."""
    known = {shop.id: shop for shop in retailer.shops(include_closed=True)}
    people = [one for one in _reachable(step.case.shop) if one.id == step.other]
    _mail(step.case, "assigned", people, known, carrier or _way(), occasion=str(step.pk))


def concerned(shop: int | None) -> tuple[Reachable, ...]:
    """Return who is told of a shop's new case: its own managers, else those of all shops, else head office."""
    people = _reachable(shop)
    managers = [one for one in people if MANAGER in one.roles]
    own = tuple(one for one in managers if one.shops is not None)
    return own or tuple(managers) or tuple(one for one in people if HEAD_OFFICE in one.roles)


def head_office(shop: int | None) -> tuple[Reachable, ...]:
    """Return who is told of what came up to head office: customer service, that of all shops first."""
    people = [one for one in _reachable(shop) if HEAD_OFFICE in one.roles]
    return tuple(one for one in people if one.shops is None) or tuple(people)


def _reachable(shop: int | None) -> tuple[Reachable, ...]:
    return retailer.to_tell(session=settings.AMANA_SYSTEM_TOKEN, shop=shop)


def _give(found: Case, people: Sequence[Reachable]) -> None:
    """Make a shop's only manager the owner of its new case; where there are several, one of them takes it over."""
    if len(people) != 1 or MANAGER not in people[0].roles or people[0].shops is None:
        return
    with transaction.atomic():
        given = Case.objects.filter(pk=found.pk, owner=None, told_at=None).update(owner=people[0].id)
        if given:
            CaseStep.objects.create(case=found, kind="given", other=people[0].id, at=clock.now())


def _way() -> Carrier | None:
    try:
        return carriers.carrier()
    except MailUnset:
        # The console still shows what waits.
        return None


def _mail(
    found: Case, kind: Notice, people: Iterable[Reachable], known: dict[int, Shop], carrier: Carrier | None,
    occasion: str = "",
) -> None:  # fmt: skip
    if carrier is None:
        return
    for one in people:
        words = _notice(found, kind, one.language, known.get(found.shop or 0))
        try:
            direct.notify(
                to=one.email,
                ref=f"case:{found.pk}:{kind}:{occasion}:{one.id}",
                words=words,
                language=one.language,
                carrier=carrier,
            )
        except ValueError:
            log.warning("cases: staff %s has an address that cannot be written to", one.id)


def _notice(found: Case, kind: Notice, language: Language, shop: Shop | None) -> Words:
    country = shop.country if shop else policy.current().policy.controller.country
    with translation.override(language):
        path = reverse("case", args=[found.pk])
    nowhere = "على الموقع" if language == "ar" else "on the web"
    return letters.notice(
        kind,
        language=language,
        shop=shop.name.in_(language) if shop else nowhere,
        due=dates.long_moment(found.due_at, country=country, language=language),
        address=f"{settings.AMANA_PUBLIC_URL}{path}",
    )
