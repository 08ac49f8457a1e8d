"""A survey with answers to count."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction

from amana.kernel.text import Language
from amana.retailer import queries as retailer
from amana.surveys.builder import seeding
from amana.surveys.models import Response, Version
from amana.surveys.reading.asked import Asked
from amana.surveys.results import counting
from amana.surveys.taken import Answer, Taken
from tests.customers.conftest import world
from tests.surveys.reading.conftest import signed_in
from tests.world import World

__all__ = ["signed_in", "world"]

EXAMPLES = Path(__file__).parents[3] / "examples" / "redtag"
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
CHOICES = ("staff", "prices", "choice", "quality", "tidy")


@dataclass
class Answered:
    """The example's survey about a visit, and how to answer it."""

    version: Version
    shops: list[int]
    drawn: random.Random

    def take(
        self,
        *answers: Mapping[str, Answer],
        shop: int | None = 0,
        language: Language = "ar",
        at: dt.datetime = NOON,
        way: str = "tablet",
    ) -> list[Taken]:
        """Keep and count these answers as the worker does."""
        return self.keep([self._taken(one, shop, language, at, way) for one in answers])

    def keep(self, taken: list[Taken]) -> list[Taken]:
        """Write responses and count them, all at once."""
        with transaction.atomic():
            Response.objects.bulk_create(_row(one) for one in taken)
            counting.count(taken)
        return taken

    def leave(self, one: Taken) -> None:
        """Take somebody's response out of the counts and delete it, as when they object."""
        with transaction.atomic():
            counting.uncount([one])
            Response.objects.filter(pk=one.id).delete()

    def many(self, count: int, *, days: int = 20) -> list[Taken]:
        """Keep and count so many answers of every sort, drawn anew alike each time."""
        made = []
        for _ in range(count):
            answers: dict[str, Answer] = {
                "overall": self.drawn.randint(1, 5), "recommend": self.drawn.randint(0, 10),
                "liked": self.drawn.sample(CHOICES, self.drawn.randint(1, 3)),
                "found_it": self.drawn.choice(["yes", "partly", "no"]),
                "age": self.drawn.choice(["u25", "u35", "u45", "o45"]),
            }  # fmt: skip
            at = NOON - dt.timedelta(days=self.drawn.randrange(days))
            shop = self.drawn.randrange(len(self.shops))
            language: Language = self.drawn.choice(["ar", "en"])
            made.append(self._taken(answers, shop, language, at))
        return self.keep(made)

    def _taken(
        self,
        answers: Mapping[str, Answer],
        shop: int | None,
        language: Language,
        at: dt.datetime,
        way: str = "tablet",
    ) -> Taken:
        return Taken(
            id=UUID(int=self.drawn.getrandbits(128)), survey=self.version.survey_id, version=self.version.pk,
            shop=None if shop is None else self.shops[shop], way=way, language=language, answered_at=at,
            answers=answers, texts=(), customer=None, consents=frozenset(), mixing=self.drawn.getrandbits(62),
        )  # fmt: skip


def _row(one: Taken) -> Response:
    return Response(
        id=one.id, key=one.id, version=one.version, survey=one.survey, shop=one.shop, way=one.way,
        language=one.language, policy=1, judged_policy=1, answered_at=one.answered_at, received_at=one.answered_at,
        taken_at=one.answered_at, answers=dict(one.answers), mixing=one.mixing,
    )  # fmt: skip


@pytest.fixture
def answered(world: World) -> Answered:
    """Return the example's survey with nothing answered yet."""
    seeding.seed(staff=1, folder=EXAMPLES / seeding.FOLDER)
    version = Version.objects.get(survey__slug="visit", number=1)
    return Answered(version, [shop.id for shop in retailer.shops()], random.Random(7))


def over(days: int = 30, *, shops: Sequence[int] | None = None, language: Language | None = None) -> Asked:
    """Return the question for a period that ends with the day of the answers."""
    last = NOON.date()
    return Asked(
        last - dt.timedelta(days=days - 1), last, days, None, frozenset(shops) if shops is not None else None,
        language, "",
    )  # fmt: skip
