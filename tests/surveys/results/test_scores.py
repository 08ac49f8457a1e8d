"""Scores and how sure they are, against values worked out elsewhere."""

import pytest

from amana.surveys.results import scores


def close(found: scores.Score | None, value: float, low: float, high: float) -> bool:
    """Tell whether a score is this one, to two places."""
    assert found is not None
    return [round(each, 2) for each in (found.value, found.low, found.high)] == [value, low, high]


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    # 81 of 263: the example of Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    found = scores.share(81, 263)
    assert found is not None
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.3080, 0.2553, 0.3662)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_holds_at_the_ends(part: int, whole: int, low: float, high: float) -> None:
    # The other three examples of the same table.
    found = scores.share(part, whole)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nps_is_promoters_less_detractors() -> None:
    found = scores.nps({10: 50, 9: 10, 8: 10, 7: 10, 6: 10, 0: 10})
    assert found is not None
    assert found.value == 40
    assert found.low < 40 < found.high
    # Without the three answers added, the plain interval is 40 ± 1.96 · √((0.8 − 0.16) / 100) · 100 = 40 ± 15.7.
    assert found.high - found.low == pytest.approx(2 * 15.6, abs=0.5)


def test_an_unanimous_nps_is_not_held_for_certain() -> None:
    found = scores.nps({10: 10})
    assert found is not None
    assert (found.value, found.high) == (100, 100)
    assert found.low < 90


@pytest.mark.parametrize("score", [scores.nps, scores.content, scores.mean])
def test_nothing_has_no_score(score: object) -> None:
    assert score({}) is None  # type: ignore[operator]


def test_the_mean_of_a_scale() -> None:
    assert close(scores.mean({1: 10, 5: 10}), 3.0, 2.1, 3.9)
    assert close(scores.content({5: 30, 4: 30, 1: 40}), 0.6, 0.5, 0.69)
