"""Ending what the policy keeps only for a time, and making room for the months to come."""

from dataclasses import dataclass

from amana.gate import calls

BATCH = 10_000
MONTHS_AHEAD = 3


@dataclass(frozen=True)
class Ended:
    """What one round did: values and facts deleted, months of uses and look-ups dropped, months prepared."""

    values: int
    dropped: int
    prepared: int


def end() -> Ended:
    """Delete what has outlived its retention, drop months of uses likewise, and prepare the next months."""
    values = 0
    while went := int(calls.plain("SELECT gate.expire(%s)", BATCH)[0][0]):
        values += went
    dropped = 0
    # One month for each transaction: while one goes, nobody is released.
    while calls.plain("SELECT gate.drop_month()")[0][0]:
        dropped += 1
    prepared = calls.plain("SELECT gate.prepare_months(%s)", MONTHS_AHEAD)[0][0]
    return Ended(values, dropped, prepared)
