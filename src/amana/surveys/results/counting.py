"""Count responses by day, question, answer, shop and language, in the transaction that takes them in.

They enter the counts in blocks (`blocks`); until a block is full they wait. Whoever counts a survey holds its lock
until they commit, so that two workers fill one block and not two halves, and never wait for each other in a circle.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from amana.kernel import clock
from amana.policy import queries as policy
from amana.surveys.logic.values import as_text
from amana.surveys.reading import small
from amana.surveys.results import blocks
from amana.surveys.results.blocks import EVERYWHERE, Block, One, Stratum
from amana.surveys.taken import Answer, Taken

ROW: Final = "/"
# So many digits of a response's random number are added up.
MIXED: Final = 1_000_000
# Whoever waited for so long is counted with another language or other shops.
PATIENCE: Final = dt.timedelta(days=7)
# Where fewer others than this many times the policy's least answered a day, all of them leave with whoever leaves.
CROWD: Final = 2
_LOCK: Final = """SELECT pg_advisory_xact_lock(hashtextextended('surveys_count:' || survey, 0))
FROM (SELECT DISTINCT unnest(%s::int8[]) AS survey ORDER BY 1) AS sorted"""
_STRATA: Final = "(SELECT * FROM unnest(%s::int8[], %s::int8[], %s::int8[], %s::text[]))"
_HELD: Final = """SELECT h.survey, h.version, h.shop, h.language, h.response, h.day, r.answers, r.mixing
FROM public.surveys_held h JOIN public.surveys_response r ON r.id = h.response
WHERE h.counted_on IS NULL AND NOT h.left_out"""
_HELD_IN: Final = _HELD + " AND (h.survey, h.version, h.shop, h.language) IN " + _STRATA
_HELD_OF: Final = _HELD + " AND h.survey = ANY (%s::int8[])"
_LONG: Final = """SELECT DISTINCT survey FROM public.surveys_held
WHERE counted_on IS NULL AND NOT left_out AND day <= %s"""
_HOLD: Final = """INSERT INTO public.surveys_held (survey, version, shop, language, response, day, counted_on)
SELECT * FROM unnest(%s::int8[], %s::int8[], %s::int8[], %s::text[], %s::uuid[], %s::date[], %s::date[])
ON CONFLICT (response) DO UPDATE
SET shop = excluded.shop, language = excluded.language, counted_on = excluded.counted_on"""
_FREE: Final = "DELETE FROM public.surveys_held WHERE response = ANY (%s::uuid[])"
_DROP: Final = _FREE + " RETURNING response, shop, language, counted_on"
# Who was counted in one stratum on one day, in an order that is random and always alike.
_BESIDE: Final = """SELECT r.id, (r.answered_at AT TIME ZONE %(zone)s::text)::date, r.answers, r.mixing
FROM public.surveys_response r LEFT JOIN public.surveys_held h ON h.response = r.id
WHERE r.survey = %(survey)s AND r.version = %(version)s AND NOT r.unfinished AND r.id <> ALL (%(gone)s::uuid[])
    AND CASE WHEN h.response IS NULL THEN coalesce(r.shop, 0) = %(shop)s AND r.language = %(language)s
        AND r.answered_at >= %(from)s AND r.answered_at < %(until)s
    ELSE h.shop = %(shop)s AND h.language = %(language)s AND h.counted_on = %(day)s END
ORDER BY r.mixing"""
_LEAVE_OUT: Final = """INSERT INTO public.surveys_held (survey, version, shop, language, response, day, left_out)
SELECT *, true FROM unnest(%s::int8[], %s::int8[], %s::int8[], %s::text[], %s::uuid[], %s::date[])
ON CONFLICT (response) DO UPDATE SET counted_on = NULL, left_out = true"""
_ADD: Final = """INSERT INTO public.surveys_count AS c
(survey, version, shop, language, day, question, answer, answers, mixing)
SELECT * FROM unnest(%s::int8[], %s::int8[], %s::int8[], %s::text[], %s::date[], %s::text[], %s::text[], %s::int8[],
    %s::int8[])
