"""Add counts up for a page: by question and answer, by day, by shop, by segment. What leaves here is rounded."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from amana.surveys.reading import small
from amana.surveys.reading.asked import Asked
from amana.surveys.results.blocks import EVERYWHERE
from amana.surveys.results.counting import MIXED

_WHERE: Final = """survey = %(survey)s AND shop = ANY (%(places)s::int8[])
    AND day BETWEEN %(first)s AND %(last)s
    AND (%(language)s::text IS NULL OR language = %(language)s)"""
_BY_ANSWER: Final = """SELECT question, version, answer, sum(answers)::int8, sum(mixing)::int8
FROM public.surveys_count WHERE {where} GROUP BY question, version, answer"""
_BY_DAY: Final = """SELECT date_trunc(%(step)s::text, day::timestamp)::date, answer, sum(answers)::int8,
    sum(mixing)::int8
FROM public.surveys_count WHERE {where} AND question = %(question)s GROUP BY 1, 2"""
_BY_SHOP: Final = """SELECT shop::text, answer, sum(answers)::int8, sum(mixing)::int8
FROM public.surveys_count WHERE {where} AND question = %(question)s GROUP BY 1, 2"""
_BY_LANGUAGE: Final = """SELECT language, answer, sum(answers)::int8, sum(mixing)::int8
FROM public.surveys_count WHERE {where} AND question = %(question)s GROUP BY 1, 2"""
# Segments are answers of the same response, or the way it came, which counts do not hold: here the responses
# themselves are counted, those that the counts hold and on the days they hold them.
_ONE_BY_ONE: Final = """SELECT {group}, answers ->> %(question)s::text, count(*),
    sum(mixing %% %(mixed)s::int8)::int8
FROM (
    SELECT answers, mixing, way FROM public.surveys_response AS r
    WHERE survey = %(survey)s AND (%(shops)s::int8[] IS NULL OR shop = ANY (%(shops)s))
        AND (%(language)s::text IS NULL OR language = %(language)s)
        AND answered_at >= %(from)s AND answered_at < %(until)s AND NOT unfinished
        AND NOT EXISTS (SELECT FROM public.surveys_held AS h WHERE h.response = r.id)
    UNION ALL
    SELECT r.answers, r.mixing, r.way
    FROM public.surveys_held AS h JOIN public.surveys_response AS r ON r.id = h.response
    WHERE h.survey = %(survey)s AND h.counted_on BETWEEN %(first)s AND %(last)s
        AND (%(shops)s::int8[] IS NULL OR h.shop = ANY (%(shops)s))
        AND (%(language)s::text IS NULL OR h.language = %(language)s)
) AS counted
WHERE {group} IS NOT NULL AND answers ? %(question)s::text
GROUP BY 1, 2"""
_BY_SEGMENT: Final = _ONE_BY_ONE.replace("{group}", "answers ->> %(segment)s::text")
_BY_WAY: Final = _ONE_BY_ONE.replace("{group}", "way")
_WORD: Final = (1 << 64) - 1


def scrambled(key: int) -> int:
    """Return a key whose digits tell nothing of the sum it was (the finaliser of SplitMix64: Steele, Lea, Flood, 2014).

    Without it the keys of two groups and of both together would be a sum as well.
    """
    key = ((key ^ (key >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    key = ((key ^ (key >> 27)) * 0x94D049BB133111EB) & _WORD
    return key ^ (key >> 31)


@dataclass(slots=True)
class Cell:
    """A true count and what settles its rounding. It never leaves this room's pages but through `shown`."""

    answers: int = 0
    mixing: int = 0

    def add(self, answers: int, mixing: int) -> None:
        """Count more."""
        self.answers += answers
        self.mixing += mixing

    @property
    def enough(self) -> bool:
        """Tell whether there are as many as the policy asks for."""
        return self.answers >= small.least()

    @property
    def rounded(self) -> int:
        """Return the count as it may be worked with: to a multiple of five."""
        return small.rounded(self.answers, scrambled(self.mixing))

    @property
    def shown(self) -> int | None:
        """Return the count as it may be shown: rounded, and None of too few."""
        return self.rounded if self.enough else None


