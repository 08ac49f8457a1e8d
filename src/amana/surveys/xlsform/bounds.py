"""What is a bound or an exclusive choice here is a part of the constraint in an XLSForm."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from amana.surveys.definition.document import Question
from amana.surveys.logic import parsing
from amana.surveys.logic.parsing import Node
from amana.surveys.logic.tokens import Token, cut
from amana.surveys.logic.values import written

_COUNT: Final = "count-selected(.)"
_LEAST: Final = ">="
_MOST: Final = "<="
_LARGEST: Final = 10**12


def lifted(
    kind: str, constraint: str, choices: Sequence[Mapping[str, Any]]
) -> tuple[str | None, dict[str, Any]]:
    """Return what remains of a constraint, and the bounds and exclusive choices that stood in it.

    `least` and `most` are numbers, `exclusive` the names of choices.
    """
    found: dict[str, Any] = {"exclusive": []}
    kept = []
    for part in conjuncts(constraint):
        if not _lift(kind, _tree(part), choices, found):
            kept.append(part)
    if len(found) == 1 and not found["exclusive"]:
        return constraint, found
    return (_bare(kept[0]) if len(kept) == 1 else " and ".join(kept) or None), found


def lowered(question: Question, rule: str) -> str:
    """Return a question's rule with its bounds and exclusive choices in it; empty where there is none."""
    size = _COUNT if question.kind == "multiple" else "."
    parts = []
    if question.kind in ("number", "multiple"):
        parts += [f"{size} >= {written(question.least)}"] if question.least is not None else []
        parts += [f"{size} <= {written(question.most)}"] if question.most is not None else []
    if question.kind == "multiple":
        alone = [choice.name for choice in question.choices if choice.exclusive]
        parts += [f"not(selected(., '{name}') and {_COUNT} > 1)" for name in alone]
    if not rule:
        return " and ".join(parts)
    return " and ".join([*parts, f"({rule})"]) if parts else rule


def _tree(text: str) -> Node:
    # Its names were looked up when the whole constraint was read.
    return parsing.parse(text, names={token.text for token in cut(text) if token.sort == "ref"})


def conjuncts(text: str) -> list[str]:
    """Return the parts of an expression that all have to hold, each able to stand beside an `and`."""
    inner = _bare(text)
    marks = list(_top(inner))
    if any(token.text == "or" for token in marks):
        return [f"({inner})"]
    cuts = [token.at for token in marks if token.text == "and"]
    if not cuts:
        return [inner]
    begins = [0, *(at + len("and") for at in cuts)]
    return [
        part
        for begin, end in zip(begins, [*cuts, len(inner)], strict=True)
        for part in conjuncts(inner[begin:end])
    ]


def _bare(text: str) -> str:
    """Return an expression without brackets around all of it."""
    inner = text.strip()
    while inner.startswith("(") and not list(_top(inner)) and _closes(inner) == len(inner) - 1:
        inner = inner[1:-1].strip()
    return inner


def _closes(text: str) -> int:
    """Return where the bracket that opens an expression is closed."""
    depth = 0
    for token in cut(text):
        depth += {"(": 1, ")": -1}.get(token.text if token.sort == "mark" else "", 0)
        if depth == 0:
            return token.at
    return -1


def _top(text: str) -> Iterator[Token]:
    """Return the `and`s and `or`s that stand in no brackets."""
    depth = 0
    for token in cut(text):
        if token.sort == "mark":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        elif token.sort == "name" and depth == 0 and token.text in ("and", "or"):
            yield token


def _lift(kind: str, tree: Node, choices: Sequence[Mapping[str, Any]], found: dict[str, Any]) -> bool:
    counted: Node = ["call", "count-selected", ["this"]]
    if kind == "number" and tree[1:2] == [["this"]]:
        return _bound(tree, found)
    if kind != "multiple":
        return False
    if tree[1:2] == [counted]:
        return _bound(tree, found)
    for choice in choices:
        chosen: Node = ["call", "selected", ["this"], ["text", choice["name"]]]
        if tree == ["call", "not", ["and", chosen, [">", counted, ["num", 1]]]]:
            found["exclusive"].append(choice["name"])
            return True
    return False


def _bound(tree: Node, found: dict[str, Any]) -> bool:
    name = {_LEAST: "least", _MOST: "most"}.get(tree[0])
    number = _number(tree[2]) if name else None
    if name is None or number is None or name in found or abs(number) > _LARGEST:
        return False
    found[name] = number
    return True


def _number(tree: Node) -> float | None:
    if tree[0] == "num":
        return float(tree[1])
    if tree[0] == "neg" and tree[1][0] == "num":
        return -float(tree[1][1])
    return None