ON CONFLICT (survey, shop, question, day, version, answer, language)
DO UPDATE SET answers = c.answers + excluded.answers, mixing = c.mixing + excluded.mixing"""
_ENDING: Final = "SELECT DISTINCT survey FROM public.surveys_count WHERE day < %s"
_END: Final = "DELETE FROM public.surveys_count WHERE day < %s"
_END_HELD: Final = "DELETE FROM public.surveys_held WHERE coalesce(counted_on, day) < %s"

Key = tuple[int, int, int, str, dt.date, str, str]


class Tally:
    """What is to be added to the counts, by key."""

    def __init__(self) -> None:
        self._lines: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])

    def add(
        self, stratum: Stratum, day: dt.date, answers: Mapping[str, Answer], mixing: int, sign: int
    ) -> None:
        """Add what one response answered, or take it away."""
        survey, version, shop, language = _columns(stratum)
        key = sign * (mixing % MIXED)
        for question, answer in parts(answers.items()):
            for place in (shop, EVERYWHERE):
                line = self._lines[survey, version, place, language, day, question, answer]
                line[0] += sign
                line[1] += key

    def write(self) -> None:
        """Add all of it to the counts."""
        _write(_ADD, [(*key, *line) for key, line in self._lines.items()])


def count(taken: Iterable[Taken]) -> None:
    """Count responses that were just taken in and written; as long as they are too few they wait for more."""
    fresh: defaultdict[Stratum, list[One]] = defaultdict(list)
    zone = _zone()
    for one in taken:
        home, day = blocks.stratum(one), one.answered_at.astimezone(zone).date()
        fresh[home].append(One(one.id, day, one.answers, one.mixing, home))
    if not fresh:
        return
    lock(home.survey for home in fresh)
    for waited in _held(_HELD_IN, _turned([_columns(home) for home in fresh])):
        fresh[waited.home].append(waited)
    least, full, waiting = small.least(), list[Block](), list[One]()
    for home, ones in fresh.items():
        made, rest = blocks.parted(home, ones, least)
        full += made
        waiting += rest
    _enter(full)
    _write(_HOLD, [(*_columns(one.home), one.id, one.day, None) for one in waiting if not one.held])


def pool(surveys: Sequence[int] | None = None) -> None:
    """Count who waited for a week together with others of their shop, or of several shops."""
    late = _today() - PATIENCE
    with transaction.atomic(), connection.cursor() as cursor:
        if surveys is None:
            cursor.execute(_LONG, [late])
            surveys = [row[0] for row in cursor.fetchall()]
        lock(surveys)
        _enter(blocks.pooled(_held(_HELD_OF, [list(surveys)]), small.least(), late))


def uncount(taken: Iterable[Taken]) -> None:
    """Take responses out of the counts again, as when somebody objects. Call it before they are deleted.

    With each leave others of its stratum and day who stay out of the counts from then on, so that what a figure loses
    is never what one person had answered.
    """
    gone = {one.id: one for one in taken}
    lock(one.survey for one in gone.values())
    zone, cells = _zone(), defaultdict[tuple[Stratum, dt.date], list[Taken]](list)
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [list(gone)])
        held = {row[0]: row[1:] for row in cursor.fetchall()}
    for one in gone.values():
        home, day = blocks.stratum(one), one.answered_at.astimezone(zone).date()
        shop, language, counted_on = held.get(one.id, (home.shop, home.language, day))
        if counted_on is not None:
            cells[Stratum(one.survey, one.version, shop, language), counted_on].append(one)
    tally = Tally()
    for (stratum, day), leaving in cells.items():
        _leave(tally, stratum, day, leaving, gone=list(gone))
    tally.write()


def _leave(
    tally: Tally, stratum: Stratum, day: dt.date, leaving: Sequence[Taken], *, gone: list[UUID]
) -> None:
    least, others = small.least(), _beside(stratum, day, gone)
    if len(others) >= CROWD * least:
        others = others[: max(0, least - len(leaving))]
    for answers, mixing in [(one.answers, one.mixing) for one in leaving] + [
        (one.answers, one.mixing) for one in others
    ]:
        tally.add(stratum, day, answers, mixing, -1)
    _write(_LEAVE_OUT, [(*_columns(stratum), one.id, one.day) for one in others])


def _beside(stratum: Stratum, day: dt.date, gone: list[UUID]) -> list[One]:
    zone = _zone()
    given: dict[str, Any] = {
        "survey": stratum.survey, "version": stratum.version, "shop": stratum.shop, "language": stratum.language,
        "day": day, "from": dt.datetime.combine(day, dt.time(), zone),
        "until": dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone), "gone": gone, "zone": str(zone),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, given)
        return [One(row[0], row[1], _read(row[2]), row[3], stratum) for row in cursor.fetchall()]


def end(before: dt.date) -> int:
    """Delete the counts of days before one, and return how many rows went; who waits for long does so no longer."""
    pool()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ENDING, [before])
        lock(row[0] for row in cursor.fetchall())
        cursor.execute(_END, [before])
        gone = int(cursor.rowcount)
        cursor.execute(_END_HELD, [before])
    return gone


def lock(surveys: Iterable[int]) -> None:
    """Hold surveys' counts until the transaction ends, always in the same order."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(surveys)])


def parts(answers: Iterable[tuple[str, Answer]]) -> Iterator[tuple[str, str]]:
    """Return each question and answer that a response counts for; an empty answer where the question was answered."""
    yield "", ""
    for name, value in answers:
        yield name, ""
        if isinstance(value, dict):
            for row, chosen in value.items():
                yield f"{name}{ROW}{row}", ""
                yield f"{name}{ROW}{row}", chosen
        else:
            for one in value if isinstance(value, list) else (as_text(value),):
                yield name, one


def _enter(full: Sequence[Block]) -> None:
    """Count blocks."""
    tally, held, freed = Tally(), list[tuple[object, ...]](), list[UUID]()
    for block in full:
        for one in block.members:
            tally.add(block.stratum, block.day, one.answers, one.mixing, 1)
            if (block.stratum, block.day) != (one.home, one.day):
                held.append((*_columns(block.stratum), one.id, one.day, block.day))
            elif one.held:
                freed.append(one.id)
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [freed])
    tally.write()
    _write(_HOLD, held)


def _held(statement: str, given: list[list[Any]]) -> Iterator[One]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = cursor.fetchall()
    for *columns, response, day, answers, mixing in rows:
        yield One(response, day, _read(answers), mixing, Stratum(*columns), held=True)


def _read(answers: Any) -> Any:
    """Return JSON as it was meant: the connection leaves its reading to the model's field."""
    return json.loads(answers) if isinstance(answers, str) else answers


def _columns(stratum: Stratum) -> tuple[int, int, int, str]:
    return stratum.survey, stratum.version, stratum.shop, stratum.language


def _write(statement: str, rows: Sequence[Sequence[object]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, _turned(rows))


def _turned(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _today() -> dt.date:
    return clock.today(policy.current().policy.controller.country)


def _zone() -> dt.tzinfo:
    return clock.zone(policy.current().policy.controller.country)
