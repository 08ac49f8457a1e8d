"""Days are counted anew when their events change, and only then."""

import datetime as dt

from amana.collect.traffic import counting
from amana.collect.traffic.statements import Lake
from tests.collect.traffic import lakes
from tests.collect.traffic.lakes import DUBAI, Happening

# Midnight in Dubai is eight in the evening, UTC.
MIDNIGHT = dt.datetime(2026, 11, 20, 20, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
FRIDAY, SATURDAY = dt.date(2026, 11, 20), dt.date(2026, 11, 21)


def visits(lake: Lake) -> list[tuple[dt.date, int, int]]:
    """Return day, views and reading time of each visit, in their order."""
    return lake.execute("SELECT day, views, engaged FROM lake.visits ORDER BY started, visitor").fetchall()


def test_an_empty_lake_has_nothing_to_count() -> None:
    with lakes.lake() as lake:
        assert lakes.count(lake) == []


def test_a_day_is_counted_once_and_again_when_an_event_arrives() -> None:
    with lakes.lake() as lake:
        lakes.put(lake, [Happening(MIDNIGHT + MINUTE), Happening(MIDNIGHT - MINUTE, visitor=2)])
        assert lakes.count(lake) == [SATURDAY, FRIDAY]
        assert lakes.count(lake) == []
        lakes.put(lake, [Happening(MIDNIGHT + 2 * MINUTE, path="/a")])
        assert lakes.count(lake) == [SATURDAY]
        assert visits(lake) == [(FRIDAY, 1, 0), (SATURDAY, 2, 0)]


def test_a_visit_over_midnight_belongs_to_the_day_it_began_and_grows_after_it() -> None:
    with lakes.lake() as lake:
        lakes.put(lake, [Happening(MIDNIGHT - MINUTE), Happening(MIDNIGHT + 5 * MINUTE, visitor=2)])
        assert lakes.count(lake) == [SATURDAY, FRIDAY]
        lakes.put(lake, [Happening(MIDNIGHT + MINUTE, path="/a")])
        assert lakes.count(lake) == [SATURDAY, FRIDAY]
        assert visits(lake) == [(FRIDAY, 2, 0), (SATURDAY, 1, 0)]


def test_a_late_event_may_join_two_visits() -> None:
    with lakes.lake() as lake:
        lakes.put(lake, [Happening(MIDNIGHT), Happening(MIDNIGHT + 40 * MINUTE)])
        lakes.count(lake)
        assert len(visits(lake)) == 2
        lakes.put(lake, [Happening(MIDNIGHT + 20 * MINUTE)])
        lakes.count(lake)
        assert visits(lake) == [(SATURDAY, 3, 0)]


def test_half_an_hour_of_silence_ends_a_visit() -> None:
    with lakes.lake() as lake:
        lakes.put(lake, [Happening(MIDNIGHT), Happening(MIDNIGHT + 30 * MINUTE)])
        lakes.put(lake, [Happening(MIDNIGHT, visitor=2), Happening(MIDNIGHT + 29 * MINUTE, visitor=2)])
        lakes.count(lake)
        assert visits(lake) == [(SATURDAY, 1, 0), (SATURDAY, 2, 0), (SATURDAY, 1, 0)]


def test_two_minutes_read_are_two_minutes_whatever_is_lost_or_repeated() -> None:
    with lakes.lake() as lake:
        told = [(1, 15_000), (3, 45_000), (3, 45_000), (2, 30_000), (8, 120_000)]
        lakes.put(lake, [Happening(MIDNIGHT)])
        lakes.put(
            lake,
            [
                Happening(
                    MIDNIGHT + place * MINUTE / 4,
                    event="Time Engaged",
                    view=7,
                    sequence=place,
                    engaged=so_far,
                )
                for place, so_far in told
            ],
        )
        lakes.count(lake)
        assert visits(lake) == [(SATURDAY, 1, 120_000)]


def test_a_day_whose_events_are_gone_loses_its_figures() -> None:
    with lakes.lake() as lake:
        lakes.put(lake, [Happening(MIDNIGHT - MINUTE), Happening(MIDNIGHT + 300 * MINUTE, visitor=2)])
        lakes.count(lake)
        lake.execute("DELETE FROM lake.events WHERE visitor = 1")
        assert lakes.count(lake) == [FRIDAY]
        assert visits(lake) == [(SATURDAY, 1, 0)]
        assert lakes.count(lake) == []


def test_runs_have_no_gaps_and_are_counted_like_single_days() -> None:
    with lakes.lake() as lake:
        moments = [MIDNIGHT + dt.timedelta(days=day, minutes=day) for day in (0, 1, 2, 5)]
        lakes.put(lake, [Happening(at, visitor=number) for number, at in enumerate(moments, 1)])
        days = counting.stale(lake, DUBAI)
        assert [len(run) for run in counting.runs(lake, days)] == [1, 3]
        lakes.count(lake)
        assert [row[0] for row in visits(lake)] == [SATURDAY + dt.timedelta(days=day) for day in (0, 1, 2, 5)]
