"""Scores of what was answered on a scale, with how sure they are: 95 % intervals."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.959963984540054
PROMOTERS: Final = 9
PASSIVES: Final = 7
CONTENT: Final = 4
# Of the three answers added before the interval is worked out, as many as chance would give.
_ADDED: Final = (0.75, 1.5, 0.75)


@dataclass(frozen=True, slots=True)
class Score:
    """A score with the ends of its interval: points from -100 to 100 (NPS), a share from 0 to 1, or a mean."""

    value: float
    low: float
    high: float


def nps(counts: Mapping[int, int]) -> Score | None:
    """Return the Net Promoter Score of answers from 0 to 10, or None of nothing.

    The interval is an adjusted Wald interval for the difference of two shares of one multinomial, with three answers
    added, of the kind that B. Rocks compares in "Interval Estimation for the Net Promoter Score" (The American
    Statistician 70, 2016).
    """
    groups = [0, 0, 0]
    for points, count in counts.items():
        groups[2 if points >= PROMOTERS else 1 if points >= PASSIVES else 0] += count
    total = sum(groups)
    if total == 0:
        return None
    value = 100 * (groups[2] - groups[0]) / total
    added = [count + more for count, more in zip(groups, _ADDED, strict=True)]
    size = sum(added)
    against, favour = added[0] / size, added[2] / size
    middle = favour - against
    width = Z95 * math.sqrt(max(0.0, favour + against - middle**2) / size)
    return Score(value, max(-100.0, 100 * (middle - width)), min(100.0, 100 * (middle + width)))


def share(part: int, whole: int) -> Score | None:
    """Return a share with Wilson's score interval (Journal of the American Statistical Association 22, 1927)."""
    if whole <= 0:
        return None
    p, z2 = min(1.0, part / whole), Z95**2
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    width = Z95 * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return Score(p, max(0.0, middle - width), min(1.0, middle + width))


def content(counts: Mapping[int, int]) -> Score | None:
    """Return the share of the two best answers of five (CSAT)."""
    return share(sum(n for points, n in counts.items() if points >= CONTENT), sum(counts.values()))


def mean(counts: Mapping[int, int]) -> Score | None:
    """Return the mean of a scale with a normal interval, or None of fewer than two answers."""
    size = sum(counts.values())
    if size < 2:
        return None
    middle = sum(points * n for points, n in counts.items()) / size
    spread = sum(n * (points - middle) ** 2 for points, n in counts.items()) / (size - 1)
    width = Z95 * math.sqrt(spread / size)
    least, most = min(counts), max(counts)
    return Score(middle, max(least, middle - width), min(most, middle + width))
