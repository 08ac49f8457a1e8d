"""Count a survey anew from the responses that are kept, all as sets: `mend` within the blocks that stand, or all of it.

`recount` makes the blocks anew as well: after counts were lost, or answers carried over. Whoever compares figures from
before with those from after may see differences smaller than a block, so `mend` does it only where it finds a block of
too few. Both are for whoever runs the deployment, and no page or job does them. Who answers meanwhile waits for a
survey's lock, and is counted after it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.db import connection, transaction

from amana.kernel import clock
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.surveys.reading import small
from amana.surveys.results import blocks, counting
from amana.surveys.results.blocks import Stratum

_FORGET: Final = (
    "DELETE FROM public.surveys_count WHERE survey = %(survey)s AND day >= %(since)s",
    "DELETE FROM public.surveys_held WHERE survey = %(survey)s AND NOT left_out",
)
# Who was left out, so that somebody else who left is one of many, stays out.
_SAID: Final = """SELECT id, version, coalesce(shop, 0) AS shop, language,
    (answered_at AT TIME ZONE %(zone)s::text)::date AS day
FROM public.surveys_response WHERE survey = %(survey)s AND NOT unfinished
    AND NOT EXISTS (SELECT FROM public.surveys_held AS h WHERE h.response = surveys_response.id)"""
_DAYS: Final = """SELECT version, shop, language, day, count(*) FROM ({said}) AS s GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4"""
_PLACED: Final = """unnest(%(versions)s::int8[], %(shops)s::int8[], %(languages)s::text[], %(days)s::date[],
    %(counted)s::date[]) AS p (version, shop, language, day, counted_on)"""
_HOLD: Final = """INSERT INTO public.surveys_held (response, survey, version, shop, language, day, counted_on)
SELECT s.id, %(survey)s, s.version, s.shop, s.language, s.day, p.counted_on
FROM ({said}) AS s JOIN {placed} USING (version, shop, language, day)
WHERE p.counted_on IS DISTINCT FROM s.day"""
# Whoever is counted, where and when they are.
_PLACES: Final = """SELECT r.version, coalesce(h.shop, r.shop, 0) AS shop, coalesce(h.language, r.language) AS language,
    coalesce(h.counted_on, (r.answered_at AT TIME ZONE %(zone)s::text)::date) AS day,
    r.mixing %% %(mixed)s::int8 AS mixing, r.answers
FROM public.surveys_response r LEFT JOIN public.surveys_held h ON h.response = r.id
WHERE r.survey = %(survey)s AND NOT r.unfinished
    AND (h.response IS NULL OR (h.counted_on IS NOT NULL AND NOT h.left_out))"""
_COUNTED: Final = """said AS MATERIALIZED (SELECT * FROM ({places}) AS placed WHERE day >= %(since)s), parts AS (
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
), counted AS (
    SELECT day, question, version, answer, shop, language, count(*) AS answers, sum(mixing) AS mixing
    FROM parts GROUP BY day, question, version, answer, shop, language
), whole AS (
    SELECT day, question, version, answer, shop, language, answers, mixing FROM counted
    UNION ALL SELECT day, question, version, answer, %(everywhere)s::int8, language, sum(answers), sum(mixing)
    FROM counted GROUP BY day, question, version, answer, language
)"""
_COUNT: Final = """WITH {counted} INSERT INTO public.surveys_count
(survey, day, question, version, answer, shop, language, answers, mixing)
SELECT %(survey)s, day, question, version, answer, shop, language, answers, mixing FROM whole"""
_WRONG: Final = """WITH {counted}, kept AS (
    SELECT * FROM public.surveys_count WHERE survey = %(survey)s AND day >= %(since)s)
SELECT version, shop, language, day FROM whole AS w FULL JOIN kept AS k
    USING (shop, question, day, version, answer, language)
