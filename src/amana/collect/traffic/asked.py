"""What a traffic page was asked for, read from its address, and the addresses that lead on from it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from amana.collect.traffic.figures import Filters
from amana.collect.traffic.periods import DEFAULT, Period, period

LONGEST: Final = 500
DEVICES: Final = frozenset({"phone", "tablet", "computer", "other"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A period and what is filtered."""

    period: Period
    filters: Filters

    def query(self, **changes: str | None) -> str:
        """Return the address's query with some of it changed; None leaves a part out."""
        span = self.period
        parts: dict[str, str | None] = {"period": None if span.preset == DEFAULT else span.preset}
        if span.preset == "custom":
            parts |= {"from": span.first.isoformat(), "to": span.last.isoformat()}
        for one in fields(Filters):
            value = getattr(self.filters, one.name)
            parts[one.name] = None if value is None else str(value)
        parts |= changes
        return "?" + urlencode({name: value for name, value in parts.items() if value is not None})


def asked(given: Mapping[str, str], *, zone: ZoneInfo, now: dt.datetime) -> Asked:
    """Read what a page was asked for; whatever cannot be read is left out."""
    site = given.get("site", "")
    country, device = given.get("country"), given.get("device")
    filters = Filters(
        site=int(site) if site.isascii() and site.isdigit() and len(site) < 9 else None,
        page=_text(given.get("page")) or None,
        referrer=_text(given.get("referrer")),
        campaign=_text(given.get("campaign")) or None,
        country=country if country is not None and len(country) in (0, 2) else None,
        device=device if device in DEVICES else None,
    )
    return Asked(period(given, zone=zone, now=now), filters)


def _text(value: str | None) -> str | None:
    return value if value is None or (len(value) <= LONGEST and value.isprintable()) else None
