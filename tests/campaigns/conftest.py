"""A shop, a real mail server, shoppers of every kind, and staff who are signed in."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from amana.campaigns.letter import Words, Written
from amana.gate import actions as gate
from amana.gate.values import Wish
from amana.kernel.ids import CustomerId
from amana.kernel.text import Language
from amana.post.carrier import Carrier, carrier
from amana.retailer.guard import SESSION_COOKIE
from tests.customers.conftest import world
from tests.post.mailhost import Mailhost, running
from tests.world import EMAILS, World

__all__ = ["world"]

WRITTEN = Written(
    name="Winter",
    ar=Words(
        "تخفيضات الشتاء", "خصم ٣٠٪ هذا الأسبوع", "مرحبًا {name}،\n\nالمعاطف كلها مخفضة.", "مشاهدة العروض"
    ),
    en=Words("Winter sale", "30% off this week", "Hello {name},\n\nAll coats are reduced.", "See the offers"),
    link="https://redtag.example/winter",
)

SignedIn = Callable[[str], Client]


@pytest.fixture
def mailhost(settings: Any) -> Iterator[Mailhost]:
    """Return a running mail server, the one this deployment sends by."""
    with running(Mailhost()) as host:
        settings.AMANA_SMTP_URL = host.url
        yield host


@pytest.fixture
def way(world: World, mailhost: Mailhost, settings: Any, tmp_path: Path) -> Carrier:
    """Return how mail leaves."""
    made = carrier()
    return Carrier(made.transport, made.sender, made.signer, tmp_path / "post")


@pytest.fixture
def signed_in(world: World) -> SignedIn:
    """Return a function that gives the browser of somebody with this role."""

    def browser(role: str) -> Client:
        token = hashlib.sha256(role.encode()).hexdigest()
        world.sessions[token] = world._open(role, None, token)
        client = Client()
        client.cookies[SESSION_COOKIE] = token
        return client

    return browser


def shopper(
    world: World, email: str, *wishes: Wish, language: Language = "ar", confirmed: bool = True, **values: str
) -> CustomerId:
    """Admit somebody with a language of their own, and confirm their address."""
    admitted = gate.admit(
        source="survey",
        values={"name": "نور العتيبي", "email": email, "birth_date": "1990-05-17", **values},
        wishes=wishes,
        language=language,
        jurisdiction="AE",
    )
    if confirmed:
        gate.confirm(world.link(admitted, "confirm"), language=language)
    return admitted.customer


def agreeing(world: World, count: int, language: Language = "ar") -> list[CustomerId]:
    """Make shoppers who agreed to offers by e-mail and confirmed their address."""
    return [
        shopper(world, f"{language}{number}@mail.example", EMAILS, language=language)
        for number in range(count)
    ]
