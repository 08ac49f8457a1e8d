"""What was chosen of what is wanted, disliked or missing: counted at once, because it names nobody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from amana.kernel import clock
from amana.kernel.text import Bilingual
from amana.surveys.models import Signal, Version
from amana.surveys.reading import keywords, lexicon
from amana.surveys.taken import Answer, Taken

CHOSEN: Final = frozenset({"single", "multiple"})
OPINIONS: Final = frozenset({"like", "dislike"})
MISSING: Final = frozenset({"wanted", "size"})
# Names of choices by which somebody says that nothing was missing, or nothing at all.
_NOTHING: Final = frozenset({"no", "none", "nothing", "unsaid", "na"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a choice stands for: codes of the lexicon, or the choice itself where the lexicon has no code."""

    about: str
    product: str = ""
    size: str = ""
    theme: str = ""
    choice: str = ""


def count(taken: Sequence[Taken], country: str) -> None:
    """Count what was chosen in questions that say what they are about. What excludes all else means nothing here."""
    zone = clock.zone(country)
    Signal.objects.bulk_create(
        Signal(
            response=one.id,
            survey=one.survey,
            version=one.version,
            shop=one.shop,
            question=question,
            day=one.answered_at.astimezone(zone).date(),
            language=one.language,
            about=meaning.about,
            product=meaning.product,
            size=meaning.size,
            theme=meaning.theme,
            choice=meaning.choice,
            mixing=one.mixing,
        )
        for one in taken
        for question, meaning in _signals(one)
    )


@lru_cache(maxsize=256)
def meanings(version: int) -> Mapping[str, Mapping[str, Meaning]]:
    """Return, by question and choice, what the choices of one published version stand for."""
    definition = Version.objects.values_list("definition", flat=True).filter(pk=version).first() or {}
    return {
        str(question["name"]): dict(_meanings(question))
        for question in asked(definition)
        if question.get("about") and question.get("kind") in CHOSEN
    }


@lru_cache(maxsize=256)
def abouts(version: int) -> Mapping[str, str]:
    """Return what each question of one published version is about, where it says so."""
    definition = Version.objects.values_list("definition", flat=True).filter(pk=version).first() or {}
    return {str(one["name"]): str(one["about"]) for one in asked(definition) if one.get("about")}


@lru_cache(maxsize=256)
def labels(version: int) -> Mapping[tuple[str, str], Bilingual]:
    """Return, by question and choice, what the choices of one published version are called."""
    definition = Version.objects.values_list("definition", flat=True).filter(pk=version).first() or {}
    return {
        (str(question["name"]), str(choice["name"])): _label(choice)
        for question in asked(definition)
        for choice in question.get("choices") or ()
    }


def asked(definition: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give the questions of a stored definition in their order."""
    for section in definition.get("sections") or ():
        yield from section.get("questions") or ()


def _signals(one: Taken) -> Iterator[tuple[str, Meaning]]:
    for question, known in meanings(one.version).items():
        for choice in _choices(one.answers.get(question)):
            if choice in known:
                yield question, known[choice]


def _choices(answer: Answer | None) -> Iterable[str]:
    if isinstance(answer, list):
        return answer
    return (answer,) if isinstance(answer, str) else ()


def _meanings(question: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    about = str(question["about"])
    for choice in question.get("choices") or ():
        if not choice.get("exclusive") and choice["name"] not in _NOTHING:
            yield str(choice["name"]), _meaning(about, str(choice["name"]), _label(choice))


def _meaning(about: str, name: str, label: Bilingual) -> Meaning:
    if about in OPINIONS:
        theme = keywords.theme_of(label.en) or keywords.theme_of(label.ar)
        return Meaning(about, theme=theme, choice="" if theme else name)
    named = [
        lexicon.named(text, sizes=about == "size") for text in (label.en, label.ar, name.replace("_", " "))
    ]
    product = next((one.products[0] for one in named if one.products), "")
    size = next((one.sizes[0] for one in named if one.sizes), "")
    return Meaning(about, product=product, size=size, choice="" if product or size else name)


def _label(choice: Mapping[str, Any]) -> Bilingual:
    label = choice.get("label") or {}
    return Bilingual(ar=str(label.get("ar") or choice["name"]), en=str(label.get("en") or choice["name"]))
