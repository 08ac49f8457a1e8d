"""How a part of a survey will look on a phone, in one language: for the live preview beside the editor."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from amana.kernel.text import LANGUAGES, Direction, Language, direction
from amana.policy import queries as policy
from amana.surveys.builder import queries
from amana.surveys.builder.shown import PIPED
from amana.surveys.definition.document import Definition, Question, Section, Text

BOXES = {"phone": "tel", "email": "email", "number": "number", "date": "date", "short_text": "text"}


@dataclass(frozen=True, slots=True)
class QuestionLook:
    """One question in one language. `scale` are the numbers of a scale; `words` is what the policy says."""

    name: str
    kind: str
    label: str
    hint: str
    required: bool
    conditional: bool
    choices: tuple[str, ...]
    rows: tuple[str, ...]
    scale: tuple[int, ...]
    low: str
    high: str
    fields: tuple[str, ...]
    words: str
    box: str


@dataclass(frozen=True, slots=True)
class Look:
    """A screen of a phone in one language."""

    language: Language
    direction: Direction
    title: str
    paragraphs: tuple[str, ...]
    questions: tuple[QuestionLook, ...]


def whole(definition: Definition) -> tuple[Look, ...]:
    """Return the welcome and the thanks, in both languages."""
    return tuple(
        Look(
            language,
            direction(language),
            definition.title.in_(language),
            tuple(text for text in (definition.intro.in_(language), definition.thanks.in_(language)) if text),
            (),
        )
        for language in LANGUAGES
    )


def section(definition: Definition, found: Section) -> tuple[Look, ...]:
    """Return a section with all its questions, in both languages."""
    return tuple(_screen(definition, found.title, found.questions, language) for language in LANGUAGES)


def question(definition: Definition, found: Question) -> tuple[Look, ...]:
    """Return one question, in both languages."""
    return tuple(_screen(definition, Text(), (found,), language) for language in LANGUAGES)


def _screen(definition: Definition, title: Text, questions: tuple[Question, ...], language: Language) -> Look:
    known = queries.fields_of(policy.current().policy)
    words = _consents(language)
    return Look(
        language,
        direction(language),
        title.in_(language),
        (),
        tuple(_question(each, definition, language, known, words) for each in questions),
    )


def _question(
    found: Question,
    definition: Definition,
    language: Language,
    known: Mapping[str, Mapping[str, str]],
    words: Mapping[tuple[str, str | None], str],
) -> QuestionLook:
    low, high = found.bounds or (0, -1)
    return QuestionLook(
        name=found.name,
        kind=found.kind,
        label=_piped(found.label.in_(language), definition, language),
        hint=_piped(found.hint.in_(language), definition, language) if found.hint else "",
        required=bool(found.required),
        conditional=bool(found.relevant),
        choices=tuple(each.label.in_(language) for each in found.choices),
        rows=tuple(each.label.in_(language) for each in found.rows),
        scale=tuple(range(low, high + 1)),
        low=found.ends.low.in_(language) if found.ends else "",
        high=found.ends.high.in_(language) if found.ends else "",
        fields=tuple(known.get(name, {}).get(language, name) for name in found.fields),
        words=words.get((found.purpose or "", found.channel), ""),
        box=BOXES.get(found.kind, ""),
    )


def _consents(language: Language) -> dict[tuple[str, str | None], str]:
    """Return the policy's words for each consent, as the first place that asks for it words them."""
    found: dict[tuple[str, str | None], str] = {}
    for place in policy.current().policy.jurisdictions:
        for wording in policy.consents(language, place):
            found.setdefault((wording.purpose, wording.channel), wording.text)
    return found


def _piped(text: str, definition: Definition, language: Language) -> str:
    def named(found: re.Match[str]) -> str:
        question = definition.find(found[1])
        return f"[{question.label.in_(language) if question else found[1]}]"

    return PIPED.sub(named, text)
