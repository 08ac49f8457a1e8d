"""What was accepted of what came in, what was dropped, and why: counts, never what was dropped."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.db import connection as database

from amana.collect.queries import PARTIAL
from amana.collect.traffic.periods import Period

# Counted by hour of arrival, UTC.
_COURSE: Final = """
SELECT day + make_interval(hours => hour), reason = '', sum(count)::bigint FROM public.collect_dropped
WHERE day BETWEEN %(begin)s::timestamp::date AND %(until)s::timestamp::date
  AND day + make_interval(hours => hour) >= %(begin)s::timestamp
  AND day + make_interval(hours => hour) < %(until)s::timestamp
  AND property = '' AND reason <> ALL (%(partial)s) AND (%(site)s::integer IS NULL OR source = %(site)s)
GROUP BY 1, 2"""
_KINDS: Final = """
SELECT source, event, property, reason, sum(count)::bigint FROM public.collect_dropped
WHERE day BETWEEN %(begin)s::timestamp::date AND %(until)s::timestamp::date
  AND day + make_interval(hours => hour) >= %(begin)s::timestamp
  AND day + make_interval(hours => hour) < %(until)s::timestamp
  AND (%(site)s::integer IS NULL OR source = %(site)s)
GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4"""


@dataclass(frozen=True, slots=True)
class Kind:
    """How often one thing happened: an event accepted (`reason` is empty), or it or one of its properties dropped."""

    source: int
    event: str
    property: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Intake:
    """A period's counts. `accepted` and `dropped` count events; `trimmed` counts what accepted events lost."""

    accepted: int
    dropped: int
    trimmed: int
    kinds: tuple[Kind, ...]
    buckets: tuple[int, ...]
    accepted_by: tuple[int | None, ...]
    dropped_by: tuple[int | None, ...]

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Return what was dropped by reason, the most frequent first."""
        found: Counter[str] = Counter()
        for kind in self.kinds:
            if kind.reason:
                found[kind.reason] += kind.count
        return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    @property
    def by_source(self) -> tuple[tuple[int, int, int], ...]:
        """Return accepted and dropped events of each source, the most accepted first; 0 is nobody known."""
        accepted: Counter[int] = Counter()
        dropped: Counter[int] = Counter()
        for kind in self.kinds:
            if not (kind.property or kind.reason in PARTIAL):
                (dropped if kind.reason else accepted)[kind.source] += kind.count
        known = sorted({*accepted, *dropped}, key=lambda one: (-accepted[one], -dropped[one], one))
        return tuple((one, accepted[one], dropped[one]) for one in known)


def intake(period: Period, *, site: int | None = None) -> Intake:
    """Count what came in during a period."""
    begin, until = period.begin.replace(tzinfo=None), period.until.replace(tzinfo=None)
    values = {"begin": begin, "until": until, "site": site, "partial": sorted(PARTIAL)}
    with database.cursor() as cursor:
        cursor.execute(_COURSE, values)
        hours = cursor.fetchall()
        cursor.execute(_KINDS, values)
        kinds = tuple(Kind(*row) for row in cursor.fetchall())
    accepted: Counter[int] = Counter()
    dropped: Counter[int] = Counter()
    for hour, taken, count in hours:
        (accepted if taken else dropped)[period.bucket(hour.replace(tzinfo=dt.UTC))] += count
    reached = period.bucket(period.until - dt.timedelta(milliseconds=1))
    return Intake(
        accepted=sum(accepted.values()),
        dropped=sum(dropped.values()),
        trimmed=sum(kind.count for kind in kinds if kind.property or kind.reason in PARTIAL),
        kinds=kinds,
        buckets=period.buckets(),
        accepted_by=tuple(accepted[one] if one <= reached else None for one in period.buckets()),
        dropped_by=tuple(dropped[one] if one <= reached else None for one in period.buckets()),
    )
