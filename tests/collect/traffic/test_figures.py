"""Every figure the pages show is the one that slow, plain reckoning gives."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from amana.collect.traffic import figures
from amana.collect.traffic.figures import Filters
from amana.collect.traffic.periods import period
from tests.collect.traffic import lakes, reckoning
from tests.collect.traffic.lakes import DUBAI, Happening

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
# Making a failure smaller takes minutes, since each try makes a lake.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
MINUTE = dt.timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")
# Visitors stay in their place and with their browser: that is what tells them apart within a day.
PLACES = ("AE", "SA", "")
DEVICES = ("phone", "computer")


@st.composite
def happenings(draw: st.DrawFn, begin: dt.datetime, hours: int) -> list[Happening]:
    """Draw events of a few visitors within so many hours; no two of a visitor at the same moment."""
    moments = draw(
        st.lists(
            st.tuples(st.integers(1, 4), st.integers(0, hours * 60 - 1)), max_size=40,
            unique_by=lambda one: (one[0], one[1]),
        )
    )  # fmt: skip
    found = []
    for visitor, minute in moments:
        event = draw(st.sampled_from(["Page Viewed", "Page Viewed", "Time Engaged", "Link Followed"]))
        found.append(
            Happening(
                at=begin + minute * MINUTE,
                visitor=visitor if draw(st.integers(0, 9)) else 0,
                event=event,
                source=1 + visitor % 2,
                path=draw(st.sampled_from(["/", "/a", "/b"])),
                referrer=draw(st.sampled_from(["", "google.com", "shop.example", "www.shop.example"])),
                utm_campaign=draw(st.sampled_from(["", "winter"])),
                country=PLACES[visitor % 3],
                device=DEVICES[visitor % 2],
                # A view's number serves for half a day; none is left open for longer.
                view=draw(st.integers(0, 3)) and 1 + minute // 720 * 4 + draw(st.integers(0, 3)),
                engaged=draw(st.integers(0, 5000)) if event == "Time Engaged" else 0,
            )
        )
    return found


FILTERS = st.builds(
    Filters,
    site=st.sampled_from([None, None, 1, 2]),
    page=st.sampled_from([None, None, "/a"]),
    referrer=st.sampled_from([None, None, "", "google.com"]),
    campaign=st.sampled_from([None, None, "winter"]),
    country=st.sampled_from([None, None, "AE"]),
    device=st.sampled_from([None, None, "phone"]),
)
# The clocks of Berlin went back on 25 October 2026; those of Dubai stand still.
CASES = [
    (DUBAI, dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC), dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)),
    (
        BERLIN,
        dt.datetime(2026, 10, 24, 20, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 26, 12, 0, tzinfo=dt.UTC),
    ),
]


@pytest.mark.parametrize(("zone", "begin", "now"), CASES)
@pytest.mark.parametrize("preset", ["today", "yesterday", "7_days", "12_months"])
@given(st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=PHASES)
def test_figures_are_those_of_plain_reckoning(
    zone: ZoneInfo, begin: dt.datetime, now: dt.datetime, preset: str, data: st.DataObject
) -> None:
    events = data.draw(happenings(begin, 40))
    filters = data.draw(FILTERS)
    span = period({"period": preset}, zone=zone, now=now)
    found = reckoning.visits(events)
    mine = reckoning.chosen(found, span.begin, span.until, filters)
    with lakes.lake() as lake:
        lakes.put(lake, events)
        lakes.count(lake, zone)
        choice = figures.choose(lake, span, filters)
        now_, _, course = figures.totals(choice)
        lines = figures.by(choice, "country")
        pages, brief = figures.pages(choice), figures.pages(choice, brief=True)
    views = [(visit, view) for visit in mine for view in visit.views if filters.page in (None, view.path)]
    reads = [(path, time) for visit in mine for path, time in visit.reads if filters.page in (None, path)]
    times = [time for _, time in reads]
    assert (now_.visits, now_.views) == (len(mine), sum(len(visit.views) for visit in mine))
    middle = reckoning.median(times)
    assert (now_.median, now_.engaged) == (None if middle is None else middle // 100 * 100, sum(times))
    days = max((span.last - max(span.first, _first(events, zone) or span.first)).days + 1, 1)
    assert now_.visitors == sum(reckoning.visitors_by_day(mine, zone).values()) / days
    assert sum(count or 0 for count in course.visits) == len(mine)
    assert Counter({line.name: line.visits for line in lines}) == Counter(one.first.country for one in mine)
    assert [(line.path, line.views) for line in brief] == [(line.path, line.views) for line in pages]
    assert {(line.path, line.views, line.median, line.engaged) for line in pages} == {
        (path, sum(view.path == path for _, view in views), reckoning.median(told), sum(told))
        for path in {view.path for _, view in views}
        for told in [[time for read, time in reads if read == path]]
    }


def _first(events: list[Happening], zone: ZoneInfo) -> dt.date | None:
    return min((one.at.astimezone(zone).date() for one in events), default=None)
