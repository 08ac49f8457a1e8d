"""No figure, and no difference of two, points at anybody: whatever is asked for, at whatever moments."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amana.kernel import clock
from amana.surveys.reading import small
from amana.surveys.reading.asked import Asked
from amana.surveys.results import blocks, counting, figures
from amana.surveys.results.blocks import One, Stratum
from amana.surveys.results.figures import Cell
from tests.surveys.results.conftest import NOON, Answered, over

LEAST = 10
DAYS = 12
HOME = Stratum(1, 1, 1, "ar")


def asked_for(answered: Answered) -> Iterator[Asked]:
    """Return every filter over twelve days: each beginning and end, some shops or all, either language or both."""
    last = NOON.date()
    choices = [None, answered.shops[:1], answered.shops[1:2], answered.shops[:2]]
    for first, days in itertools.product(range(0, DAYS, 3), range(1, DAYS, 4)):
        for shops, language in itertools.product(choices, (None, "ar", "en")):
            begin = last - dt.timedelta(days=first + days)
            shown = over(shops=shops, language=language)  # type: ignore[arg-type]
            yield Asked(begin, last - dt.timedelta(days=first), None, None, shown.shops, shown.language, "")


def members(answered: Answered, asked: Asked) -> frozenset[str]:
    """Return exactly whose answers a page adds up: in these tests everybody gives one that nobody else gives."""
    found = figures.by_answer(answered.version.survey_id, asked).get(("who", answered.version.pk))
    return frozenset(name for name, cell in found.cells.items() if cell.answers) if found else frozenset()


def nearest(sets: set[frozenset[str]]) -> int:
    """Return by how many people two different sets differ at least."""
    return min((len(one ^ other) for one, other in itertools.combinations(sets, 2)), default=LEAST)


@pytest.mark.parametrize("seed", range(5))
def test_u3_any_two_figures_differ_by_ten_people_or_by_none(answered: Answered, seed: int) -> None:
    """A history of answers, late ones, objections and jobs; every filter at every moment against every other."""
    drawn, seen, number = random.Random(seed), set[frozenset[str]](), 0
    asked = list(asked_for(answered))
    taken = []
    for moment in range(14):
        for _ in range(drawn.randint(1, 6)):
            count = drawn.choice((1, 1, 2, 3, 7, 15))
            at = NOON - dt.timedelta(days=drawn.randrange(max(1, DAYS - moment), DAYS + 1))
            made = [{"who": f"p{number + each}"} for each in range(count)]
            number += count
            taken += answered.take(*made, shop=drawn.randrange(2), language=drawn.choice(("ar", "en")), at=at)
        if moment % 4 == 3:
            answered.leave(taken.pop(drawn.randrange(len(taken))))
        with clock.fixed(NOON - dt.timedelta(days=DAYS - moment)):
            counting.pool()
        seen |= {members(answered, one) for one in asked}
    assert len(seen) > 20
    assert nearest(seen) >= LEAST


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(days=st.lists(st.integers(0, 9), max_size=80), least=st.integers(1, 12))
def test_u3_every_block_is_full_and_everybody_is_in_one(days: list[int], least: int) -> None:
    ones = [One(UUID(int=n), NOON.date() + dt.timedelta(days=day), {}, n, HOME) for n, day in enumerate(days)]
    full, rest = blocks.parted(HOME, ones, least)
    counted = [one for block in full for one in block.members]
    assert sorted(counted + rest, key=lambda one: one.id) == ones
    assert all(len(block.members) >= least for block in full)
    assert len(rest) < least
    assert all(block.day == max(one.day for one in block.members) for block in full)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(homes=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["ar", "en"])), max_size=60))
def test_u3_who_is_pooled_is_among_enough(homes: list[tuple[int, str]]) -> None:
    day = NOON.date()
    ones = [One(UUID(int=n), day, {}, n, Stratum(1, 1, *home)) for n, home in enumerate(homes)]
    full = blocks.pooled(ones, LEAST, day)
    counted = [one.id for block in full for one in block.members]
    assert len(counted) == len(set(counted))
    assert all(len(block.members) >= LEAST for block in full)
    assert len(ones) - len(counted) < LEAST
    assert blocks.pooled(ones, LEAST, day - dt.timedelta(days=1)) == []


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
            first = Cell(count, mixing).rounded
            second = Cell(count + joined, mixing + joined * other).rounded
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


@pytest.mark.parametrize("people", [10, 30])
def test_u3_a_block_is_not_read_off_what_it_adds(people: int) -> None:
    """How many of a block gave an answer is told by the figure before and after less often than not."""
    drawn = random.Random(5)
    right = 0
    for _ in range(4_000):
        before, joined = drawn.randint(10, 80), drawn.randint(0, people)
        mixing, more = (
            sum(drawn.randrange(counting.MIXED) for _ in range(size)) for size in (before, joined)
        )
        moved = Cell(before + joined, mixing + more).rounded - Cell(before, mixing).rounded
        right += moved == joined
    assert right / 4_000 < 0.25


def test_u3_rounding_is_even_over_the_keys() -> None:
    """Each rest goes up as often as it should, so that figures are right on average."""
    for rest in range(small.STEP):
        up = sum(Cell(20 + rest, key).rounded == 25 for key in range(20_000))
        assert abs(up / 20_000 - rest / small.STEP) < 0.02
