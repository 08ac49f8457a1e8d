"""What a year of reading would have come to: rows made up by a seed, for pages and counts."""

import datetime as dt
import random
from uuid import UUID

from amana.kernel import clock
from amana.surveys.models import Candidate, Signal, Theme
from amana.surveys.reading import lexicon
from amana.surveys.reading.themes import LEARNT, OTHER

SIZES = ("xs", "s", "m", "l", "xl", "xxl", "3xl", "n42", "n44", "y6")


def themes(shops: list[int], *, answers: int = 900, seed: int = 7) -> None:
    """Make up what words were about, most often the first themes."""
    dice = random.Random(seed)
    codes = (*LEARNT, OTHER)
    Theme.objects.bulk_create(
        Theme(
            response=UUID(int=dice.getrandbits(128)), customer=UUID(int=dice.getrandbits(128)), survey=1,
            shop=dice.choice(shops), question="why", day=_day(dice), language=dice.choice(("ar", "ar", "en")),
            theme=codes[min(int(dice.expovariate(0.28)), len(codes) - 1)],
            sentiment=dice.choice((-1, -1, -1, 0, 1, 1)), mixing=dice.getrandbits(40),
        )
        for _ in range(answers)
    )  # fmt: skip


def signals(shops: list[int], *, answers: int = 900, seed: int = 7) -> None:
    """Make up what was wanted, and in which sizes, and what was disliked."""
    dice = random.Random(seed)
    products = list(lexicon.products())
    rows = []
    for _ in range(answers):
        day = _day(dice)
        about = dice.choice(("wanted", "wanted", "size", "dislike", "like"))
        code = {
            "wanted": {"product": products[min(int(dice.expovariate(0.12)), len(products) - 1)]},
            "size": {"size": dice.choice(SIZES)},
        }.get(about, {"theme": dice.choice(LEARNT[:9])})
        rows.append(
            Signal(
                response=UUID(int=dice.getrandbits(128)),
                survey=1,
                version=1,
                shop=dice.choice(shops),
                question=about,
                day=day,
                language=dice.choice(("ar", "en")),
                about=about,
                mixing=dice.getrandbits(40),
                **code,
            )
        )
    Signal.objects.bulk_create(rows)


def settled(shop: int) -> None:
    """Make up what an officer decided before."""
    now = clock.now()
    for number, (kind, state) in enumerate(
        (("health", "purged"), ("religion", "released"), ("child", "gone"))
    ):
        Candidate.objects.create(
            response=UUID(int=number + 1), field="opinion", kind=kind, survey=1, shop=shop, language="ar",
            found_at=now, due_at=now, state=state, settled_at=now - dt.timedelta(days=number), settled_by=1,
        )  # fmt: skip


def _day(dice: random.Random) -> dt.date:
    return clock.now().date() - dt.timedelta(days=int(dice.triangular(45, 360, 60)))
