"""Tell the time for display; what must be true about time is decided by the database's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.core import get_global

_fixed_at: ContextVar[datetime | None] = ContextVar("amana_fixed_at", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _fixed_at.get() or datetime.now(UTC)


def today(country: str) -> date:
    """Return today's date where the clocks of `country` (ISO 3166-1 alpha-2) stand. Raises LookupError."""
    return now().astimezone(zone(country)).date()


def zone(country: str) -> ZoneInfo:
    """Return the time zone of a country that has one (ISO 3166-1 alpha-2, by CLDR's table).

    Raises LookupError for a country with several zones or none.
    """
    zones = get_global("territory_zones").get(country.upper(), [])
    if len(zones) != 1:
        raise LookupError(f"country {country!r} has {len(zones)} time zones, not one")
    return ZoneInfo(zones[0])


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold `now()` at `at` inside the block, in this thread or task only.

    Raises ValueError when `at` has no time zone.
    """
    if at.utcoffset() is None:
        raise ValueError("a moment without a time zone")
    token = _fixed_at.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _fixed_at.reset(token)
