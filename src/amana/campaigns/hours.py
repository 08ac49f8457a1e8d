"""When promotions may leave, and how often anybody may get one, by the limits of the published policy.

The gate alone knows which law a recipient lives under, so the strictest of the declared ones holds for all:
an offer leaves only while no jurisdiction has quiet hours, each on its own clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from amana.kernel.text import Bilingual
from amana.policy.document import Policy

# Quiet hours of two laws may follow each other; more than this many turns are hours that never open.
_TURNS: Final = 20


@dataclass(frozen=True, slots=True)
class Quiet:
    """Promotions wait until `until`, because of quiet hours in `place`; None where no hour is free of them."""

    place: Bilingual
    until: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class Often:
    """Nobody gets more than `most` promotions in `days` days, by the law of `place`."""

    place: Bilingual
    most: int
    days: int


def quiet(policy: Policy, *, channel: str, at: datetime) -> Quiet | None:
    """Return why and until when promotions by this channel have to wait, or None where they may leave."""
    first = _quiet_at(policy, channel, at)
    found, until = first, at
    for _ in range(_TURNS):
        if found is None:
            return None if first is None else Quiet(first.place, until, first.zone)
        assert found.until is not None
        until = found.until
        found = _quiet_at(policy, channel, until)
    return None if first is None else Quiet(first.place, None, first.zone)


def often(policy: Policy) -> tuple[Often, ...]:
    """Return how often anybody may get a promotion; every one of these holds."""
    found = ((place.name, _value(place.limits, "offers_most")) for place in policy.jurisdictions.values())
    return tuple(Often(name, int(limit["most"]), int(limit["days"])) for name, limit in found if limit)


def _quiet_at(policy: Policy, channel: str, at: datetime) -> Quiet | None:
    for place in policy.jurisdictions.values():
        limit = _value(place.limits, "quiet_hours")
        if limit and channel in limit["channels"]:
            ends = _ends(limit, at)
            if ends is not None:
                return Quiet(place.name, ends, str(limit["zone"]))
    return None


def _ends(limit: Mapping[str, Any], at: datetime) -> datetime | None:
    """Return when the quiet hours that hold at a moment end there; None where none hold."""
    zone = ZoneInfo(str(limit["zone"]))
    local = at.astimezone(zone)
    # Those that began yesterday may last over midnight.
    for day in (local.date() - timedelta(days=1), local.date()):
        begins = datetime.combine(day, _time(limit["from"]), zone)
        ends = datetime.combine(day, _time(limit["until"]), zone)
        if ends <= begins:
            ends = datetime.combine(day + timedelta(days=1), _time(limit["until"]), zone)
        if begins.astimezone(at.tzinfo) <= at < ends.astimezone(at.tzinfo):
            return ends.astimezone(at.tzinfo)
    return None


def _time(text: Any) -> Any:
    return datetime.strptime(str(text), "%H:%M").time()  # noqa: DTZ007  (a time of day, in the zone beside it)


def _value(limits: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    return limits[name].value if name in limits else None
