"""Fill the demo's results: made-up answers of two months to the survey about a visit, some in people's own words.

They are counted and read as answers are that came in long ago; what was chosen is believable, not random: shops differ,
the evenings of pay-day are crowded, and who waited says so.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

import click
from django.db import transaction

from amana.cli.words import say
from amana.customers import actions as customers
from amana.gate import actions as gate
from amana.gate.values import Wish
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Language
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop
from amana.surveys.builder import queries as designs
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.intake import opinions
from amana.surveys.models import Response
from amana.surveys.reading import queueing
from amana.surveys.results import counting
from amana.surveys.taken import Answer, Taken

DAYS: Final = 60
ANSWERS: Final = 4_000
CHUNK: Final = 200
# One in so many writes something, and lets it be read.
WRITES: Final = 14
PAY_DAYS: Final = (25, 26, 27, 28)
LIKED: Final = ("staff", "prices", "choice", "quality", "tidy")
DISLIKED: Final = ("queue", "fitting", "staff", "prices", "stock", "parking")
WORDS: Final[dict[Language, tuple[str, ...]]] = {
    "ar": (
        "الانتظار عند الصندوق طويل جدًا خصوصًا مساء الخميس",
        "الموظفة في قسم النساء متعاونة وذوقها راقي",
        "ما حصلت مقاسي في العبايات، كل الموجود صغير",
        "الأسعار زادت والخصم شكلي",
        "غرف القياس قليلة وتحتاج ترتيب",
        "المحل نظيف ومرتب والعروض حلوة",
        "أبغى ملابس أطفال قطن أكثر",
        "المواقف زحمة وما نلقى مكان",
        "جودة القماش ممتازة مقابل السعر",
        "الاستبدال أخذ وقت طويل",
        "الكاشير بطيء وجهاز الدفع ما يشتغل",
        "تشكيلة الأحذية محدودة",
    ),
    "en": (
        "The queue at the till was far too long on Thursday evening",
        "The lady in the women's department was kind and really helpful",
        "My size in linen abayas was missing again",
        "Prices went up and the discount is for show",
        "There are too few fitting rooms and they were untidy",
        "A clean and tidy shop with good offers",
        "I would like more cotton clothes for children",
        "No parking at all in the evening",
        "The fabric is excellent for the price",
        "Returning a shirt took half an hour",
    ),
}
# What was looked for in vain, the most wanted first.
WANTED: Final[dict[Language, tuple[str, ...]]] = {
    "ar": ("عباية كتان", "حذاء رياضي أبيض", "ملابس مواليد قطن", "قميص رجالي بكم طويل", "زي مدرسي مقاس 12"),
    "en": ("linen abaya", "white trainers", "cotton baby clothes", "a long-sleeved shirt", "school uniform"),
}
WANTED_LESS: Final = (40, 26, 18, 10, 6)
LETS_READ: Final = frozenset({("feedback", None)})
LETS_STUDY: Final = LETS_READ | {("product_fit", None)}


def seed(amana_home: Path, *, answers: int = ANSWERS) -> None:
    """Make up answers of sixty days, with a progress bar; an earlier start's stay and are not repeated.

    Call it with the application signed in. That it was done is noted in the home.
    """
    note = amana_home / "demo-answers"
    version = designs.find_latest("visit")
    if note.exists() or version is None or answers < 1:
        return
    drawn = random.Random(17)
    made = _drawn(version, drawn, answers)
    with click.progressbar(length=answers, label=say("Made-up answers are counted")) as bar:
        while chunk := list(islice(made, CHUNK)):
            _keep(chunk)
            bar.update(len(chunk))
    counting.pool()
    note.write_text("done", "ascii")


def _drawn(version: PublishedVersion, drawn: random.Random, answers: int) -> Iterator[Taken]:
    shops, now = [shop for shop in retailer.shops() if shop.open], clock.now()
    # As they would have come in: counts are opened to new answers in the order of time.
    ago = sorted((drawn.randrange(1, DAYS * 24 * 60) for _ in range(answers)), reverse=True)
    for number, minutes in enumerate(ago):
        place = min(drawn.randrange(len(shops)), drawn.randrange(len(shops)))
        at = now - dt.timedelta(minutes=minutes)
        language: Language = "ar" if drawn.random() < 0.72 else "en"
        yield _answered(version, shops[place], place, at, language, drawn, number)


def _answered(
    version: PublishedVersion, shop: Shop, place: int, at: dt.datetime, language: Language, drawn: random.Random,
    number: int,
) -> Taken:  # fmt: skip
    crowded = at.day in PAY_DAYS
    mood = drawn.gauss(3.9 - 0.12 * (place % 5) - (0.6 if crowded else 0), 0.9)
    overall = max(1, min(5, round(mood)))
    found = drawn.choices(("yes", "partly", "no", "looking"), (48, 22, 14, 16))[0]
    answers: dict[str, Answer] = {
        "overall": overall,
        "recommend": max(0, min(10, round(2 * mood + drawn.gauss(0.6, 1.4)))),
        "disliked": ["nothing"]
        if overall == 5
        else _some(DISLIKED, drawn, first="queue" if crowded else "stock"),
        "found_it": found,
        "age": drawn.choices(("u25", "u35", "u45", "o45", "unsaid"), (18, 34, 27, 14, 7))[0],
    }
    if overall >= 3:
        answers["liked"] = _some(LIKED, drawn, first="staff")
    if found in ("partly", "no"):
        answers["department"] = drawn.choices(
            ("women", "men", "children", "shoes", "home"), (42, 18, 21, 13, 6)
        )[0]
        answers["size"] = drawn.choices(("no", "s", "m", "l", "xl", "xxl"), (30, 10, 14, 16, 18, 12))[0]
    words = _words(language, found, drawn) if number % WRITES == 0 else {}
    return Taken(
        id=UUID(int=drawn.getrandbits(128), version=4), survey=version.survey, version=version.id, shop=shop.id,
        way=drawn.choices(("tablet", "qr", "link"), (58, 33, 9))[0], language=language, answered_at=at,
        answers=answers, texts=tuple(words),
        customer=_writer(shop, language, words) if words else None,
        consents=_consents(words), mixing=drawn.getrandbits(62),
    )  # fmt: skip


def _some(choices: Sequence[str], drawn: random.Random, *, first: str) -> list[str]:
    picked = set(drawn.sample(choices, drawn.choice((1, 1, 2))))
    if drawn.random() < 0.35:
        picked.add(first)
    return [one for one in choices if one in picked]


def _words(language: Language, found: str, drawn: random.Random) -> dict[str, str]:
    """Return what somebody wrote, by question: whoever did not find everything says what was missing."""
    written = {"why": drawn.choice(WORDS[language])}
    if found in ("partly", "no"):
        written["wanted"] = drawn.choices(WANTED[language], WANTED_LESS)[0]
    return written


def _consents(words: Mapping[str, str]) -> frozenset[tuple[str, str | None]]:
    if not words:
        return frozenset()
    return LETS_STUDY if "wanted" in words else LETS_READ


def _writer(shop: Shop, language: Language, words: Mapping[str, str]) -> CustomerId:
    """Admit whoever wrote, with what they let us do with it, as a nameless person."""
    return gate.admit(
        source="survey", values={"opinion": opinions.pack(words)},
        wishes=[_wish(purpose, language) for purpose, _ in sorted(_consents(words), key=str)],
        language=language, jurisdiction=shop.jurisdiction, shop=shop.id,
    ).customer  # fmt: skip


def _wish(purpose: str, language: Language) -> Wish:
    shown = policy.wording(purpose, language)
    words = customers.evidence_of(text=shown.text, detail=shown.detail, version=shown.version)
    return Wish(purpose, None, words)


@transaction.atomic
def _keep(taken: Sequence[Taken]) -> None:
    running = policy.current().version.number
    Response.objects.bulk_create(
        Response(
            id=one.id, key=one.id, version=one.version, survey=one.survey, shop=one.shop, way=one.way,
            language=one.language, policy=running, judged_policy=running, answered_at=one.answered_at,
            received_at=one.answered_at, taken_at=one.answered_at, answers=dict(one.answers), texts=list(one.texts),
            customer=one.customer, mixing=one.mixing,
        )
        for one in taken
    )  # fmt: skip
    counting.count(taken)
    queueing.wait(taken)
