"""The addresses that lead to a survey in a shop, and their QR codes."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from amana.retailer.queries import Shop


@dataclass(frozen=True, slots=True)
class Address:
    """One address: by which way it is meant, and where it leads."""

    way: str
    url: str


def of(slug: str, shop: Shop, ways: tuple[str, ...]) -> tuple[Address, ...]:
    """Return the addresses of a survey in one shop, for the ways that are open there."""
    return tuple(
        Address(way, f"{settings.AMANA_PUBLIC_URL}{path}")
        for way in ways
        if way in ("qr", "link")
        for path in (_path(slug, shop, way),)
        if path
    )


def _path(slug: str, shop: Shop, way: str) -> str:
    try:
        return f"{reverse('survey-of', args=[shop.slug, slug])}?way={way}"
    except NoReverseMatch:
        return ""
