"""The retailer's days: by them visitors are told apart, and their visits are counted."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from amana.kernel import clock
from amana.policy import queries as policy

DAY_MS: Final = 24 * 3600 * 1000


def zone() -> ZoneInfo:
    """Return the retailer's time zone, that of the policy's controller."""
    return clock.zone(policy.current().policy.controller.country)


def today() -> date:
    """Return the retailer's date."""
    return clock.now().astimezone(zone()).date()


def offset(at: datetime, here: ZoneInfo) -> int:
    """Return how many ms a zone's clocks are ahead of UTC at a moment."""
    shift = at.astimezone(here).utcoffset()
    assert shift is not None
    return int(shift.total_seconds() * 1000)
