"""Durations are written and compared as PostgreSQL's intervals."""

from datetime import date

import pytest

from amana.policy.durations import Duration


@pytest.mark.parametrize(
    ("text", "written", "ar", "en"),
    [
        ("P2Y", "P2Y", "سنتان", "2 years"),
        ("P13M", "P1Y1M", "سنة وشهر", "1 year and 1 month"),
        ("P4W", "P28D", "28 يومًا", "28 days"),
        ("P5Y3D", "P5Y3D", "5 سنوات و3 أيام", "5 years and 3 days"),
        ("P100D", "P100D", "100 يوم", "100 days"),
    ],
)
def test_reads_and_writes(text: str, written: str, ar: str, en: str) -> None:
    duration = Duration.parse(text)
    assert (str(duration), duration.words().ar, duration.words().en) == (written, ar, en)


@pytest.mark.parametrize("text", ["", "P", "P0D", "2Y", "PT5H", "P-1D", "P1D2M"])
def test_refuses(text: str) -> None:
    with pytest.raises(ValueError):
        Duration.parse(text)


def test_compares_months_as_thirty_days() -> None:
    assert Duration.parse("P1M") == Duration.parse("P30D") < Duration.parse("P31D") < Duration.parse("P1Y")


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        (date(2024, 1, 31), "P1M", date(2024, 2, 29)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2026, 11, 22), "P11M", date(2027, 10, 22)),
        (date(2026, 12, 31), "P2D", date(2027, 1, 2)),
        (date(2026, 10, 31), "P2M", date(2026, 12, 31)),
    ],
)
def test_counts_from_a_day(start: date, text: str, end: date) -> None:
    assert Duration.parse(text).after(start) == end
