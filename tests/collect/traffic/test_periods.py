"""Periods in the retailer's own days, and what they are compared with."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from amana.collect.traffic.periods import offsets, period
from tests.collect.traffic.lakes import DUBAI

NOW = dt.datetime(2026, 11, 22, 21, 30, tzinfo=dt.UTC)
"""Half past one in the morning of the 23rd in Dubai."""


@pytest.mark.parametrize(
    ("given", "first", "last", "step", "before"),
    [
        ({"period": "today"}, "2026-11-23", "2026-11-23", "hour", ("2026-11-22", "2026-11-22")),
        ({"period": "yesterday"}, "2026-11-22", "2026-11-22", "hour", ("2026-11-21", "2026-11-21")),
        ({"period": "7_days"}, "2026-11-17", "2026-11-23", "day", ("2026-11-10", "2026-11-16")),
        ({}, "2026-10-27", "2026-11-23", "day", ("2026-09-29", "2026-10-26")),
        ({"period": "12_months"}, "2025-12-01", "2026-11-23", "month", ("2024-12-01", "2025-11-23")),
        (
            {"period": "custom", "from": "2026-11-05", "to": "2026-11-01"},
            "2026-11-01", "2026-11-05", "day", ("2026-10-27", "2026-10-31"),
        ),
        ({"period": "custom", "from": "2026-02-30", "to": "?"}, "2026-10-27", "2026-11-23", "day",
         ("2026-09-29", "2026-10-26")),
        ({"period": "custom", "from": "2026-11-20", "to": "2030-01-01"}, "2026-11-20", "2026-11-23", "day",
         ("2026-11-16", "2026-11-19")),
    ],
)  # fmt: skip
def test_periods(given: dict[str, str], first: str, last: str, step: str, before: tuple[str, str]) -> None:
    found = period(given, zone=DUBAI, now=NOW)
    earlier = found.previous()
    assert (found.first.isoformat(), found.last.isoformat(), found.step) == (first, last, step)
    assert (earlier.first.isoformat(), earlier.last.isoformat()) == before


def test_a_day_that_goes_on_is_compared_with_as_much_of_another() -> None:
    found = period({"period": "today"}, zone=DUBAI, now=NOW)
    assert (found.begin, found.until) == (dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC), NOW)
    assert found.previous().until == NOW - dt.timedelta(days=1)


def test_clock_changes_are_found_to_the_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    begin = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    found = offsets(begin, dt.datetime(2026, 12, 1, tzinfo=dt.UTC), berlin)
    changes = [dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC)]
    hour = 3_600_000
    assert found == (
        (round(begin.timestamp() * 1000), hour),
        (round(changes[0].timestamp() * 1000), 2 * hour),
        (round(changes[1].timestamp() * 1000), hour),
    )
