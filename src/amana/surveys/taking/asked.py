"""What is asked where: the surveys that are open, in the words of the running policy."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual, Language
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop
from amana.surveys.builder import queries as builder
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.definition.compiling import Form
from amana.surveys.models import Placement
from amana.surveys.taking import quotas

Way: TypeAlias = Literal["tablet", "qr", "web", "link"]
WAYS: Final[Collection[Way]] = ("qr", "web", "link")

NOT_OPEN: Final = register(
    "survey_none_open",
    Bilingual(
        ar="لا يوجد استبيان مفتوح هنا الآن. شكرًا لرغبتك في إبداء رأيك.",
        en="No survey is open here now. Thank you for wanting to tell us.",
    ),
    404,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One survey as somebody is asked it: where, by which way, and which of its quotas are reached."""

    version: PublishedVersion
    form: Form
    shop: Shop | None
    country: str
    jurisdiction: str
    way: Way
    full: tuple[str, ...]

    @property
    def place(self) -> Bilingual | None:
        """Return the shop's name, if it is asked in one."""
        return self.shop.name if self.shop else None

    def title_in(self, language: Language) -> str:
        """Return what the survey is called."""
        return self.version.title.in_(language)


def get(*, shop: str | None, survey: str | None, way: Way) -> Asked:
    """Return what is asked in a shop, or without one. Without `survey` it is the shop's first that is open.

    Raises Refusal (survey_none_open, shop_unknown, policy_not_published).
    """
    found = retailer.get_shop(shop) if shop else None
    running = policy.current().policy
    if found is not None and found.jurisdiction not in running.jurisdictions:
        raise Refusal.of("shop_unknown")
    opened = builder.open_for(found.id if found else None, way)
    version = next((one for one in opened if survey in (None, one.slug)), None)
    if version is None:
        raise Refusal.of(NOT_OPEN)
    return placed(version, shop=found, way=way)


def placed(version: PublishedVersion, *, shop: Shop | None, way: Way) -> Asked:
    """Return a version as it is asked in a shop, or where the retailer is. Raises Refusal policy_not_published."""
    country, jurisdiction = where(shop)
    return Asked(
        version=version,
        form=builder.form_for(version, country=country, jurisdiction=jurisdiction),
        shop=shop,
        country=country,
        jurisdiction=jurisdiction,
        way=way,
        full=quotas.reached(version),
    )


def where(shop: Shop | None) -> tuple[str, str]:
    """Return the country and the jurisdiction of a shop; without one, those of the brand's first."""
    if shop is not None:
        return shop.country, shop.jurisdiction
    first = retailer.shops(include_closed=True)[0]
    return first.country, first.jurisdiction


def find_shop(number: int | None) -> Shop | None:
    """Return a shop by its number, also one that is closed by now."""
    return next((one for one in retailer.shops(include_closed=True) if one.id == number), None)


def open_shops() -> tuple[Shop, ...]:
    """List the shops in which somebody who has the link finds a survey; none before a policy is published."""
    if policy.find_version() is None:
        return ()
    places = policy.current().policy.jurisdictions
    lines = Placement.objects.filter(
        closed_at=None, survey__closed_at=None, survey__versions__isnull=False
    ).values_list("survey", "shop", "ways")
    own = {(survey, shop): "link" in ways for survey, shop, ways in lines}
    surveys = {survey for survey, _ in own}
    return tuple(
        shop
        for shop in retailer.shops()
        if shop.jurisdiction in places
        and any(own.get((survey, shop.id), own.get((survey, None), False)) for survey in surveys)
    )
