"""What is counted, when, and where."""

import datetime as dt
from collections.abc import Mapping

import pytest
from django.db import OperationalError, connection, transaction

from amana.kernel import clock
from amana.surveys.builder import queries as builder
from amana.surveys.reading.shown import Reader
from amana.surveys.results import blocks, counting, figures, panels, recounting, shown
from amana.surveys.results.blocks import Stratum
from amana.surveys.results.recounting import Mended, Wrong
from amana.surveys.taken import Answer
from tests.database import Connection
from tests.surveys.results.conftest import NOON, Answered, over

Answers = Mapping[str, Answer]
ENGLISH = Reader("en", "AE")


def counted(answered: Answered, question: str) -> dict[str, int]:
    """Return the true counts of a question's answers."""
    found = figures.by_answer(answered.version.survey_id, over())
    return {answer: cell.answers for answer, cell in found[question, answered.version.pk].cells.items()}


def waiting() -> int:
    """Return how many responses wait to be counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.surveys_held WHERE counted_on IS NULL AND NOT left_out")
        [count] = cursor.fetchone()
    return int(count)


def responses(answered: Answered, **asked: object) -> int:
    """Return how many responses a page adds up."""
    found = figures.by_answer(answered.version.survey_id, over(**asked))  # type: ignore[arg-type]
    return shown.total(found).answers


def test_every_kind_of_answer_is_counted_once(answered: Answered) -> None:
    six: Answers = {"overall": 5, "liked": ["staff", "prices"], "found_it": "yes", "age": 41.0}
    four: Answers = {"overall": 4, "liked": ["staff"], "service": {"till": "good", "floor": "bad"}}
    answered.take(*[six] * 6, *[four] * 4)
    found = figures.by_answer(answered.version.survey_id, over())
    version = answered.version.pk
    assert found["", version].whole.answers == 10
    assert counted(answered, "overall") == {"5": 6, "4": 4}
    assert (counted(answered, "liked"), found["liked", version].whole.answers) == (
        {"staff": 10, "prices": 6},
        10,
    )
    assert (counted(answered, "service/till"), counted(answered, "age")) == ({"good": 4}, {"41": 6})


def test_answers_wait_until_they_are_ten(answered: Answered) -> None:
    answered.take(*({"overall": 5} for _ in range(9)))
    assert (responses(answered), waiting()) == (0, 9)
    answered.take({"overall": 5}, language="en")
    assert (responses(answered), waiting()) == (0, 10)
    answered.take({"overall": 4})
    assert (responses(answered), waiting()) == (10, 1)


def test_who_waited_is_counted_on_the_day_of_the_last(answered: Answered) -> None:
    answered.take(*({"overall": 5} for _ in range(4)), at=NOON - dt.timedelta(days=3))
    answered.take(*({"overall": 3} for _ in range(6)))
    by_day = figures.by_day(answered.version.survey_id, over(), "", "day")
    assert {day: one.whole.answers for day, one in by_day.items()} == {NOON.date(): 10}
    answered.take(*({"overall": 5} for _ in range(12)), at=NOON - dt.timedelta(days=5))
    assert responses(answered, days=1) == 10


def test_after_a_week_shops_with_few_answers_are_counted_together(answered: Answered) -> None:
    then = NOON - dt.timedelta(days=8)
    answered.take(*({"overall": 5} for _ in range(6)), at=then)
    answered.take(*({"overall": 5} for _ in range(5)), at=then, language="en")
    answered.take(*({"overall": 5} for _ in range(6)), at=then, shop=1)
    answered.take(*({"overall": 5} for _ in range(7)), at=NOON, shop=2)
    with clock.fixed(NOON):
        counting.pool()
    first, second, third = answered.shops[:3]
    assert (responses(answered), waiting()) == (24, 0)
    assert [responses(answered, shops=[shop]) for shop in (first, second, third)] == [11, 0, 0]
    assert (responses(answered, language="ar"), responses(answered, language="en")) == (0, 0)


def test_filters_add_up_to_the_whole(answered: Answered) -> None:
    answered.many(400)
    assert responses(answered) == 400 - waiting()
    assert sum(responses(answered, shops=[shop]) for shop in answered.shops) == responses(answered)
    assert responses(answered, language="ar") + responses(answered, language="en") == responses(answered)
    by_day = figures.by_day(answered.version.survey_id, over(), "", "day")
    assert sum(one.whole.answers for one in by_day.values()) == responses(answered)


def test_who_waits_is_taken_out_alone(answered: Answered) -> None:
    answered.take(*({"overall": 5} for _ in range(20)))
    before = _table()
    counting.uncount(answered.take({"overall": 1, "liked": ["tidy"]}, {"recommend": 9}))
    assert (_table(), waiting()) == (before, 0)


def test_r5_nine_others_leave_with_whoever_leaves(answered: Answered) -> None:
    [gone, *_] = answered.take({"overall": 1}, *({"overall": 5} for _ in range(39)))
    answered.leave(gone)
    assert counted(answered, "overall") == {"5": 30, "1": 0}
    found = figures.by_segment(
        answered.version.survey_id, over(), "overall", "overall", zone=clock.zone("AE")
    )
    assert found["5"].whole.answers == 30


def test_r5_a_whole_day_leaves_where_few_answered(answered: Answered) -> None:
    [gone, *_] = answered.take(*({"overall": 5} for _ in range(12)))
    answered.take(*({"overall": 4} for _ in range(12)), at=NOON - dt.timedelta(days=1))
    answered.leave(gone)
    assert counted(answered, "overall") == {"5": 0, "4": 12}
    counting.pool()
    assert (counted(answered, "overall"), waiting()) == ({"5": 0, "4": 12}, 0)


def test_segments_count_the_same_responses(answered: Answered) -> None:
    answered.many(600)
    few: Answers = {"recommend": 9, "age": "u25"}
    answered.take(few, few, few, shop=3)
    for asked in (over(), over(days=9), over(shops=answered.shops[:2]), over(days=12, language="en")):
        survey = answered.version.survey_id
        found = figures.by_segment(survey, asked, "recommend", "age", zone=clock.zone("AE"))
        ages = figures.by_answer(survey, asked)["age", answered.version.pk]
        assert {age: one.whole.answers for age, one in found.items()} == {
            age: cell.answers for age, cell in ages.cells.items() if cell.answers
        }


def test_ways_count_the_same_responses(answered: Answered) -> None:
    answered.take(*({"recommend": 9} for _ in range(30)))
    answered.take(*({"recommend": 2} for _ in range(15)), way="qr", language="en")
    answered.take(*({"recommend": 5} for _ in range(4)), way="link", at=NOON - dt.timedelta(days=1))
    survey = answered.version.survey_id
    assert {way: one.whole.answers for way, one in _by_way(survey).items()} == {"tablet": 30, "qr": 15}
    answered.take(*({"recommend": 9} for _ in range(6)), way="web", at=NOON - dt.timedelta(days=1))
    ways = _by_way(survey)
    assert {way: one.whole.answers for way, one in ways.items()} == {
        "tablet": 30,
        "qr": 15,
        "link": 4,
        "web": 6,
    }
    assert (ways["tablet"].cells["9"].answers, ways["link"].whole.shown) == (30, None)


def test_u3_a_way_is_hidden_beside_which_few_came_another(answered: Answered) -> None:
    answered.take(*({"recommend": 9} for _ in range(30)))
    survey = answered.version.survey_id
    assert list(_by_way(survey)) == ["tablet"]
    answered.take(*({"recommend": 2} for _ in range(9)), {"overall": 1}, way="qr", language="en")
    # Ten came by the code, of whom nine answered this: the rest of the whole is those nine.
    assert [(way, one.whole.shown) for way, one in _by_way(survey).items()] == [("qr", None)]


def _by_way(survey: int) -> dict[str, figures.Found]:
    return figures.by_way(survey, over(), "recommend", zone=clock.zone("AE"))


def test_counting_anew_counts_the_same(answered: Answered) -> None:
    answered.many(300)
    odd: Answers = {"service": {"till": "good"}, "age": 2.50, "liked": ["staff"]}
    answered.take(*[odd] * 11)
    before, held = _table(), waiting()
    with clock.fixed(NOON - dt.timedelta(days=19)):
        recounting.recount(answered.version.survey_id)
    assert (_table(), waiting()) == (before, held)


@pytest.mark.parametrize(
    ("planted", "shop", "language"),
    [
        ("UPDATE surveys_count SET answers = answers + 1 WHERE answer = 'yes' AND shop = {second}", 1, "ar"),
        (
            "UPDATE surveys_count SET mixing = mixing - 1 WHERE question = 'liked' AND shop = {second}",
            1,
            "ar",
        ),
        ("DELETE FROM surveys_count WHERE question = '' AND shop = {second}", 1, "ar"),
        ("DELETE FROM surveys_count WHERE question = 'liked' AND shop = -1 AND language = 'ar'", None, "ar"),
        ("UPDATE surveys_count SET answer = 'invented' WHERE answer = 'yes' AND shop = {second}", 1, "ar"),
    ],
)
def test_a_wrong_count_is_found_and_mended(
    answered: Answered, planted: str, shop: int | None, language: str
) -> None:
    said: Answers = {"overall": 5, "found_it": "yes", "liked": ["staff"]}
    for place in (0, 1):
        answered.take(*[said] * 12, shop=place)
    answered.take(*[said] * 12, shop=1, language="en", at=NOON - dt.timedelta(days=1))
    survey, before = answered.version.survey_id, _table()
    assert _mended(survey) == Mended((), anew=False)
    with connection.cursor() as cursor:
        cursor.execute(planted.format(second=answered.shops[1]) + " AND day = %s", [NOON.date()])
        assert cursor.rowcount > 0
    place = blocks.EVERYWHERE if shop is None else answered.shops[shop]
    wrong = Wrong(Stratum(survey, answered.version.pk, place, language), NOON.date())
    assert _mended(survey) == Mended((wrong,), anew=False)
    assert (_table(), _mended(survey)) == (before, Mended((), anew=False))


def test_u3_who_was_left_out_stays_out_and_blocks_stand(answered: Answered) -> None:
    [gone, *_] = answered.take({"overall": 1}, *({"overall": 5} for _ in range(39)))
    answered.take(*({"overall": 4} for _ in range(4)), at=NOON - dt.timedelta(days=3), shop=1)
    answered.take(*({"overall": 3} for _ in range(8)), shop=1)
    # Late, so that blocks made anew by days would be others.
    answered.take(*({"overall": 2} for _ in range(12)), at=NOON - dt.timedelta(days=2), shop=1)
    answered.leave(gone)
    survey, before = answered.version.survey_id, _table()
    assert _mended(survey) == Mended((), anew=False)
    with clock.fixed(NOON):
        recounting.recount(survey)
    assert (counted(answered, "overall"), waiting()) == ({"5": 30, "4": 4, "2": 12}, 8)
    assert _table() != before


def test_u3_answers_that_were_carried_over_are_put_in_blocks(answered: Answered) -> None:
    answered.take(*({"overall": 5} for _ in range(9)))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_held")
    [wrong] = _mended(answered.version.survey_id).wrong
    assert (wrong.day, responses(answered), waiting()) == (NOON.date(), 0, 9)


def test_it_waits_while_somebody_is_counted(answered: Answered, owner_connection: Connection) -> None:
    survey, key = answered.version.survey_id, f"surveys_count:{answered.version.survey_id}"
    with owner_connection.transaction():
        owner_connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                _mended(survey)
    assert _mended(survey) == Mended((), anew=False)


def _mended(survey: int) -> Mended:
    with clock.fixed(NOON):
        return recounting.mend(survey)


def test_old_days_end(answered: Answered) -> None:
    answered.take(*({"overall": 5} for _ in range(10)))
    answered.take(*({"overall": 5} for _ in range(10)), at=NOON - dt.timedelta(days=10))
    assert counting.end(NOON.date()) == 6
    assert counted(answered, "overall") == {"5": 10}


def test_u3_nothing_is_shown_of_fewer_than_ten(answered: Answered) -> None:
    answered.take(*({"recommend": 10} for _ in range(9)), {"age": "u25"})
    survey = answered.version.survey_id
    panel, _age = panels.panels(builder.versions(survey), figures.by_answer(survey, over()), ENGLISH)
    assert (panel.answered, panel.lines, panel.score, panel.chart) == (None, (), None, None)
    answered.take(*({"recommend": points} for points in range(1, 11)))
    panel, _age = panels.panels(builder.versions(survey), figures.by_answer(survey, over()), ENGLISH)
    assert panel.answered in (15, 20)
    assert [line.answers for line in panel.lines if line.answers is not None] == [10]


def _table() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.surveys_count WHERE answers <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7")
        return list(cursor.fetchall())
