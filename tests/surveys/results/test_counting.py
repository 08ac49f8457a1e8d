"""What is counted, and what may be seen of it."""

import datetime as dt
import random

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from amana.surveys.builder import queries as builder
from amana.surveys.reading import small
from amana.surveys.reading.shown import Reader
from amana.surveys.results import counting, figures, panels
from amana.surveys.results.figures import Cell
from tests.surveys.results.conftest import NOON, Answered, over

ENGLISH = Reader("en", "AE")


def counted(answered: Answered, question: str) -> dict[str, int]:
    """Return the true counts of a question's answers."""
    found = figures.by_answer(answered.version.survey_id, over())
    return {answer: cell.answers for answer, cell in found[question, answered.version.pk].cells.items()}


def test_every_kind_of_answer_is_counted_once(answered: Answered) -> None:
    answered.take(
        {"overall": 5, "liked": ["staff", "prices"], "found_it": "yes"},
        {"overall": 4, "liked": ["staff"], "service": {"till": "good", "floor": "bad"}},
    )
    found = figures.by_answer(answered.version.survey_id, over())
    version = answered.version.pk
    assert found["", version].whole.answers == 2
    assert counted(answered, "overall") == {"5": 1, "4": 1}
    assert (counted(answered, "liked"), found["liked", version].whole.answers) == (
        {"staff": 2, "prices": 1},
        2,
    )
    assert counted(answered, "service/till") == {"good": 1}


def test_filters_add_up_to_the_whole(answered: Answered) -> None:
    answered.many(200)
    survey = answered.version.survey_id

    def responses(**asked: object) -> int:
        found = figures.by_answer(survey, over(**asked))  # type: ignore[arg-type]
        return sum(one.whole.answers for (question, _), one in found.items() if not question)

    assert responses() == 200
    assert sum(responses(shops=[shop]) for shop in answered.shops) == 200
    assert responses(language="ar") + responses(language="en") == 200
    by_day = figures.by_day(survey, over(), "", "day")
    assert sum(one.whole.answers for one in by_day.values()) == 200


def test_what_is_taken_out_leaves_the_counts_as_they_were(answered: Answered) -> None:
    answered.many(30)
    before = _table()
    more = answered.take({"overall": 1, "liked": ["tidy"]}, {"recommend": 9})
    counting.uncount(more)
    assert [row for row in _table() if row[-2]] == before


def test_segments_count_the_same_responses(answered: Answered) -> None:
    made = answered.many(300)
    found = figures.by_segment(answered.version.survey_id, over(), "recommend", "age", zone=dt.UTC)
    assert {age: one.whole.answers for age, one in found.items()} == {
        age: sum(one.answers["age"] == age for one in made) for age in ("u25", "u35", "u45", "o45")
    }


def test_old_days_end(answered: Answered) -> None:
    answered.take({"overall": 5})
    answered.take({"overall": 5}, at=NOON - dt.timedelta(days=10))
    assert counting.end(NOON.date()) == 3
    assert counted(answered, "overall") == {"5": 1}


def test_u3_nothing_is_shown_of_fewer_than_ten(answered: Answered) -> None:
    answered.take(*({"recommend": 10} for _ in range(9)))
    survey = answered.version.survey_id
    [panel] = panels.panels(builder.versions(survey), figures.by_answer(survey, over()), ENGLISH)
    assert (panel.answered, panel.lines, panel.score, panel.chart) == (None, (), None, None)
    answered.take({"recommend": 0})
    [panel] = panels.panels(builder.versions(survey), figures.by_answer(survey, over()), ENGLISH)
    assert panel.answered == 10
    assert [line.answers for line in panel.lines if line.answers is not None] == []


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(count=st.integers(10, 400), seed=st.integers(0, 2**32))
def test_u3_one_answer_more_or_less_cannot_be_told(count: int, seed: int) -> None:
    """What is shown for one answer more is one of the values that could be shown without it."""
    drawn = random.Random(seed)
    cell = Cell(count, sum(drawn.randrange(counting.MIXED) for _ in range(count)))
    more = Cell(count + 1, cell.mixing + drawn.randrange(counting.MIXED))
    low = count - count % small.STEP
    assert cell.rounded in {low, low + small.STEP}
    assert abs(more.rounded - cell.rounded) <= 2 * small.STEP
    assert more.rounded % small.STEP == cell.rounded % small.STEP == 0


def test_u3_the_difference_of_two_figures_is_noise() -> None:
    """Somebody joins a group nine thousand times over: what the difference shows does not say whether they did."""
    drawn = random.Random(11)
    shown: dict[int, list[int]] = {0: [], 1: []}
    for _ in range(9_000):
        count, mixing = drawn.randint(10, 60), drawn.randrange(counting.MIXED)
        other = drawn.randrange(counting.MIXED)
        for joined in (0, 1):
            first = small.rounded(count, mixing)
            second = small.rounded(count + joined, mixing + joined * other)
            shown[joined].append(second - first)
    # Without a change nothing moves; with one, both directions come up: a move says only that something changed.
    assert set(shown[0]) == {0}
    assert {-5, 0, 5} <= set(shown[1])
    assert abs(sum(shown[1]) / len(shown[1]) - 1) < 0.15


def test_u3_what_is_left_of_a_total_is_not_the_hidden_cell() -> None:
    """A hidden count cannot be had by taking what is shown from a total: each is rounded by itself."""
    drawn = random.Random(3)
    right = 0
    for _ in range(2_000):
        hidden = Cell(drawn.randint(1, 9), drawn.randrange(counting.MIXED))
        shown = [Cell(drawn.randint(10, 90), drawn.randrange(counting.MIXED)) for _ in range(4)]
        whole = Cell(
            hidden.answers + sum(one.answers for one in shown),
            hidden.mixing + sum(one.mixing for one in shown),
        )
        right += whole.rounded - sum(one.rounded for one in shown) == hidden.answers
    assert right / 2_000 < 0.06


@pytest.mark.parametrize("points", [[1, 2, 3], [0.5, 10.0], [7]])
def test_numbers_are_shown_in_steps(points: list[float]) -> None:
    found = figures.Found()
    for value in points:
        found.add(str(value), 12, 5)
        found.add("", 12, 5)
    made = panels.binned(found)
    assert len(made) <= 11
    assert sum(cell.answers for cell in made.values()) == 12 * len(points)


def _table() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.surveys_count ORDER BY 1, 2, 3, 4, 5, 6, 7")
        return list(cursor.fetchall())
