"""Which answers a page is asked about: a period, a shop or all the reader may see, a language, a season."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from amana.kernel import clock
from amana.kernel.text import Language, find_language
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop, StaffSession
from amana.surveys.reading.seasons import SEASONS

DAYS: Final = (30, 90, 365)
USUAL: Final = 90


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `shops` is None for every shop, also for answers that belong to none."""

    first: dt.date
    last: dt.date
    days: int | None
    shop: int | None
    shops: frozenset[int] | None
    language: Language | None
    season: str

    def query(self, **changed: object) -> str:
        """Return the query that asks for the same, but for what is changed."""
        kept: dict[str, object] = {
            "days": self.days or "",
            "from": "" if self.days else self.first.isoformat(),
            "to": "" if self.days else self.last.isoformat(),
            "shop": self.shop or "",
            "language": self.language or "",
            "season": self.season,
        }
        return "?" + urlencode({name: value for name, value in (kept | changed).items() if value})


def asked(given: Mapping[str, str], staff: StaffSession) -> Asked:
    """Read what is asked for; what cannot be read is left at what is usual, and nobody sees another's shop."""
    today = clock.today(policy.current().policy.controller.country)
    days, first, last = _period(given, today)
    shop = int(given["shop"]) if given.get("shop", "").isdigit() else None
    allowed = staff.shops
    if shop is not None and (allowed is None or shop in allowed):
        allowed = frozenset({shop})
    else:
        shop = None
    season = given.get("season", "")
    return Asked(
        first, last, days, shop, allowed, find_language(given.get("language", "")),
        season if season in SEASONS else "",
    )  # fmt: skip


def shops(staff: StaffSession) -> tuple[Shop, ...]:
    """Return the shops this member of staff may choose from."""
    return tuple(one for one in retailer.shops() if staff.shops is None or one.id in staff.shops)


def _period(given: Mapping[str, str], today: dt.date) -> tuple[int | None, dt.date, dt.date]:
    first, last = _day(given.get("from", "")), _day(given.get("to", ""))
    if first and last and first <= last:
        return None, first, last
    days = int(given["days"]) if given.get("days", "") in {str(one) for one in DAYS} else USUAL
    return days, today - dt.timedelta(days=days - 1), today


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
