"""Open a case where somebody was dissatisfied and allows something to be done about it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.surveys.builder import queries as builder
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.logic.evaluation import holds
from amana.surveys.models import Case, CaseStep, Response
from amana.surveys.stored import taken
from amana.surveys.taken import Answer, Taken

PURPOSE: Final = "feedback"
USE: Final = (PURPOSE, None)
# Of an eleven-point scale its three lowest points are grave, of five faces the lowest.
GRAVE_SHARE: Final = 0.2
Pairs = Collection[tuple[str, str | None]]
Zones = Mapping[int | None, dt.tzinfo]


def consider(taken: Sequence[Taken]) -> int:
    """Open a case for each answer its survey calls dissatisfied; return how many. Call it where they are taken in.

    U3 allows two things apart: using what somebody said, and writing to them about it. Either makes a case, the first
    alone one among ourselves. Who allowed neither is counted, and nothing more is done with what they said.
    """
    permitted = [(one, builder.get_version(one.version)) for one in taken if _permitted(one.consents)]
    waiting = [(one, version) for one, version in permitted if version.form.get("alert")]
    if not waiting:
        return 0
    zones = _zones()
    opened = [
        _case(one, version, zones)
        for one, version in waiting
        if dissatisfied(version, one.answers, _today(one.answered_at, zones, one.shop))
    ]
    _open(opened)
    return len(opened)


def allowed_later(*, response: Response, customer: CustomerId, consents: Pairs) -> bool:
    """Open or widen the case of an answer whose person says only now who they are; tell whether there is one."""
    if not _permitted(consents):
        return False
    with transaction.atomic():
        found = Case.objects.select_for_update().filter(response=response.pk).first()
        if found is None:
            return bool(consider([taken(response, customer=customer, consents=consents)]))
        found.customer = customer
        found.words = found.words or USE in consents
        found.channels = sorted({*found.channels, *channels(consents)})
        found.save(update_fields=["customer", "words", "channels"])
        CaseStep.objects.create(case=found, kind="allowed", at=clock.now())
    return True


def dissatisfied(version: PublishedVersion, answers: Mapping[str, Answer], today: dt.date) -> bool:
    """Tell whether an answer is what its survey calls dissatisfied."""
    alert = version.form.get("alert")
    return alert is not None and holds(alert, answers, today=today)


def severity(version: PublishedVersion, answers: Mapping[str, Answer]) -> Case.Severity:
    """Return `grave` where any scale was answered at its very low end."""
    for question in version.definition.questions():
        bounds, answer = question.bounds, answers.get(question.name)
        if bounds is None or not isinstance(answer, int | float):
            continue
        least, most = bounds
        if answer <= least + GRAVE_SHARE * (most - least):
            return Case.Severity.GRAVE
    return Case.Severity.USUAL


def channels(consents: Pairs) -> list[str]:
    """Return the channels by which somebody wants to hear what became of what they said."""
    return sorted(channel for purpose, channel in consents if purpose == PURPOSE and channel is not None)


def due_at(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return by when an answer is owed: so many of the policy's days later, at the same time by the shop's clock."""
    within = policy.current().policy.surveys.answer_within
    return within.after(at.astimezone(zone)).astimezone(dt.UTC)


def zone_of(shop: int | None) -> dt.tzinfo:
    """Return the time zone of a shop; without one, that of the brand's first."""
    return _zone(_zones(), shop)


def _permitted(consents: Pairs) -> bool:
    return any(purpose == PURPOSE for purpose, _ in consents)


def _case(one: Taken, version: PublishedVersion, zones: Zones) -> Case:
    at = clock.now()
    return Case(
        response=one.id,
        survey=one.survey,
        version=one.version,
        shop=one.shop,
        customer=one.customer,
        language=one.language,
        words=USE in one.consents,
        channels=channels(one.consents),
        severity=severity(version, one.answers),
        opened_at=at,
        due_at=due_at(at, _zone(zones, one.shop)),
    )


def _open(cases: Sequence[Case]) -> None:
    if not cases:
        return
    Case.objects.bulk_create(cases)
    CaseStep.objects.bulk_create(CaseStep(case=one, kind="opened", at=one.opened_at) for one in cases)
    for one in cases:
        ledger.note(
            event="surveys.case_opened",
            payload={"case": str(one.pk), "shop": one.shop, "severity": one.severity},
        )


def _zones() -> Zones:
    shops = retailer.shops(include_closed=True)
    known: dict[int | None, dt.tzinfo] = {shop.id: ZoneInfo(shop.timezone) for shop in shops}
    return known | {None: ZoneInfo(shops[0].timezone) if shops else dt.UTC}


def _zone(zones: Zones, shop: int | None) -> dt.tzinfo:
    return zones.get(shop, zones[None])


def _today(at: dt.datetime, zones: Zones, shop: int | None) -> dt.date:
    return at.astimezone(_zone(zones, shop)).date()
