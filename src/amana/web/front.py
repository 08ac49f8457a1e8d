"""What the front page shows: the promise in the policy's own words, figures that prove it, and where to begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from amana.kernel.text import Language
from amana.policy import queries as policy
from amana.policy.notice import Proof, Proofs, since
from amana.retailer.queries import Shop
from amana.surveys.taking import asked


@dataclass(frozen=True, slots=True)
class ShopLink:
    """A shop whose survey is open."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Place:
    """A region with the shops whose surveys are open."""

    region: str
    country: str
    shops: tuple[ShopLink, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """The front page under the running policy."""

    title: str
    lead: str
    version: int
    since: str
    proofs: tuple[Proof, ...]
    places: tuple[Place, ...]


def find_front(language: Language, proofs: Proofs) -> Front | None:
    """Return the front page in one language, or None before a policy is published."""
    if policy.find_version() is None:
        return None
    running = policy.current()
    return Front(
        title=running.policy.title.in_(language),
        lead=running.policy.lead.in_(language),
        version=running.version.number,
        since=since(running.version, country=running.policy.controller.country, language=language),
        proofs=tuple(proofs(language)),
        places=_places(asked.open_shops(), language),
    )


def _places(found: Sequence[Shop], language: Language) -> tuple[Place, ...]:
    return tuple(
        Place(
            region=region.in_(language),
            country=country.in_(language),
            shops=tuple(ShopLink(one.name.in_(language), one.slug) for one in group),
        )
        for (country, region), group in groupby(found, key=lambda one: (one.country_name, one.region))
    )