@dataclass(frozen=True, slots=True)
class Found:
    """One question's answers by name; `whole` counts who answered it."""

    whole: Cell = field(default_factory=Cell)
    cells: dict[str, Cell] = field(default_factory=dict)

    def add(self, answer: str, answers: int, mixing: int) -> None:
        """Count one answer's row."""
        (self.cells.setdefault(answer, Cell()) if answer else self.whole).add(answers, mixing)

    def scale(self, *ends: int) -> dict[int, int]:
        """Return rounded counts by the points of a scale, empty where too few answered at all.

        With `ends` points are joined before they are rounded: each end is the most points of its group.
        """
        if not self.whole.enough:
            return {}
        joined: dict[int, Cell] = {}
        for points, cell in self.cells.items():
            reached = int(float(points))
            group = next((end for end in ends if reached <= end), reached)
            joined.setdefault(group, Cell()).add(cell.answers, cell.mixing)
        return {points: cell.rounded for points, cell in joined.items()}


Answers = Mapping[tuple[str, int], Found]


def by_answer(survey: int, asked: Asked) -> Answers:
    """Return what was answered to each question of each version; question "" counts whole responses."""
    found: dict[tuple[str, int], Found] = {}
    for question, version, answer, answers, mixing in _rows(_BY_ANSWER, survey, asked):
        found.setdefault((question, version), Found()).add(answer, answers, mixing)
    return found


def by_day(survey: int, asked: Asked, question: str, step: str) -> dict[dt.date, Found]:
    """Return what was answered to a question day by day, week by week or month by month."""
    return _grouped(_rows(_BY_DAY, survey, asked, question=question, step=step))


def by_shop(survey: int, asked: Asked, question: str) -> dict[str, Found]:
    """Return what was answered to a question in each shop that is asked for, by the shop's number."""
    return _grouped(_rows(_BY_SHOP, survey, asked, question=question))


def by_language(survey: int, asked: Asked, question: str) -> dict[str, Found]:
    """Return what was answered to a question in each language."""
    return _grouped(_rows(_BY_LANGUAGE, survey, asked, question=question))


def by_segment(
    survey: int, asked: Asked, question: str, segment: str, *, zone: dt.tzinfo
) -> dict[str, Found]:
    """Return what was answered to a question by those who chose each answer of another."""
    return _one_by_one(_BY_SEGMENT, survey, asked, question, zone, segment=segment)


def by_way(survey: int, asked: Asked, question: str, *, zone: dt.tzinfo) -> dict[str, Found]:
    """Return what was answered to a question by those who came each way.

    A way beside which too few came any other is left out: what is missing from the whole would be those few.
    """
    found = _one_by_one(_BY_WAY, survey, asked, question, zone)
    whole = sum(one.whole.answers for one in found.values())
    beside = {way: whole - one.whole.answers for way, one in found.items()}
    return {way: one for way, one in found.items() if not 0 < beside[way] < small.least()}


def _one_by_one(
    statement: str, survey: int, asked: Asked, question: str, zone: dt.tzinfo, **more: str
) -> dict[str, Found]:
    days = {
        "from": dt.datetime.combine(asked.first, dt.time(), zone),
        "until": dt.datetime.combine(asked.last + dt.timedelta(days=1), dt.time(), zone),
    }
    found: dict[str, Found] = {}
    rows = _rows(statement, survey, asked, question=question, mixed=MIXED, **days, **more)
    for chosen, answer, answers, mixing in rows:
        one = found.setdefault(chosen, Found())
        one.add(answer, answers, mixing)
        one.whole.add(answers, mixing)
    return found


def _grouped(rows: list[Any]) -> dict[Any, Found]:
    found: dict[Any, Found] = {}
    for group, answer, answers, mixing in rows:
        found.setdefault(group, Found()).add(answer, answers, mixing)
    return found


def _rows(statement: str, survey: int, asked: Asked, **more: object) -> list[Any]:
    given: dict[str, Any] = {
        "survey": survey, "first": asked.first, "last": asked.last, "language": asked.language,
        "shops": None if asked.shops is None else sorted(asked.shops),
        "places": [EVERYWHERE] if asked.shops is None else sorted(asked.shops),
        **more,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{where}", _WHERE), given)
        return list(cursor.fetchall())
