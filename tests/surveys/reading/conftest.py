"""A deployment whose visitors write in their own words, some of whom allow reading them."""

import hashlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client

from amana.gate import actions as gate
from amana.gate.values import Wish
from amana.kernel import clock
from amana.kernel.text import Language
from amana.retailer import queries as retailer
from amana.retailer.guard import SESSION_COOKIE
from amana.surveys.builder import seeding
from amana.surveys.intake import opinions
from amana.surveys.models import Response, Version
from amana.surveys.reading import chosen, opening, queueing
from amana.surveys.taken import Answer, Taken
from tests.customers.conftest import world
from tests.world import World

__all__ = ["world"]

EXAMPLES = Path(__file__).parents[3] / "examples" / "redtag"
FEEDBACK = Wish("feedback", None, "Read my opinion and use it")
FIT = Wish("product_fit", None, "Count my information")
SignedIn = Callable[..., Client]


@dataclass
class Visitors:
    """Whoever answers the first retailer's survey about a visit."""

    world: World
    version: Version
    shops: list[int]
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def write(
        self,
        texts: str | Mapping[str, str],
        *wishes: Wish,
        shop: int = 0,
        language: Language = "en",
        answers: Mapping[str, Answer] | None = None,
        photo: str = "",
    ) -> Taken:
        """Take in one answer in words, as the worker does; a text alone answers `why`."""
        words = {"why": texts} if isinstance(texts, str) else dict(texts)
        values = {"opinion": opinions.pack(words), **({"receipt_photo": photo} if photo else {})}
        admitted = gate.admit(
            source="survey", values=values, wishes=wishes, language=language, jurisdiction="AE",
            shop=self.shops[shop],
        )  # fmt: skip
        taken = Taken(
            id=uuid4(), survey=self.version.survey_id, version=self.version.pk, shop=self.shops[shop], way="qr",
            language=language, answered_at=clock.now(), answers=answers or {}, texts=tuple(words),
            customer=admitted.customer, consents=frozenset((one.purpose, one.channel) for one in wishes),
            mixing=next(self.numbers) * 7919,
        )  # fmt: skip
        self._take(taken)
        return taken

    def choose(self, answers: Mapping[str, Answer], *, shop: int = 0, language: Language = "ar") -> Taken:
        """Take in one answer that names nobody."""
        taken = Taken(
            id=uuid4(), survey=self.version.survey_id, version=self.version.pk, shop=self.shops[shop], way="tablet",
            language=language, answered_at=clock.now(), answers=answers, texts=(), customer=None,
            consents=frozenset(), mixing=next(self.numbers) * 7919,
        )  # fmt: skip
        self._take(taken)
        return taken

    def read(self) -> int:
        """Read what waits."""
        return opening.read_batch()

    def _take(self, taken: Taken) -> None:
        with transaction.atomic():
            Response.objects.create(
                id=taken.id, key=uuid4(), version=taken.version, survey=taken.survey, shop=taken.shop, way=taken.way,
                language=taken.language, policy=1, judged_policy=1, answered_at=taken.answered_at,
                received_at=taken.answered_at, taken_at=taken.answered_at, answers=dict(taken.answers),
                texts=list(taken.texts), customer=taken.customer, mixing=taken.mixing,
            )  # fmt: skip
            queueing.wait([taken])


@pytest.fixture
def visitors(world: World) -> Visitors:
    """Return visitors of a deployment with the example's surveys."""
    for known in (chosen.meanings, chosen.abouts, chosen.labels):
        known.cache_clear()
    seeding.seed(staff=1, folder=EXAMPLES / seeding.FOLDER)
    version = Version.objects.get(survey__slug="visit", number=1)
    return Visitors(world, version, [shop.id for shop in retailer.shops()])


@pytest.fixture
def signed_in(world: World) -> SignedIn:
    """Return a function that gives the browser of somebody with this role, for all shops or some."""

    def browser(role: str, shops: list[int] | None = None) -> Client:
        token = hashlib.sha256(f"{role}{shops}".encode()).hexdigest()
        world.sessions[token] = world._open(role, shops, token)
        client = Client()
        client.cookies[SESSION_COOKIE] = token
        return client

    return browser


def person(taken: Taken) -> UUID:
    """Return who wrote an answer."""
    assert taken.customer is not None
    return taken.customer
