"""A manager's day on one page: today's answers rounded and never of a few, what waits, what was said, the tablets."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from amana.kernel import clock
from amana.retailer.queries import Shop, StaffSession
from amana.surveys.builder import queries as builder
from amana.surveys.loop import queries
from amana.surveys.loop.queries import Asked, Found, Note
from amana.surveys.models import Survey
from amana.surveys.reading.asked import Asked as Period
from amana.surveys.reading.shown import Reader
from amana.surveys.results import figures, shown
from amana.surveys.results.panels import Told
from amana.surveys.tablet import queries as tablets

WEEK: int = 7
FEW: int = 8


@dataclass(frozen=True, slots=True)
class Count:
    """One survey in one shop: how many answered today and in seven days (None: too few), and these days' score."""

    survey: str
    today: int | None
    week: int | None
    score: Told | None


@dataclass(frozen=True, slots=True)
class Tablets:
    """How the shop's tablets are."""

    working: int
    waiting: int
    unsent: int


@dataclass(frozen=True, slots=True)
class Day:
    """One shop's day."""

    shop: Shop
    counts: tuple[Count, ...]
    cases: tuple[Found, ...]
    waiting: int
    late: int
    notes: tuple[Note, ...]
    tablets: Tablets


def day(staff: StaffSession, shop: Shop, reader: Reader) -> Day:
    """Return the day of one of somebody's shops."""
    waiting = queries.cases(staff, Asked(shop=shop.id))
    return Day(
        shop=shop,
        counts=tuple(_counts(shop, reader)),
        cases=waiting[:FEW],
        waiting=len(waiting),
        late=sum(one.late for one in waiting),
        notes=queries.notes([shop.id], most=3),
        tablets=_tablets(shop),
    )


def _counts(shop: Shop, reader: Reader) -> Iterator[Count]:
    last = clock.now().astimezone(ZoneInfo(shop.timezone)).date()
    for survey in Survey.objects.order_by("id").values_list("id", flat=True):
        versions = builder.versions(survey)
        week = figures.by_answer(survey, _period(shop, last, WEEK)) if versions else {}
        if not shown.total(week).answers:
            continue
        cards = shown.cards(versions, week, {}, reader)
        yield Count(
            versions[0].title.in_(reader.language),
            shown.total(figures.by_answer(survey, _period(shop, last, 1))).shown,
            shown.total(week).shown,
            next((card.told for card in cards if card.told is not None), None),
        )


def _period(shop: Shop, last: dt.date, days: int) -> Period:
    first = last - dt.timedelta(days=days - 1)
    return Period(first, last, days, shop.id, frozenset({shop.id}), None, "")


def _tablets(shop: Shop) -> Tablets:
    found = [one for one in tablets.fleet(frozenset({shop.id})) if one.revoked_at is None]
    return Tablets(
        working=sum(one.standing is tablets.Standing.WELL for one in found),
        waiting=sum(one.needs_a_look for one in found),
        unsent=sum(one.unsent for one in found),
    )
