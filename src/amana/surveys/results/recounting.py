"""Count a survey anew from the responses that are kept, all as sets: after counts were lost, or answers carried over.

Blocks are made anew as well. Whoever compares figures from before with those from after may see differences smaller
than a block, so this is for whoever runs the deployment and no page or job does it.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from django.db import connection, transaction

from amana.kernel import clock
from amana.policy import queries as policy
from amana.surveys.reading import small
from amana.surveys.results import blocks, counting

_FORGET: Final = (
    "DELETE FROM public.surveys_count WHERE survey = %s",
    "DELETE FROM public.surveys_held WHERE survey = %s",
)
_SAID: Final = """SELECT id, version, coalesce(shop, 0) AS shop, language,
    (answered_at AT TIME ZONE %(zone)s::text)::date AS day, answers,
    mixing %% %(mixed)s::int8 AS mixing
FROM public.surveys_response WHERE survey = %(survey)s AND NOT unfinished"""
_DAYS: Final = """SELECT version, shop, language, day, count(*) FROM ({said}) AS s GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4"""
_PLACED: Final = """unnest(%(versions)s::int8[], %(shops)s::int8[], %(languages)s::text[], %(days)s::date[],
    %(counted)s::date[]) AS p (version, shop, language, day, counted_on)"""
_HOLD: Final = """INSERT INTO public.surveys_held (response, survey, version, shop, language, day, counted_on)
SELECT s.id, %(survey)s, s.version, s.shop, s.language, s.day, p.counted_on
FROM ({said}) AS s JOIN {placed} USING (version, shop, language, day)
WHERE p.counted_on IS DISTINCT FROM s.day"""
_COUNT: Final = """WITH said AS MATERIALIZED (
    SELECT s.version, s.shop, s.language, p.counted_on AS day, s.mixing, s.answers
    FROM ({said}) AS s JOIN {placed} USING (version, shop, language, day) WHERE p.counted_on IS NOT NULL
), parts AS (
    SELECT s.version, s.shop, s.language, s.day, s.mixing, o.question, o.answer
    FROM said AS s CROSS JOIN LATERAL jsonb_each(s.answers) AS a (name, said) CROSS JOIN LATERAL (
        SELECT a.name AS question, '' AS answer
        UNION ALL SELECT a.name, CASE jsonb_typeof(a.said)
            WHEN 'number' THEN trim_scale((a.said #>> '{}')::numeric)::text ELSE a.said #>> '{}' END
            WHERE jsonb_typeof(a.said) NOT IN ('array', 'object')
        UNION ALL SELECT a.name, one FROM jsonb_array_elements_text(
            CASE jsonb_typeof(a.said) WHEN 'array' THEN a.said ELSE '[]' END) AS l (one)
        UNION ALL SELECT a.name || '{row}' || r.row, CASE g.n WHEN 1 THEN '' ELSE r.chosen END
            FROM jsonb_each_text(CASE jsonb_typeof(a.said) WHEN 'object' THEN a.said ELSE '{}' END) AS r (row, chosen)
            CROSS JOIN generate_series(1, 2) AS g (n)
    ) AS o
    UNION ALL SELECT version, shop, language, day, mixing, '', '' FROM said
)
INSERT INTO public.surveys_count
(survey, day, question, version, answer, shop, language, answers, mixing)
SELECT %(survey)s, day, question, version, answer, shop, language, count(*), sum(mixing)
FROM parts GROUP BY day, question, version, answer, shop, language"""
_SUM: Final = """INSERT INTO public.surveys_count
(survey, shop, question, day, version, answer, language, answers, mixing)
SELECT survey, %s::int8, question, day, version, answer, language, sum(answers), sum(mixing)
FROM public.surveys_count WHERE survey = %s GROUP BY survey, question, day, version, answer, language"""


@transaction.atomic
def recount(survey: int) -> None:
    """Count a survey's responses anew."""
    counting.lock([survey])
    with connection.cursor() as cursor:
        for statement in _FORGET:
            cursor.execute(statement, [survey])
    _recount(survey)
    counting.pool([survey])


def _recount(survey: int) -> None:
    given: dict[str, Any] = {
        "survey": survey, "mixed": counting.MIXED,
        "zone": str(clock.zone(policy.current().policy.controller.country)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_whole(_DAYS), given)
        placed = _placed(cursor.fetchall())
        names = ("versions", "shops", "languages", "days", "counted")
        given |= {name: [row[place] for row in placed] for place, name in enumerate(names)}
        cursor.execute(_whole(_HOLD), given)
        cursor.execute(_whole(_COUNT), given)
        cursor.execute(_SUM, [blocks.EVERYWHERE, survey])


def _whole(statement: str) -> str:
    return statement.replace("{said}", _SAID).replace("{placed}", _PLACED).replace("{row}", counting.ROW)


def _placed(rows: Sequence[Sequence[Any]]) -> list[tuple[int, int, str, dt.date, dt.date | None]]:
    """Return for each stratum and day on which day it is counted."""
    least, made = small.least(), []
    for (version, shop, language), group in groupby(rows, key=lambda row: tuple(row[:3])):
        days = [(row[3], row[4]) for row in group]
        made += [(version, shop, language, *one) for one in blocks.placed(days, least)]
    return made
