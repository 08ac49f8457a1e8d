"""What a batch is judged by, read once for all of it: versions, shops, tablets, placements, policies."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from uuid import UUID

from amana.kernel import clock
from amana.policy import queries as policy
from amana.policy.queries import Published, Version
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop
from amana.surveys.builder import queries as builder
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.definition import compiling
from amana.surveys.definition.compiling import Form
from amana.surveys.intake.refusals import AnswerRefused
from amana.surveys.intake.submission import Submission
from amana.surveys.models import Device, FormerShop, Placement

# A page opened before a survey was closed may still be finished, and what could not be sent at once still comes.
GRACE: Final = dt.timedelta(hours=24)
Pair: TypeAlias = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Tablet:
    """A device as answers are judged: its shop, whether it was revoked, how far its clock goes wrong in ms.

    `left` is when it was moved, by the shop it was in before; the last time, where it was there more than once.
    """

    shop: int
    revoked: bool
    skew_ms: int | None
    left: Mapping[int, dt.datetime]


@dataclass(frozen=True, slots=True)
class Bearings:
    """What one batch is judged by; `policies` are all that were ever published, by number."""

    now: dt.datetime
    running: Published
    policies: Mapping[int, Version]
    shops: Mapping[str, Shop]
    versions: Mapping[tuple[str, int], PublishedVersion]
    open: frozenset[tuple[int, int | None, str]]
    tablets: Mapping[UUID, Tablet]

    @property
    def home(self) -> Shop:
        """Return the shop whose country's rules hold where no shop is named. Raises AnswerRefused."""
        for shop in self.shops.values():
            return shop
        raise AnswerRefused.of("survey_shop_unknown")

    def shown(self, number: int) -> Version:
        """Return the version of the policy that was read. Raises AnswerRefused."""
        found = self.policies.get(number)
        if found is None:
            raise AnswerRefused.of("answer_policy_unknown")
        return found

    def ended(self, number: int) -> dt.datetime | None:
        """Return when a version of the policy was followed by the next, or None while it runs."""
        later = [version for version in self.policies.values() if version.number > number]
        return min(later, key=lambda version: version.number).published_at if later else None

    def pairs(self, number: int, shop: Shop) -> frozenset[Pair]:
        """Return every purpose and channel that a version of the policy asks consent for where a shop is.

        Raises AnswerRefused.
        """
        return _pairs(self.shown(number), shop.jurisdiction)

    def form(self, version: PublishedVersion, number: int, shop: Shop) -> Form:
        """Return what was asked in a shop under a version of the policy; it is read only. Raises AnswerRefused."""
        return _form(version, self.shown(number), shop)


def read(submissions: Collection[Submission], devices: Collection[UUID]) -> Bearings:
    """Read what these submissions are judged by: a few small queries, however many they are."""
    versions = builder.published({(one.survey, one.version) for one in submissions})
    now = clock.now()
    return Bearings(
        now=now,
        running=policy.current(),
        policies={version.number: version for version in policy.versions()},
        shops={shop.slug: shop for shop in retailer.shops(include_closed=True)},
        versions=versions,
        open=_open({version.survey for version in versions.values()}, now),
        tablets=_tablets(devices),
    )


def _form(version: PublishedVersion, shown: Version, shop: Shop) -> Form:
    return _placed(version.id, version.hash, shown, shop.country, shop.jurisdiction)


# A version's row and hash stand for one text for ever, and so does a version of the policy.
@lru_cache(maxsize=256)
def _placed(version: int, _hash: str, shown: Version, country: str, jurisdiction: str) -> Form:
    return compiling.placed(
        builder.get_version(version).form,
        policy=shown.number,
        country=country,
        consents=[
            {"purpose": purpose, "channel": channel} for purpose, channel in _pairs(shown, jurisdiction)
        ],
        fields=builder.fields_of(policy.read(shown).policy),
    )


@lru_cache(maxsize=256)
def _pairs(shown: Version, jurisdiction: str) -> frozenset[Pair]:
    wordings = policy.consents_of(policy.read(shown), "en", jurisdiction)
    return frozenset((wording.purpose, wording.channel) for wording in wordings)


def _open(surveys: Iterable[int], now: dt.datetime) -> frozenset[tuple[int, int | None, str]]:
    """Return which surveys are open where and by which ways, or were a day ago."""
    since = now - GRACE
    rows = Placement.objects.filter(survey__in=list(surveys)).values_list(
        "survey", "shop", "ways", "closed_at", "survey__closed_at"
    )
    return frozenset(
        (survey, shop, way)
        for survey, shop, ways, *ends in rows
        if all(end is None or end > since for end in ends)
        for way in ways
    )


def _tablets(devices: Collection[UUID]) -> dict[UUID, Tablet]:
    if not devices:
        return {}
    rows = Device.objects.filter(pk__in=devices).values_list("id", "shop", "revoked_at", "skew_ms")
    left: dict[UUID, dict[int, dt.datetime]] = {}
    former = FormerShop.objects.filter(device__in=devices).order_by("left_at")
    for number, shop, at in former.values_list("device", "shop", "left_at"):
        left.setdefault(number, {})[shop] = at
    return {
        number: Tablet(shop, revoked is not None, skew, left.get(number, {}))
        for number, shop, revoked, skew in rows
    }
