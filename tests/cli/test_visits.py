"""The demo's made-up visits: the same every time, and nothing in them that the policy does not declare."""

import datetime as dt
from collections import Counter
from pathlib import Path

from amana.cli import visits
from amana.cli.visits import Site
from amana.collect.event import Event, line, read
from amana.collect.judging import rules
from amana.policy import parsing

SITE = Site(1, "shop.example", 1)
DAY = dt.date(2026, 11, 20)
LATE = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
POLICY = Path(__file__).parents[2] / "examples" / "redtag" / "policy.yaml"


def made(on: dt.date = DAY, until: dt.datetime = LATE) -> list[Event]:
    """Return a day's events."""
    return list(visits.day(on, site=SITE, until=until, age=3))


def test_a_day_is_the_same_every_time_and_unlike_the_next() -> None:
    assert made() == made()
    assert made() != made(DAY + dt.timedelta(days=1))


def test_nothing_happens_after_now() -> None:
    noon = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
    found = made(until=noon)
    assert 0 < len(found) < len(made())
    assert max(event.received for event in found) < noon.timestamp() * 1000


def test_each_event_has_a_key_of_its_own_and_reads_back() -> None:
    found = made()
    assert len({event.key for event in found}) == len(found)
    assert [read(line(event)) for event in found] == found


def test_c2_every_event_and_property_is_declared() -> None:
    declared = rules.compiled(parsing.parse(POLICY.read_text("utf-8")), 1).events
    for event in made():
        assert event.event in declared
        assert set(event.properties or {}) <= set(declared[event.event].checks)


def test_about_a_third_of_the_visits_see_one_page() -> None:
    views = Counter(event.visitor for event in made() if event.event == "Page Viewed")
    assert 0.25 < sum(count == 1 for count in views.values()) / len(views) < 0.45
