"""What every page of the shop shows besides its own: where things are, what may be asked, what is told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from amana.collect import sources
from amana.kernel.text import Language
from amana.policy import queries
from amana.policy.document import Policy
from amana.web.shop import goods
from amana.web.shop.goods import Good


@dataclass(frozen=True, slots=True)
class Category:
    """A category of consent: the sentences of its purposes, as the policy words them."""

    name: str
    sentences: tuple[str, ...]
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """A site of somebody else that the policy lets pages link to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A department, in the reader's language."""

    slug: str
    name: str
    line: str
    drawing: str
    tint: str


@dataclass(frozen=True, slots=True)
class Card:
    """A good, in the reader's language. `told` is what an event says of it, as JSON."""

    slug: str
    department: str
    department_name: str
    name: str
    line: str
    aed: int
    sar: int
    tint: str
    sizes: tuple[str, ...]
    sold_out: tuple[str, ...]
    told: str
    told_added: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    write_key: str
    departments: tuple[Tile, ...]
    categories: tuple[Category, ...]
    away: tuple[Away, ...]
    account: str
    signed_in: bool
    words: str = ""
    other_address: str = ""


def frame(language: Language, *, path: str, signed_in: bool, words: str = "") -> Frame:
    """Return what stands around a page of the shop."""
    policy = queries.current().policy
    other = "en" if language == "ar" else "ar"
    return Frame(
        write_key=sources.demo_key(),
        departments=tuple(_tile(one, language) for one in goods.DEPARTMENTS),
        categories=_categories(policy, language),
        away=_away(policy, language),
        account=f"{reverse('me' if signed_in else 'sign-in')}?{urlencode({'return': path})}",
        signed_in=signed_in,
        words=words,
        other_address=path.replace(f"/shop/{language}/", f"/shop/{other}/", 1),
    )


def card(good: Good, language: Language) -> Card:
    """Return one good as a page shows it."""
    department = goods.find_department(good.department)
    return Card(
        slug=good.slug,
        department=good.department,
        department_name=department.name.in_(language) if department else "",
        name=good.name.in_(language),
        line=good.line.in_(language),
        aed=good.aed,
        sar=good.sar,
        tint=good.tint,
        sizes=good.sizes,
        sold_out=good.sold_out,
        told=json.dumps(good.told),
        told_added=json.dumps({**good.told, "quantity": 1}),
    )


def cards(found: Sequence[Good], language: Language) -> tuple[Card, ...]:
    """Return several goods as a page shows them."""
    return tuple(card(good, language) for good in found)


def _tile(department: goods.Department, language: Language) -> Tile:
    name, line = department.name.in_(language), department.line.in_(language)
    return Tile(department.slug, name, line, department.drawing, department.tint)


def _categories(policy: Policy, language: Language) -> tuple[Category, ...]:
    found = []
    for name, purposes in policy.website.consent_categories.items():
        asked = [policy.purposes[purpose] for purpose in purposes]
        sentences = tuple((one.consent or one.name).in_(language) for one in asked)
        details = tuple(one.consent_detail.in_(language) for one in asked if one.consent_detail)
        found.append(Category(name, sentences, details))
    return tuple(found)


def _away(policy: Policy, language: Language) -> tuple[Away, ...]:
    others = [one for one in policy.destinations.values() if one.owner == "other"]
    return tuple(Away(one.name.in_(language), f"https://{one.host}/") for one in others)
