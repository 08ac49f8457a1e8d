"""Service levels count working hours where the shops are."""

from datetime import UTC, datetime

import pytest

from amana.desk import levels


@pytest.mark.parametrize(
    ("intent", "country", "received", "due"),
    [
        # Sunday is a day off in the Emirates: four hours from Monday, nine in Dubai.
        ("order", "AE", datetime(2026, 11, 22, 8, 0, tzinfo=UTC), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
        # In Saudi Arabia it is a working day.
        ("order", "SA", datetime(2026, 11, 22, 8, 0, tzinfo=UTC), datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
        # What is left in the evening goes on the next morning.
        ("order", "AE", datetime(2026, 11, 23, 12, 0, tzinfo=UTC), datetime(2026, 11, 24, 7, 0, tzinfo=UTC)),
        # Before opening, the day begins at nine.
        (
            "question",
            "AE",
            datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
            datetime(2026, 11, 24, 14, 0, tzinfo=UTC),
        ),
        # Friday evening in the Emirates goes on on Monday.
        ("order", "AE", datetime(2026, 11, 27, 13, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
    ],
)
def test_r4_an_answer_is_due_after_working_hours(
    intent: str, country: str, received: datetime, due: datetime
) -> None:
    assert levels.due_at(intent, received_at=received, country=country) == due
