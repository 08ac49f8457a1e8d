"""Evaluate a tree over answers, as XPath 1.0 does, and as `static/surveys/logic.js` does to the last bit.

A missing answer is the empty text. Dates compare as dates, everything else by size as numbers; what is no number
compares as false.
"""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from amana.surveys.logic import patterns
from amana.surveys.logic.parsing import Node
from amana.surveys.logic.values import Value, as_number, as_text, as_truth, is_date
from amana.surveys.taken import Answer

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Scene:
    """What an expression may ask after: the answers, the answer it is about, and the day."""

    answers: Answers
    this: Value
    today: str


def evaluate(node: Node, answers: Answers, *, this: Value | None = None, today: date) -> Value:
    """Return the value of a tree; `this` is the answer that a constraint is about, `today` the shop's date."""
    return _value(node, Scene(answers, "" if this is None else this, today.isoformat()))


def holds(node: Node, answers: Answers, *, this: Value | None = None, today: date) -> bool:
    """Tell whether a condition is true."""
    return as_truth(evaluate(node, answers, this=this, today=today))


def _value(node: Node, scene: Scene) -> Value:
    kind = node[0]
    leaf = _LEAVES.get(kind)
    if leaf is not None:
        return leaf(node, scene)
    if kind == "and":
        return as_truth(_value(node[1], scene)) and as_truth(_value(node[2], scene))
    if kind == "or":
        return as_truth(_value(node[1], scene)) or as_truth(_value(node[2], scene))
    if kind == "call":
        return _call(node[1], node[2:], scene)
    if kind == "regex":
        return patterns.matches(node[2], as_text(_value(node[1], scene)))
    return _OPERATORS[kind](*(_value(part, scene) for part in node[1:]))


_LEAVES: Final[Mapping[str, Callable[[Node, Scene], Value]]] = {
    "num": lambda node, _: float(node[1]),
    "text": lambda node, _: str(node[1]),
    "ref": lambda node, scene: scene.answers.get(node[1], ""),
    "this": lambda _, scene: scene.this,
}


def _call(name: str, given: list[Node], scene: Scene) -> Value:
    if name == "if":
        return _value(given[1] if as_truth(_value(given[0], scene)) else given[2], scene)
    if name == "today":
        return scene.today
    return _FUNCTIONS[name](*(_value(part, scene) for part in given))


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return as_truth(left) is as_truth(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        return as_number(left) == as_number(right)
    return as_text(left) == as_text(right)


def _comparing(
    compare: Callable[[float, float], bool], dates: Callable[[str, str], bool]
) -> Callable[[Value, Value], bool]:
    def compared(left: Value, right: Value) -> bool:
        if is_date(left) and is_date(right):
            return dates(as_text(left), as_text(right))
        return compare(as_number(left), as_number(right))

    return compared


def _counting(count: Callable[[float, float], float]) -> Callable[[Value, Value], float]:
    return lambda left, right: count(as_number(left), as_number(right))


def _divided(left: float, right: float) -> float:
    if right == 0:
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def _remainder(left: float, right: float) -> float:
    if math.isinf(left) or right == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


_OPERATORS: Final[Mapping[str, Callable[..., Value]]] = {
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _comparing(operator.lt, operator.lt),
    "<=": _comparing(operator.le, operator.le),
    ">": _comparing(operator.gt, operator.gt),
    ">=": _comparing(operator.ge, operator.ge),
    "+": _counting(operator.add),
    "-": _counting(operator.sub),
    "*": _counting(operator.mul),
    "div": _counting(_divided),
    "mod": _counting(_remainder),
    "neg": lambda value: -as_number(value),
}


def _selected(value: Value, name: Value) -> bool:
    wanted = as_text(name)
    if isinstance(value, list):
        return wanted in value
    if isinstance(value, Mapping):
        return wanted in value.values()
    return wanted != "" and as_text(value) == wanted


def _count(value: Value) -> float:
    if isinstance(value, list | Mapping):
        return float(len(value))
    return 0.0 if as_text(value) == "" else 1.0


def _first(*values: Value) -> Value:
    return next((value for value in values if as_text(value) != "" or isinstance(value, Mapping)), "")


def _rounded(value: Value) -> float:
    number = as_number(value)
    if math.isnan(number) or math.isinf(number):
        return number
    below = math.floor(number)
    return float(below + 1 if number - below >= 0.5 else below)


def _whole(value: Value) -> float:
    number = as_number(value)
    return number if math.isnan(number) or math.isinf(number) else float(math.trunc(number))


def _extreme(choose: Callable[[list[float]], float]) -> Callable[..., float]:
    def chosen(*values: Value) -> float:
        numbers = [as_number(value) for value in values]
        return math.nan if any(math.isnan(number) for number in numbers) else choose(numbers) + 0.0

    return chosen


_FUNCTIONS: Final[Mapping[str, Callable[..., Value]]] = {
    "not": lambda value: not as_truth(value),
    "true": lambda: True,
    "false": lambda: False,
    "selected": _selected,
    "count-selected": _count,
    "coalesce": _first,
    "string-length": lambda value: float(len(as_text(value))),
    "contains": lambda value, part: as_text(part) in as_text(value),
    "starts-with": lambda value, part: as_text(value).startswith(as_text(part)),
    "concat": lambda *values: "".join(as_text(value) for value in values),
    "round": _rounded,
    "int": _whole,
    "number": as_number,
    "string": as_text,
    "min": _extreme(min),
    "max": _extreme(max),
}
