"""The retailer's days: by them visitors are told apart, and their visits are counted."""

from datetime import UTC, date, datetime, time, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from amana.kernel import clock
from amana.policy import queries as policy

DAY_MS: Final = 24 * 3600 * 1000


def zone() -> ZoneInfo:
    """Return the retailer's time zone: that of the country of the policy's controller."""
    return zone_of(policy.current().policy.controller.country)


def zone_of(country: str) -> ZoneInfo:
    """Return a country's time zone (ISO 3166-1 alpha-2); UTC where it has not just one."""
    try:
        return clock.zone(country)
    except LookupError:
        # Events are taken in and counted all the same.
        return ZoneInfo("UTC")


def today() -> date:
    """Return the retailer's date."""
    return clock.now().astimezone(zone()).date()


def midnight(day: date, here: tzinfo) -> datetime:
    """Return the moment a day begins, in UTC."""
    return datetime.combine(day, time(), here).astimezone(UTC)


def midnight_ms(day: date, here: tzinfo) -> int:
    """Return the moment a day begins, in ms since 1970."""
    return int(midnight(day, here).timestamp()) * 1000
