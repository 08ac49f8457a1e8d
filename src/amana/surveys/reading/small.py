"""No count here points at anybody: few are not counted out, and counts are rounded so that differences tell nothing."""

from typing import Final

from amana.policy import queries as policy

STEP: Final = 5


def least() -> int:
    """Return how many answers a figure needs, by the policy."""
    return policy.current().policy.surveys.small_groups


def rounded(count: int, key: int) -> int:
    """Round to a multiple of five, up or down by the answers' own random numbers: the same answers always alike.

    Right on average: 12 becomes 10 in three cases of five and 15 in two.
    """
    rest = count % STEP
    return count - rest + (STEP if key % STEP < rest else 0)
