"""Service levels: by when each kind of mail is to be dealt with, in the shop's own working hours.

A request about one's data has the law's days, which stand in the policy.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from amana.kernel import clock

# Working hours from receipt to the first answer.
HOURS: Final[Mapping[str, int]] = MappingProxyType(
    {"erase": 4, "unsubscribe": 4, "order": 4, "question": 9, "unknown": 9}
)
OPENS, CLOSES = time(9), time(18)
# Saturday and Sunday in the Emirates since 2022; Friday and Saturday elsewhere in the Gulf (Monday is 0).
WEEKEND: Final[Mapping[str, frozenset[int]]] = MappingProxyType({"AE": frozenset({5, 6})})
GULF_WEEKEND: Final = frozenset({4, 5})


def due_at(intent: str, *, received_at: datetime, country: str) -> datetime:
    """Return the moment by which a mail is to be answered: so many working hours after it came.

    Raises LookupError for a country of several time zones.
    """
    zone = clock.zone(country)
    at = received_at.astimezone(zone)
    left = timedelta(hours=HOURS[intent])
    weekend = WEEKEND.get(country.upper(), GULF_WEEKEND)
    while True:
        opens = datetime.combine(at.date(), OPENS, tzinfo=zone)
        closes = datetime.combine(at.date(), CLOSES, tzinfo=zone)
        start = max(at, opens)
        if at.weekday() not in weekend and start < closes:
            if start + left <= closes:
                return (start + left).astimezone(received_at.tzinfo)
            left -= closes - start
        at = datetime.combine(at.date() + timedelta(days=1), OPENS, tzinfo=zone)
