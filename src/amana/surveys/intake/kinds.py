"""Check that each answer is of the kind its question asks for, whatever the client was."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from amana.surveys.intake.refusals import AnswerRefused
from amana.surveys.taken import Answer

Question: TypeAlias = Mapping[str, Any]
Options: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]

MOST_LETTERS: Final = 10_000
MOST_OF_A_FIELD: Final = 400
# What a database, a spreadsheet and a browser all hold exactly.
LARGEST_NUMBER: Final = 1e15
_NO_OPTIONS: Final[Options] = {}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def check(question: Question, answer: Answer, options: Options = _NO_OPTIONS) -> Answer:
    """Return the answer to a question as it is kept; `options` are the form's. Raises AnswerRefused."""
    checked = _CHECKS[question["kind"]](question, answer)
    if question["kind"] == "contact" and isinstance(checked, dict):
        for name, value in checked.items():
            if name in options and value:
                _known(value, frozenset(each["name"] for each in options[name]))
    return checked


def _single(question: Question, answer: Answer) -> Answer:
    return _known(answer, _names(question, "choices"))


def _multiple(question: Question, answer: Answer) -> Answer:
    if not isinstance(answer, list) or len(set(answer)) != len(answer):
        raise AnswerRefused.of("answer_malformed")
    for each in answer:
        _known(each, _names(question, "choices"))
    alone = {choice["name"] for choice in question["choices"] if choice.get("exclusive")}
    if len(answer) > 1 and alone & set(answer):
        raise AnswerRefused.of("answer_broken")
    return answer


def _matrix(question: Question, answer: Answer) -> Answer:
    if not isinstance(answer, dict):
        raise AnswerRefused.of("answer_malformed")
    for row, choice in answer.items():
        _known(row, _names(question, "rows"))
        _known(choice, _names(question, "choices"))
    return answer


def _step(question: Question, answer: Answer) -> Answer:
    number = _number(question, answer)
    if not isinstance(number, int) or not question["least"] <= number <= question["most"]:
        raise AnswerRefused.of("answer_malformed")
    return number


def _number(_: Question, answer: Answer) -> Answer:
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise AnswerRefused.of("answer_malformed")
    if not math.isfinite(answer) or abs(answer) > LARGEST_NUMBER:
        raise AnswerRefused.of("answer_malformed")
    # A browser writes 4.0 as 4: both are one answer, counted as one.
    return int(answer) if answer == int(answer) else answer


def _date(_: Question, answer: Answer) -> Answer:
    if not isinstance(answer, str) or not _DAY.fullmatch(answer):
        raise AnswerRefused.of("answer_malformed")
    try:
        return date.fromisoformat(answer).isoformat()
    except ValueError:
        raise AnswerRefused.of("answer_malformed") from None


def _words(_: Question, answer: Answer) -> Answer:
    return _text(answer, MOST_LETTERS)


def _field(_: Question, answer: Answer) -> Answer:
    return _text(answer, MOST_OF_A_FIELD)


def _photo(_: Question, answer: Answer) -> Answer:
    if not isinstance(answer, str):
        raise AnswerRefused.of("answer_malformed")
    return answer


def _consent(_: Question, answer: Answer) -> Answer:
    if answer is not True:
        raise AnswerRefused.of("answer_malformed")
    return answer


def _contact(question: Question, answer: Answer) -> Answer:
    if not isinstance(answer, dict):
        raise AnswerRefused.of("answer_malformed")
    for name, text in answer.items():
        if name not in question["fields"]:
            raise AnswerRefused.of("answer_not_asked")
        _text(text, MOST_OF_A_FIELD)
    return answer


def _note(_: Question, __: Answer) -> Answer:
    raise AnswerRefused.of("answer_not_asked")


def _text(answer: Answer, most: int) -> str:
    if not isinstance(answer, str) or "\0" in answer:
        raise AnswerRefused.of("answer_malformed")
    if len(answer) > most:
        raise AnswerRefused.of("answer_text_too_long")
    return answer


def _known(answer: Answer, names: frozenset[str]) -> Answer:
    if not isinstance(answer, str) or answer not in names:
        raise AnswerRefused.of("answer_malformed")
    return answer


def _names(question: Question, part: str) -> frozenset[str]:
    return frozenset(each["name"] for each in question[part])


_CHECKS: Final[Mapping[str, Callable[[Question, Answer], Answer]]] = {
    "single": _single, "multiple": _multiple, "matrix": _matrix, "rating": _step, "nps": _step, "csat": _step,
    "smiley": _step, "number": _number, "date": _date, "phone": _field, "email": _field, "short_text": _words,
    "long_text": _words, "photo": _photo, "consent": _consent, "contact": _contact, "note": _note,
}  # fmt: skip
