"""Offer earlier answers as ready-made conditions, so that nobody has to know how an expression is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amana.surveys.builder import shown
from amana.surveys.definition.document import Definition, Question


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its expression, and how it reads after the question it asks after."""

    expression: str
    label: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions one earlier question offers."""

    question: str
    label: str
    offered: tuple[Condition, ...]


def conditions(earlier: Sequence[Question], definition: Definition) -> tuple[Conditions, ...]:
    """Return what may be asked of each earlier question, in order."""
    return tuple(
        Conditions(question.name, shown.label_of(question, definition), tuple(_offered(question)))
        for question in earlier
    )


def joined(expression: str, condition: str, *, denied: bool, either: bool) -> str:
    """Return an expression with one more condition, joined by `and`, or by `or`."""
    added = _denied(condition) if denied else condition
    if not expression.strip():
        return added
    # `and` binds more tightly than `or` (XPath 1.0, section 3.4).
    kept = f"({expression.strip()})" if not either and " or " in expression else expression.strip()
    return f"{kept} {'or' if either else 'and'} {added}"


def _denied(condition: str) -> str:
    for sign, other in ((" != ", " = "), (" = ", " != "), (" <= ", " > "), (" >= ", " < ")):
        if sign in condition:
            return condition.replace(sign, other, 1)
    return f"not({condition})"


def _offered(question: Question) -> Iterator[Condition]:
    name = f"${{{question.name}}}"
    yield from _chosen(question, name)
    if question.bounds:
        low, high = question.bounds
        for step in range(low, high):
            yield Condition(f"{name} <= {step}", _("at most %(number)s") % {"number": step})
        for step in range(low + 1, high + 1):
            yield Condition(f"{name} >= {step}", _("at least %(number)s") % {"number": step})
    if question.kind == "consent":
        yield Condition(f"{name} = true()", _("given"))
    elif question.kind not in ("matrix", "contact"):
        yield Condition(f"{name} != ''", _("answered"))


def _chosen(question: Question, name: str) -> Iterator[Condition]:
    for choice in question.choices if question.kind in ("single", "multiple") else ():
        label = shown.said(choice.label) or choice.name
        if question.kind == "single":
            yield Condition(f"{name} = '{choice.name}'", label)
        else:
            yield Condition(f"selected({name}, '{choice.name}')", _("includes: %(label)s") % {"label": label})
