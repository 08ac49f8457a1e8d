"""Numbers and dates are shown in steps, and no odd one stands by itself."""

import pytest

from amana.surveys.results import figures, steps
from tests.customers.conftest import world

__all__ = ["world"]

pytestmark = pytest.mark.usefixtures("world")


def found(*given: tuple[str, int]) -> figures.Found:
    """Return answers as they are counted."""
    made = figures.Found()
    for value, count in given:
        made.add(value, count, 5)
        made.add("", count, 5)
    return made


@pytest.mark.parametrize("points", [[1, 2, 3], [0.5, 10.0], [7], [-3, 4, 1_000_000]])
def test_numbers_are_shown_in_steps(points: list[float]) -> None:
    made = steps.of_numbers(found(*((str(value), 12) for value in points)))
    assert len(made) <= 11
    assert sum(step.cell.answers for step in made) == 12 * len(points)


def test_u3_an_odd_number_goes_into_the_last_step() -> None:
    made = steps.of_numbers(found(("10", 40), ("20", 40), ("30", 40), ("98765", 1), ("-7", 2)))
    assert (made[0].low, made[-1].low) == (10, 30)
    assert (made[0].cell.answers, made[-1].cell.answers) == (42, 41)
    assert (made[0].name, made[-1].name) == ("below 12", "30 and more")


def test_quartiles_lie_within_their_steps() -> None:
    # As many answers in each of ten steps of ten: a quarter lies below 25, half below 50 (evenly spread).
    told = steps.quartiles(steps.of_numbers(found(*((str(value), 20) for value in range(0, 100, 10)))))
    assert told == (25, 50, 75)


def test_u3_an_odd_date_goes_with_what_was_earlier() -> None:
    made = steps.of_dates(found(("1931-05-02", 1), ("2026-03-01", 12), ("2026-04-01", 3), ("2026-05-09", 11)))
    assert {name: cell.answers for name, cell in made.items()} == {
        "Earlier": 1, "2026-03": 12, "2026-04": 3, "2026-05": 11, "Later": 0
    }  # fmt: skip


def test_few_dates_are_one_step() -> None:
    made = steps.of_dates(found(("2026-03-01", 6), ("2026-04-01", 6)))
    assert [cell.answers for cell in made.values()] == [12]