WHERE coalesce(w.answers, 0) <> coalesce(k.answers, 0) OR coalesce(w.mixing, 0) <> coalesce(k.mixing, 0)
GROUP BY version, shop, language, day ORDER BY version, day, shop, language"""
_SMALL: Final = """SELECT 1 FROM ({places}) AS placed WHERE day >= %(since)s
GROUP BY version, shop, language, day HAVING count(*) < %(least)s LIMIT 1"""
_ANSWERED: Final = (
    """SELECT survey, count(*) FROM public.surveys_response WHERE NOT unfinished GROUP BY survey"""
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Counts that were not those of the answers: of one block, or of all shops together."""

    stratum: Stratum
    day: dt.date


@dataclass(frozen=True, slots=True)
class Mended:
    """Which counts were wrong and are right now; `anew` where all blocks were made anew, because one was too small."""

    wrong: tuple[Wrong, ...]
    anew: bool


def answered() -> dict[int, int]:
    """Return how many responses each survey has that are, or will be, counted."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED)
        return dict(cursor.fetchall())


@transaction.atomic
def mend(survey: int) -> Mended:
    """Count anew who is counted, each in their block, and put right what differs; it is recorded where anything did.

    The oldest days are left as they are: their answers are deleted one by one as their time is over.
    """
    counting.lock([survey])
    given = _given(survey)
    given["since"] = _whole_since()
    with connection.cursor() as cursor:
        cursor.execute(_filled(_WRONG), given)
        wrong = _wrong(survey, cursor.fetchall())
        cursor.execute(_filled(_SMALL), given)
        small_ones = cursor.fetchone() is not None
        if wrong and not small_ones:
            cursor.execute(_FORGET[0], given)
            cursor.execute(_filled(_COUNT), given)
    if small_ones:
        recount(survey)
    if wrong or small_ones:
        payload = {"survey": survey, "blocks": len(wrong), "anew": small_ones}
        ledger.note(event="surveys.recounted", payload=payload)
    return Mended(wrong, small_ones)


@transaction.atomic
def recount(survey: int) -> None:
    """Count a survey's responses anew, in blocks made anew."""
    counting.lock([survey])
    given = _given(survey)
    with connection.cursor() as cursor:
        for statement in _FORGET:
            cursor.execute(statement, given)
        cursor.execute(_filled(_DAYS), given)
        placed = _placed(cursor.fetchall())
        names = ("versions", "shops", "languages", "days", "counted")
        given |= {name: [row[place] for row in placed] for place, name in enumerate(names)}
        cursor.execute(_filled(_HOLD), given)
        cursor.execute(_filled(_COUNT), given)
    counting.pool([survey])


def _given(survey: int) -> dict[str, Any]:
    return {
        "survey": survey, "mixed": counting.MIXED, "everywhere": blocks.EVERYWHERE, "least": small.least(),
        "since": dt.date.min, "zone": str(clock.zone(policy.current().policy.controller.country)),
    }  # fmt: skip


def _whole_since() -> dt.date:
    """Return the first day of whose blocks no answer is deleted yet, where nobody waited for long."""
    now = clock.now()
    length = policy.current().policy.surveys.retention.after(now) - now
    return (now - length).date() + 2 * counting.PATIENCE


def _filled(statement: str) -> str:
    for name, words in (
        ("{counted}", _COUNTED), ("{places}", _PLACES), ("{said}", _SAID), ("{placed}", _PLACED),
        ("{row}", counting.ROW),
    ):  # fmt: skip
        statement = statement.replace(name, words)
    return statement


def _wrong(survey: int, rows: Sequence[Sequence[Any]]) -> tuple[Wrong, ...]:
    """Return what was wrong; a sum of all shops only where none of its shops was."""
    parts = {(version, language, day) for version, shop, language, day in rows if shop != blocks.EVERYWHERE}
    return tuple(
        Wrong(Stratum(survey, version, shop, language), day)
        for version, shop, language, day in rows
        if shop != blocks.EVERYWHERE or (version, language, day) not in parts
    )


def _placed(rows: Sequence[Sequence[Any]]) -> list[tuple[int, int, str, dt.date, dt.date | None]]:
    """Return for each stratum and day on which day it is counted."""
    least, made = small.least(), []
    for (version, shop, language), group in groupby(rows, key=lambda row: tuple(row[:3])):
        days = [(row[3], row[4]) for row in group]
        made += [(version, shop, language, *one) for one in blocks.placed(days, least)]
    return made
