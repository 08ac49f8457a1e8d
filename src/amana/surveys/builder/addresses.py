"""The addresses that lead to a survey in a shop."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from amana.retailer.queries import Shop
from amana.surveys.builder import shown


@dataclass(frozen=True, slots=True)
class Address:
    """One address: what it is for in words, where it leads, and the picture of its QR code."""

    way: str
    label: str
    url: str
    qr: str


def of(survey: int, slug: str, shop: Shop, ways: tuple[str, ...]) -> tuple[Address, ...]:
    """Return the addresses of a survey in one shop, for the ways that are open there."""
    return tuple(
        Address(
            way,
            str(shown.WAYS[way]),
            url_of(slug, shop.slug, way),
            reverse("survey-qr", args=[survey, shop.slug]) if way == "qr" else "",
        )
        for way in ways
        if way in ("qr", "link")
    )


def url_of(slug: str, shop: str, way: str) -> str:
    """Return the whole address of a survey in a shop, by a QR code or by a link."""
    path = reverse("survey-in-shop", args=[shop, slug])
    return f"{settings.AMANA_PUBLIC_URL}{path}{'?by=qr' if way == 'qr' else ''}"
