"""The same figures, reckoned slowly and plainly, one event after the other."""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from amana.collect.traffic.figures import Filters
from tests.collect.traffic.lakes import Happening

EVERYTHING = Filters()
PAUSE = dt.timedelta(minutes=30)


@dataclass
class Visit:
    """A visit: one visitor's events, less than half an hour apart; path and time of the views first told of in it."""

    events: list[Happening] = field(default_factory=list)
    reads: list[tuple[str, int]] = field(default_factory=list)

    @property
    def first(self) -> Happening:
        """Return what began it."""
        return self.events[0]

    @property
    def views(self) -> list[Happening]:
        """Return its page views."""
        return [one for one in self.events if one.event == "Page Viewed"]

    @property
    def referrer(self) -> str:
        """Return whence it came; the site itself is nowhere."""
        return (
            "" if self.first.referrer in (self.first.host, f"www.{self.first.host}") else self.first.referrer
        )


def visits(happenings: Iterable[Happening]) -> list[Visit]:
    """Return the visits, the earliest first."""
    by_visitor: dict[tuple[int, int], list[Happening]] = defaultdict(list)
    for one in sorted(happenings, key=lambda one: one.at):
        if one.visitor:
            by_visitor[one.source, one.visitor].append(one)
    found = [visit for events in by_visitor.values() for visit in _visits_of(events)]
    return sorted(found, key=lambda one: one.first.at)


def _visits_of(events: Sequence[Happening]) -> list[Visit]:
    """Part one visitor's events, in their order, into visits."""
    reports: dict[int, list[Happening]] = defaultdict(list)
    for one in events:
        if one.event == "Time Engaged" and one.view:
            reports[one.view].append(one)
    found: list[Visit] = []
    for before, one in zip([None, *events], events, strict=False):
        if before is None or one.at - before.at >= PAUSE:
            found.append(Visit())
        found[-1].events.append(one)
        if reports[one.view] and reports[one.view][0] is one:
            found[-1].reads.append((one.path, max(report.engaged for report in reports[one.view])))
    return found


def chosen(
    found: Sequence[Visit], begin: dt.datetime, until: dt.datetime, filters: Filters = EVERYTHING
) -> list[Visit]:
    """Return the visits that began in a span and pass the filters."""
    return [
        one
        for one in found
        if begin <= one.first.at < until
        and filters.site in (None, one.first.source)
        and filters.referrer in (None, one.referrer)
        and filters.campaign in (None, one.first.utm_campaign)
        and filters.country in (None, one.first.country)
        and filters.device in (None, one.first.device)
        and (filters.page is None or filters.page in {view.path for view in one.views})
    ]


def visitors_by_day(found: Sequence[Visit], zone: ZoneInfo) -> Counter[dt.date]:
    """Return how many daily visitors there were on each day."""
    seen = {(one.first.at.astimezone(zone).date(), one.first.source, one.first.visitor) for one in found}
    return Counter(day for day, _, _ in seen)


def median(values: Sequence[int]) -> int | None:
    """Return the lower median."""
    return statistics.median_low(values) if values else None
