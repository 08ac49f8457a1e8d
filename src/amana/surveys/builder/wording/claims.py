"""Put one condition into words: what it says of which answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from amana.surveys.builder.wording import code, phrases, things
from amana.surveys.builder.wording.runs import Words
from amana.surveys.builder.wording.runs import code as as_code
from amana.surveys.builder.wording.things import Scene, Thing
from amana.surveys.logic.parsing import Node

TURNED: Final[Mapping[str, str]] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
# Kinds whose answer is a text or a list, so that having one and being true are the same.
_FILLED: Final = frozenset(
    {"single", "multiple", "date", "phone", "email", "short_text", "long_text", "photo"}
)
# Kinds whose answer is no single value.
_MANY: Final = frozenset({"matrix", "contact"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of one thing: by which verb, or that it is not so, and what."""

    verb: str
    subject: Words
    told: Words = ()
    feminine: bool = False
    negated: bool = False


def claim(node: Node, scene: Scene, *, negated: bool) -> Claim:
    """Return a condition in words; what has none is said to hold, as it is written."""
    found = _find(node, scene, negated)
    return found or Claim("holds", as_code(code.written(node, scene.texts)), negated=negated)


def _find(node: Node, scene: Scene, negated: bool) -> Claim | None:
    if node[0] in TURNED:
        return _compared(node, scene, negated)
    if node[0] == "regex":
        found = things.find(node[1], scene)
        pattern = code.find_pattern(node[2], scene.texts)
        return _of("matches", found, as_code(pattern), negated) if found and pattern else None
    if node[0] == "call" and node[1] in ("selected", "contains", "starts-with"):
        return _function(node[1], node[2], node[3], scene, negated)
    found = things.find(node, scene) if node[0] in ("ref", "this") else None
    return _given(found, scene, negated) if found else None


def _of(verb: str, subject: Thing, told: Words, negated: bool) -> Claim:
    return Claim(verb, subject.words, told, subject.feminine, negated)


def _given(found: Thing, scene: Scene, negated: bool) -> Claim | None:
    """Return that there is an answer, where a rule asks for no more."""
    question = found.question
    if question is None:
        return None
    if question.kind == "consent":
        return Claim("given", things.label(question, scene), negated=negated)
    return _answered(found, scene, negated) if question.kind in _FILLED else None


def _answered(found: Thing, scene: Scene, negated: bool) -> Claim:
    if found.this or found.question is None:
        return _of("is", found, scene.say(phrases.EMPTY), not negated)
    return Claim("answered", things.label(found.question, scene), negated=negated)


def _function(name: str, over: Node, wanted: Node, scene: Scene, negated: bool) -> Claim | None:
    found, part = things.find(over, scene), things.find(wanted, scene)
    if found is None or not found.answer or part is None or not isinstance(part.literal, str):
        return None
    if not part.literal.strip():
        return None
    if name == "selected":
        return _selected(found, part, scene, negated)
    return _of("contains" if name == "contains" else "begins", found, part.words, negated)


def _selected(found: Thing, part: Thing, scene: Scene, negated: bool) -> Claim | None:
    kind = found.question.kind if found.question else ""
    verb = {"single": "equals", "multiple": "includes", "matrix": "row"}.get(kind)
    if verb is None or found.question is None:
        return None
    told = things.option(found, str(part.literal), scene) or part.words
    if verb == "row":
        return Claim(verb, things.label(found.question, scene), told, negated=negated)
    return _of(verb, found, told, negated)


def _compared(node: Node, scene: Scene, negated: bool) -> Claim | None:
    sign, left, right = node[0], things.find(node[1], scene), things.find(node[2], scene)
    if left is None or right is None or (left.literal is not None and right.literal is not None):
        return None
    if left.literal is not None:
        sign, left, right, node = TURNED[sign], right, left, [sign, node[2], node[1]]
    if any(each.question and each.question.kind in (*_MANY, "consent") for each in (left, right)):
        return None
    if sign not in ("=", "!=") and right.literal == "":
        return None
    if sign not in ("=", "!="):
        return _of("is", left, _sized(sign, left, right, scene), negated)
    return _equal(node, left, right, scene, negated is not (sign == "!="))


def _sized(sign: str, left: Thing, right: Thing, scene: Scene) -> Words:
    if left.day or right.day:
        return scene.say(phrases.DAYS[sign], v=right.words)
    phrase = phrases.FEWER if left.counted and sign == "<" else phrases.SIZES[sign]
    return scene.say(phrase, v=right.words)


def _equal(node: Node, left: Thing, right: Thing, scene: Scene, negated: bool) -> Claim | None:
    if _is_whole(node[1], node[2]):
        return _of("is", left, scene.say(phrases.WHOLE), negated)
    if right.literal == "":
        return _answered(left, scene, not negated) if left.answer else None
    if right.literal is None:
        same = right.words if right.day and not right.answer else None
        return _of("equals", left, same, negated) if same else _same(left, right, scene, negated)
    told = things.option(left, right.literal, scene) if isinstance(right.literal, str) else None
    return _of("equals", left, told or right.words, negated)


def _same(left: Thing, right: Thing, scene: Scene, negated: bool) -> Claim:
    return _of("is", left, scene.say(phrases.SAME, v=right.words), negated)


def _is_whole(left: Node, right: Node) -> bool:
    """Tell whether an answer is compared with itself without its fraction."""
    return (
        left[0] in ("this", "ref")
        and right[0] == "call"
        and right[1] in ("round", "int")
        and right[2] == left
    )
