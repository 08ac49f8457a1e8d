"""Say a rule as a sentence: conditions about one answer drawn together, groups in brackets, denials at their place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from django.utils import translation
from django.utils.safestring import SafeString

from amana.kernel.text import Language, reader_language
from amana.surveys.builder.wording import phrases
from amana.surveys.builder.wording.claims import Claim, claim
from amana.surveys.builder.wording.runs import Words, filled, html_of, joined
from amana.surveys.builder.wording.things import Scene
from amana.surveys.definition.document import Definition, Question
from amana.surveys.logic import parsing
from amana.surveys.logic.parsing import LogicProblem, Node
from amana.surveys.logic.tokens import cut

Rule: TypeAlias = Literal["relevant", "required", "constraint", "alert", "when"]
Joint: TypeAlias = Literal["and", "or"]
_OTHER: Final[dict[str, Joint]] = {"and": "or", "or": "and"}
_CONDITIONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">=", "and", "or", "regex"})
_ASKING: Final = frozenset({"not", "selected", "contains", "starts-with"})
# Verbs after which several things may be told at once.
_LISTING: Final = frozenset({"equals", "is", "includes"})


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all have to hold, or one."""

    joint: Joint
    parts: tuple["Claim | Group", ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence; `joint` is what it joins within itself, `bare` that it needs no brackets for it."""

    words: Words
    joint: str = ""
    bare: bool = False


def sentence(
    rule: Rule,
    expression: str | None,
    definition: Definition,
    *,
    language: Language,
    this: Question | None = None,
) -> Words:
    """Return what a rule does and when, in one language; nothing where it is empty or cannot be read."""
    try:
        texts = tuple(token.text[1:-1] for token in cut(expression or "") if token.sort == "text")
        tree = parsing.parse(expression or "", names=definition.names)
    except LogicProblem:
        return ()
    return filled(
        phrases.FRAMES[rule].in_(language), c=condition(tree, Scene(language, definition, this, texts))
    )


def spoken(
    rule: Rule, expression: str | None, definition: Definition, *, this: Question | None = None
) -> SafeString:
    """Return what a rule does and when, for a page in the reader's language."""
    return html_of(sentence(rule, expression, definition, language=reader_language(), this=this))


def condition(tree: Node, scene: Scene) -> Words:
    """Return a condition in words, as they stand after "when" and "إذا"."""
    with translation.override(scene.language):
        return _clause(_normal(tree, scene, negated=False), scene).words


def _normal(node: Node, scene: Scene, *, negated: bool) -> Claim | Group:
    """Return a tree with every denial at its condition (De Morgan) and like groups made one."""
    while (turned := _turned(node)) is not None:
        node, negated = turned[0], negated is not turned[1]
    if node[0] not in _OTHER:
        return claim(node, scene, negated=negated)
    joint: Joint = _OTHER[node[0]] if negated else "and" if node[0] == "and" else "or"
    parts: list[Claim | Group] = []
    for each in _members(node):
        made = _normal(each, scene, negated=negated)
        parts.extend(made.parts if isinstance(made, Group) and made.joint == joint else (made,))
    return Group(joint, tuple(parts))


def _turned(node: Node) -> tuple[Node, bool] | None:
    """Return what a denial denies, or what is compared with true or false, and whether it is turned round."""
    if node[0] == "call" and node[1] == "not":
        return node[2], True
    if node[0] not in ("=", "!="):
        return None
    for this, other in ((node[1], node[2]), (node[2], node[1])):
        if other in (["call", "true"], ["call", "false"]) and _is_condition(this):
            return this, (other[1] == "false") is not (node[0] == "!=")
    return None


def _is_condition(node: Node) -> bool:
    """Tell whether a tree is true or false by itself; an answer that stands alone counts by whether it is given."""
    return node[0] in _CONDITIONS or node[0] == "ref" or (node[0] == "call" and node[1] in _ASKING)


def _members(node: Node) -> Iterator[Node]:
    """Return what a chain of one operation joins, in its order."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each[0] == node[0]:
            waiting += [each[2], each[1]]
        else:
            yield each


def _clause(found: Claim | Group, scene: Scene) -> Clause:
    if isinstance(found, Claim):
        return Clause(_said(found, found.told, scene))
    clauses = list(_drawn_together(found, scene))
    if len(clauses) == 1:
        return clauses[0]
    short, long = phrases.CLAUSES[found.joint]
    parts = [
        filled("({c})", c=each.words) if each.joint not in ("", found.joint) and not each.bare else each.words
        for each in clauses
    ]
    between = long if any(each.joint for each in clauses) else short
    return Clause(joined(parts, between.in_(scene.language)), found.joint)


def _drawn_together(group: Group, scene: Scene) -> Iterator[Clause]:
    """Return a group's clauses, with what is told of one thing by one verb after the other told at once."""
    waiting: list[Claim] = []
    for part in group.parts:
        if waiting and not (isinstance(part, Claim) and _together(waiting[0], part, group.joint)):
            yield _listed(waiting, group.joint, scene)
            waiting = []
        if isinstance(part, Claim):
            waiting.append(part)
        else:
            yield _clause(part, scene)
    if waiting:
        yield _listed(waiting, group.joint, scene)


def _together(one: Claim, other: Claim, joint: Joint) -> bool:
    if one.verb not in _LISTING or replace(one, told=()) != replace(other, told=()):
        return False
    if one.negated:
        return joint == "and"
    return joint == "or" or one.verb != "equals"


def _listed(claims: list[Claim], joint: Joint, scene: Scene) -> Clause:
    first = claims[0]
    if len(claims) == 1:
        return Clause(_said(first, first.told, scene))
    last, between = phrases.LISTS["none" if first.negated else joint]
    told = joined(
        [each.told for each in claims], between.in_(scene.language), last.in_(scene.language)
    )  # fmt: skip
    return Clause(_said(first, told, scene, several=True), joint, bare=first.negated)


def _said(found: Claim, told: Words, scene: Scene, *, several: bool = False) -> Words:
    verb = phrases.VERBS[found.verb]
    denied = verb.none_of if several and verb.none_of else verb.not_so
    return scene.say(
        denied if found.negated else verb.so,
        s=found.subject,
        p=told,
        f="ت" if found.feminine else "",
        y="ت" if found.feminine else "ي",
        hy="هي" if found.feminine else "هو",
    )
