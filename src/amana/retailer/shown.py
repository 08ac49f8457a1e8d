"""What the retailer's pages show, in the reader's language."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from amana.kernel import dates
from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, reader_language
from amana.retailer.factors import Standing
from amana.retailer.queries import Shop, StaffMember

RoleNames = dict[str, Bilingual]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One line of the staff list."""

    id: int
    name: str
    email: str
    roles: str
    shops: str
    active: bool
    must_change: bool
    factor: bool
    lacks_factor: bool
    last_seen: str


@dataclass(frozen=True, slots=True)
class ShopRow:
    """One shop of a region."""

    name: str
    slug: str
    open: bool


@dataclass(frozen=True, slots=True)
class RegionCard:
    """One region with its shops."""

    country: str
    region: str
    shops: tuple[ShopRow, ...]


def explain(form: Form, refusal: Refusal) -> int:
    """Put a refusal on the form in the reader's language; return its HTTP status."""
    form.add_error(None, refusal.message_in(reader_language()))
    return refusal.status


def tried(
    request: HttpRequest, form: Form, act: Callable[[], HttpResponse]
) -> tuple[HttpResponse | None, int]:
    """Act on a form that was sent and is valid; return the answer, or None and the status of the form's page."""
    if request.method != "POST":
        return None, 200
    if not form.is_valid():
        return None, 400
    try:
        return act(), 200
    except Refusal as refusal:
        return None, explain(form, refusal)


def staff_rows(
    members: Iterable[StaffMember], *, shops: Iterable[Shop], roles: RoleNames,
    factors: Mapping[int, Standing], now: dt.datetime, country: str,
) -> tuple[StaffRow, ...]:  # fmt: skip
    """Make the lines of the staff list."""
    language = reader_language()
    names = {shop.id: shop.name.in_(language) for shop in shops}
    return tuple(
        StaffRow(
            id=member.id,
            name=member.name.in_(language),
            email=member.email,
            roles=_joined(roles[role].in_(language) if role in roles else role for role in member.roles),
            shops=gettext("All shops")
            if member.shops is None
            else _joined(names[number] for number in member.shops),
            active=member.active,
            must_change=member.must_change,
            factor=factors[member.id].confirmed_at is not None,
            lacks_factor=factors[member.id].demanded and factors[member.id].confirmed_at is None,
            last_seen=gettext("Never")
            if member.last_seen_at is None
            else dates.relative(member.last_seen_at, now=now, country=country, language=language),
        )
        for member in members
    )


def region_cards(shops: Iterable[Shop]) -> tuple[RegionCard, ...]:
    """Group shops, which come in the order of the brand file, by region."""
    language = reader_language()
    return tuple(
        RegionCard(
            country=country.in_(language),
            region=region.in_(language),
            shops=tuple(ShopRow(shop.name.in_(language), shop.slug, shop.open) for shop in group),
        )
        for (country, region), group in groupby(shops, key=lambda shop: (shop.country_name, shop.region))
    )


def _joined(names: Iterable[str]) -> str:
    comma = "، " if reader_language() == "ar" else ", "
    return comma.join(sorted(names))
