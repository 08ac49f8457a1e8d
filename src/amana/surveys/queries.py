"""Which surveys are open, and what one asks."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, Language
from amana.policy import queries as policy
from amana.policy.queries import Wording
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop

# Raised whenever a question changes, so that ratings are compared with their like.
VERSION: Final = 1
SOURCE: Final = "survey"
# In the order they are asked; of these, what the policy does not list for surveys is not asked.
ASKED: Final = ("opinion", "name", "email", "mobile", "birth_date", "gender", "nationality", "city")


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """A shop whose survey is open; its address is `/<language>/survey/<slug>`."""

    slug: str
    shop: Bilingual
    region: Bilingual
    country: Bilingual


@dataclass(frozen=True, slots=True)
class Permission:
    """One consent on the form: its field's name and the words that are shown."""

    field: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class Served:
    """One purpose, in the notice's words, with what may be allowed for it."""

    purpose: str
    name: str
    answer: str
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What one shop's survey asks in one language, under the running policy."""

    shop: Shop
    language: Language
    policy: int
    honours_gpc: bool
    fields: tuple[str, ...]
    served: tuple[Served, ...]

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """Return every consent on the form."""
        return tuple(permission for served in self.served for permission in served.permissions)


def open_surveys() -> tuple[OpenSurvey, ...]:
    """List the surveys that are open now, in the brand file's order; none before a policy is published."""
    if policy.find_version() is None:
        return ()
    places = policy.current().policy.jurisdictions
    return tuple(
        OpenSurvey(slug=shop.slug, shop=shop.name, region=shop.region, country=shop.country_name)
        for shop in retailer.shops()
        if shop.jurisdiction in places
    )


def get_survey(slug: str, language: Language) -> Survey:
    """Return the survey of an open shop. Raises Refusal (shop_unknown, policy_not_published)."""
    shop = retailer.get_shop(slug)
    published = policy.current()
    text = published.policy
    if shop.jurisdiction not in text.jurisdictions:
        raise Refusal.of("shop_unknown")
    return Survey(
        shop=shop,
        language=language,
        policy=published.version.number,
        honours_gpc=text.automatic.honours_gpc,
        fields=tuple(n for n in ASKED if n in text.categories and SOURCE in text.categories[n].sources),
        served=tuple(
            Served(
                purpose=name,
                name=text.purposes[name].name.in_(language),
                answer=text.purposes[name].answer.in_(language),
                permissions=tuple(Permission(_field(wording), wording) for wording in wordings),
            )
            for name, wordings in groupby(
                policy.consents(language, shop.jurisdiction), key=lambda wording: wording.purpose
            )
        ),
    )


def _field(wording: Wording) -> str:
    return f"allow-{wording.purpose}-{wording.channel}" if wording.channel else f"allow-{wording.purpose}"
