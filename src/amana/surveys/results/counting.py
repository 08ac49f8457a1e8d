"""Count responses by day, question, answer, shop and language, in the transaction that takes them in."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.db import connection

from amana.kernel import clock
from amana.policy import queries as policy
from amana.surveys.logic.values import as_text
from amana.surveys.taken import Answer, Taken

# Counts are kept of whole numbers alike for every page: rounding looks at the rest by five, which this keeps.
MIXED: Final = 1_000_000
ROW: Final = "/"
NOWHERE: Final = 0
# In the order of the key, so that two who count at once never wait for each other in a circle.
_ADD: Final = """INSERT INTO public.surveys_count AS c
(survey, day, question, version, answer, shop, language, answers, mixing)
SELECT survey, day, question, version, answer, shop, language, sum(sign), sum(sign * mixing)
FROM unnest(%s::int8[], %s::date[], %s::text[], %s::int8[], %s::text[], %s::int8[], %s::text[], %s::int8[], %s::int8[])
AS x (survey, day, question, version, answer, shop, language, sign, mixing)
GROUP BY survey, day, question, version, answer, shop, language ORDER BY 1, 2, 3, 4, 5, 6, 7
ON CONFLICT (survey, day, question, version, answer, shop, language)
DO UPDATE SET answers = c.answers + excluded.answers, mixing = c.mixing + excluded.mixing"""
_END: Final = "DELETE FROM public.surveys_count WHERE day < %s"

Line = tuple[int, dt.date, str, int, str, int, str, int, int]


def count(taken: Iterable[Taken]) -> None:
    """Count responses that were just taken in."""
    _add(taken, 1)


def uncount(taken: Iterable[Taken]) -> None:
    """Take responses out of the counts again, as when somebody objects."""
    _add(taken, -1)


def end(before: dt.date) -> int:
    """Delete the counts of days before one, and return how many rows went."""
    with connection.cursor() as cursor:
        cursor.execute(_END, [before])
        return int(cursor.rowcount)


def parts(answers: Iterable[tuple[str, Answer]]) -> Iterator[tuple[str, str]]:
    """Return each question and answer that a response counts for; an empty answer where the question was answered."""
    yield "", ""
    for name, value in answers:
        if isinstance(value, dict):
            yield name, ""
            for row, chosen in value.items():
                yield f"{name}{ROW}{row}", ""
                yield f"{name}{ROW}{row}", chosen
            continue
        yield name, ""
        for one in value if isinstance(value, list) else (as_text(value),):
            yield name, one


def _add(taken: Iterable[Taken], sign: int) -> None:
    lines = list(_lines(taken, sign))
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ADD, _columns(lines))


def _lines(taken: Iterable[Taken], sign: int) -> Iterator[Line]:
    zone = clock.zone(policy.current().policy.controller.country)
    for one in taken:
        day = one.answered_at.astimezone(zone).date()
        shop, mixing = one.shop or NOWHERE, one.mixing % MIXED
        for question, answer in parts(one.answers.items()):
            yield one.survey, day, question, one.version, answer, shop, one.language, sign, mixing


def _columns(lines: Sequence[Line]) -> list[list[object]]:
    return [list(column) for column in zip(*lines, strict=True)]
