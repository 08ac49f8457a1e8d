"""Put into words what a rule compares: answers, numbers, dates, and what functions make of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from amana.kernel.dates import long_date
from amana.kernel.text import Bilingual, Language
from amana.surveys.builder import shown
from amana.surveys.builder.wording import phrases
from amana.surveys.builder.wording.runs import Words, filled, joined, said
from amana.surveys.definition.document import Definition, Question
from amana.surveys.logic import values
from amana.surveys.logic.parsing import Node

# Longer sums are clearer as they are written.
_DEEPEST: Final = 3
# Dates are written in the digits of the rule itself, which are western.
_COUNTRY: Final = "AE"


@dataclass(frozen=True, slots=True)
class Scene:
    """Whose words are used: the survey, the question a rule belongs to, and the texts that stand in the rule."""

    language: Language
    definition: Definition
    this: Question | None = None
    texts: tuple[str, ...] = ()

    def say(self, phrase: Bilingual, **parts: Words | str) -> Words:
        """Return a phrase in the reader's language with its gaps filled."""
        return filled(phrase.in_(self.language), **parts)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that has a value. `literal` is what is written in the rule; `question` whose answer it is."""

    words: Words
    feminine: bool = False
    counted: bool = False
    day: bool = False
    literal: str | float | None = None
    question: Question | None = None
    this: bool = False

    @property
    def answer(self) -> bool:
        """Tell whether it is an answer as it was given."""
        return self.this or self.question is not None


def find(node: Node, scene: Scene, depth: int = 0) -> Thing | None:
    """Return a value in words, or None where there are none for it."""
    if node[0] in _LEAVES:
        return _LEAVES[node[0]](node, scene)
    if node[0] == "neg":
        return _number(-node[1][1], scene) if node[1][0] == "num" else None
    if node[0] in phrases.SIGNS:
        return _sum(node, scene, depth)
    return _made(node[1], node[2:], scene) if node[0] == "call" else None


def label(question: Question, scene: Scene) -> Words:
    """Return what a question asks, between quotation marks."""
    return scene.say(phrases.QUOTED, v=said(shown.label_of(question, scene.definition)))


def _number(value: float, scene: Scene) -> Thing:
    return Thing(said(values.as_text(value)), literal=value)


def _text(node: Node, scene: Scene) -> Thing:
    text = str(node[1])
    if values.is_date(text):
        try:
            spoken = long_date(date.fromisoformat(text), country=_COUNTRY, language=scene.language)
        except ValueError:
            return Thing(said(text), day=True, literal=text)
        return Thing(said(spoken), day=True, literal=text)
    return Thing(scene.say(phrases.QUOTED, v=said(text)), literal=text)


def _ref(node: Node, scene: Scene) -> Thing | None:
    found = scene.definition.find(node[1])
    if found is None:
        return None
    words = scene.say(phrases.ANSWER, v=said(shown.label_of(found, scene.definition)))
    return Thing(words, feminine=True, day=found.kind == "date", question=found)


def _this(_: Node, scene: Scene) -> Thing:
    day = scene.this is not None and scene.this.kind == "date"
    return Thing(scene.say(phrases.THIS), feminine=True, day=day, question=scene.this, this=True)


_LEAVES: Final[Mapping[str, Callable[[Node, Scene], Thing | None]]] = {
    "num": lambda node, scene: _number(node[1], scene),
    "text": _text,
    "ref": _ref,
    "this": _this,
}


def _sum(node: Node, scene: Scene, depth: int) -> Thing | None:
    """Return a sum of values with its signs, a sum within it in brackets."""
    if depth >= _DEEPEST:
        return None
    parts = [find(each, scene, depth + 1) for each in node[1:]]
    if any(part is None or part.day for part in parts):
        return None
    terms = [
        filled("({v})", v=part.words) if each[0] in phrases.SIGNS else part.words
        for each, part in zip(node[1:], parts, strict=True)
        if part is not None
    ]
    words = joined(terms, phrases.SIGNS[node[0]])
    return Thing(words if depth else scene.say(phrases.COUNTED, v=words))


def _made(name: str, given: list[Node], scene: Scene) -> Thing | None:
    """Return what a function makes, in words."""
    if name == "today":
        return Thing(scene.say(phrases.TODAY), day=True)
    parts = [find(each, scene) for each in given]
    found = [part for part in parts if part is not None]
    if not found or len(found) < len(parts):
        return None
    if name in ("number", "string"):
        return found[0]
    if name in phrases.OF_SEVERAL:
        return found[0] if len(found) == 1 else _of_several(name, found, scene)
    return _of_one(name, found[0], scene)


def _of_several(name: str, found: list[Thing], scene: Scene) -> Thing:
    last, between = phrases.LISTS["and"]
    listed = joined([each.words for each in found], between.in_(scene.language), last.in_(scene.language))
    return Thing(scene.say(phrases.OF_SEVERAL[name], v=listed))


def _of_one(name: str, found: Thing, scene: Scene) -> Thing | None:
    if name in phrases.MADE:
        words = scene.say(phrases.MADE[name], v=found.words)
        return replace(found, words=words, literal=None, question=None, this=False)
    if name == "string-length":
        return Thing(scene.say(phrases.LETTERS, v=found.words), counted=True)
    if name == "count-selected" and found.question is not None:
        phrase = phrases.ROWS if found.question.kind == "matrix" else phrases.CHOSEN
        return Thing(scene.say(phrase, v=found.words), counted=True)
    return None


def option(found: Thing, wanted: str, scene: Scene) -> Words | None:
    """Return the label of a choice of the question whose answer it is, or None where it has no such choice."""
    choices = found.question.choices if found.question else ()
    each = next((each for each in choices if each.name == wanted), None)
    if each is None:
        return None
    return scene.say(phrases.QUOTED, v=said(shown.said(each.label) or wanted))
