"""Open the words that may be read, through the gate, and keep what they came to: codes, and never a word."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.surveys.intake import opinions
from amana.surveys.intake.opinions import OPINION
from amana.surveys.models import Signal, Theme, Waiting
from amana.surveys.reading import chosen, judging, keeping_back, sensitive
from amana.surveys.reading.judging import Read

BATCH: Final = 500
# A job gives its place back after this long, so that a worker that is asked to end does so soon.
SECONDS: Final = 15.0
REF: Final = "surveys:reading"


@dataclass(frozen=True, slots=True)
class Found:
    """What one response's words came to: by question what was read, and what they may tell that nobody asked for."""

    waiting: Waiting
    read: Mapping[str, Read]
    kinds: frozenset[str]


def read_waiting(*, seconds: float = SECONDS, elapsed: Callable[[], float] = time.monotonic) -> int:
    """Read what waits, batch by batch, for `seconds` at most; return how many responses were read."""
    ends_at, done = elapsed() + seconds, 0
    while (number := read_batch()) and elapsed() < ends_at:
        done += number
    keeping_back.hold_found()
    return done + number


def read_batch(most: int = BATCH) -> int:
    """Read the words that have waited longest, `most` responses at most; return how many waited.

    Whoever withdrew, objected or restricted meanwhile is left out by the gate, and waits no more. Raises Refusal.
    """
    waiting = list(Waiting.objects.order_by("since", "response")[:most])
    if waiting:
        _keep(waiting, _judged(waiting, _opened(waiting)))
        keeping_back.hold_found()
    return len(waiting)


def _opened(waiting: Sequence[Waiting]) -> dict[CustomerId, str]:
    people = list(dict.fromkeys(CustomerId(one.customer) for one in waiting))
    try:
        return _open(people)
    except Refusal as refused:
        if refused.code != "person_unknown":
            raise
    # Somebody was erased since, whoever it is: the others are opened one by one.
    return {customer: text for person in people for customer, text in _opened_alone(person)}


def _opened_alone(person: CustomerId) -> list[tuple[CustomerId, str]]:
    try:
        return list(_open([person]).items())
    except Refusal as refused:
        if refused.code != "person_unknown":
            raise
        return []


def _open(people: Sequence[CustomerId]) -> dict[CustomerId, str]:
    session = settings.AMANA_SYSTEM_TOKEN
    task = gate.plan(session=session, kind="answer", purpose="feedback", people=people, ref=REF)
    opening = gate.open(session=session, purpose="feedback", fields=[OPINION], task=task)
    return {one.customer: one.values[OPINION] for one in opening.people if OPINION in one.values}


def _judged(waiting: Sequence[Waiting], opened: Mapping[CustomerId, str]) -> list[Found]:
    texts = [
        (one, question, text)
        for one in waiting
        if CustomerId(one.customer) in opened
        for question, text in opinions.unpack(opened[CustomerId(one.customer)], one.texts).items()
    ]
    judged = judging.read([text for _one, _question, text in texts])
    by_response: dict[Any, Found] = {}
    for (one, question, text), read in zip(texts, judged, strict=True):
        before = by_response.get(one.response, Found(one, {}, frozenset()))
        by_response[one.response] = Found(
            one, {**before.read, question: read}, before.kinds | sensitive.found(text)
        )
    return list(by_response.values())


@transaction.atomic
def _keep(waiting: Sequence[Waiting], found: Sequence[Found]) -> None:
    """Keep what was read of those who still wait: whoever was erased meanwhile waits no more."""
    numbers = [one.response for one in waiting]
    still = dict(
        Waiting.objects.select_for_update()
        .filter(response__in=numbers)
        .order_by("response")
        .values_list("response", "fits")
    )
    there = [one for one in found if one.waiting.response in still]
    for one in there:
        # Their person may have allowed more while the words were read.
        one.waiting.fits = still[one.waiting.response]
    Theme.objects.bulk_create((row for one in there for row in _themes(one)), ignore_conflicts=True)
    Signal.objects.bulk_create(row for one in there for row in _signals(one))
    keeping_back.find([(one.waiting, one.kinds) for one in there if one.kinds], field=OPINION)
    Waiting.objects.filter(response__in=numbers).delete()


def _themes(found: Found) -> Iterator[Theme]:
    one = found.waiting
    for question, read in found.read.items():
        for theme, sentiment in read.themes.items():
            yield Theme(
                response=one.response,
                customer=one.customer,
                survey=one.survey,
                shop=one.shop,
                question=question,
                day=one.day,
                language=one.language,
                theme=theme,
                sentiment=sentiment,
                mixing=one.mixing,
            )


def _signals(found: Found) -> Iterator[Signal]:
    """Give what words ask for: only of whoever lets them count for what shops should have (`product_fit`)."""
    if not found.waiting.fits:
        return
    abouts = chosen.abouts(found.waiting.version)
    for question, read in found.read.items():
        about = abouts.get(question, "")
        for kind, code, value in _said(read, about):
            yield _signal(found.waiting, question, kind, **{code: value})


def _said(read: Read, about: str) -> Iterator[tuple[str, str, str]]:
    """Give what one answer says as (about, column, code), by what was asked and by how its writer felt."""
    # Whoever is asked what is missing answers with that alone; elsewhere it takes a word of wanting.
    named = read.named if about in chosen.MISSING else read.wanted
    for product in named.products:
        yield "wanted", "product", product
    for size in named.sizes:
        yield "size", "size", size
    for theme, sentiment in read.themes.items():
        felt = {-1: "dislike", 1: "like"}.get(sentiment, "")
        kind = about if about in chosen.OPINIONS else felt
        if kind and theme != "other":
            yield kind, "theme", theme


def _signal(one: Waiting, question: str, about: str, **code: str) -> Signal:
    return Signal(
        response=one.response,
        customer=one.customer,
        survey=one.survey,
        version=one.version,
        shop=one.shop,
        question=question,
        day=one.day,
        language=one.language,
        about=about,
        mixing=one.mixing,
        **code,
    )
