"""Visits nobody made, for the demo's traffic pages: the same ones every time for a day, by a fixed seed."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, Final, TypeVar

from amana.collect.event import Call, Device, Event
from amana.kernel.text import Language
from amana.web.shop import goods

SEED: Final = 20261122
A_DAY: Final = 190
# Monday first. Shops of the Gulf are busiest before and on the weekend.
WEEKDAYS: Final = (0.88, 0.86, 0.9, 1.08, 1.3, 1.22, 1.0)
# Hour by hour on the shopper's clock: quiet before noon, busiest after the evening prayer.
HOURS: Final = (5, 3, 2, 1, 1, 1, 2, 3, 5, 6, 7, 8, 8, 8, 7, 7, 8, 9, 11, 13, 15, 16, 14, 9)
CLOCK: Final = dt.timedelta(hours=4)
PLACES: Final = {"AE": 46, "SA": 31, "KW": 6, "QA": 5, "OM": 4, "BH": 3, "EG": 2, "IN": 2, "": 1}
MACHINES: Final[dict[tuple[Device, str, str], int]] = {
    ("phone", "Mobile Safari", "iOS"): 41, ("phone", "Chrome Mobile", "Android"): 33,
    ("phone", "Samsung Internet", "Android"): 7, ("computer", "Chrome", "Windows"): 9,
    ("computer", "Edge", "Windows"): 3, ("computer", "Safari", "Mac OS X"): 4, ("tablet", "Mobile Safari", "iOS"): 3,
}  # fmt: skip
TONGUES: Final = {"ar-AE": 22, "ar-SA": 25, "ar": 10, "en-AE": 9, "en-US": 18, "en-GB": 11, "hi": 3, "fil": 2}
# Referrer, then source, medium and campaign of a marked link.
WAYS: Final = {
    ("", "", "", ""): 34, ("google.com", "", "", ""): 27, ("instagram.com", "", "", ""): 11,
    ("snapchat.com", "", "", ""): 6, ("tiktok.com", "", "", ""): 5, ("bing.com", "", "", ""): 2,
    ("t.co", "", "", ""): 2, ("", "newsletter", "email", "winter"): 7,
    ("instagram.com", "instagram", "social", "new-abayas"): 6,
}  # fmt: skip
SEARCHES: Final = {
    "عباية": (30, 6), "فستان سهرة": (12, 3), "abaya": (16, 6), "حقيبة": (11, 2), "thobe": (9, 3), "ثوب": (12, 3),
    "بخور": (6, 0), "مقاس كبير": (8, 0), "school uniform": (7, 0), "جاكيت": (9, 0), "sandals": (6, 1), "فانوس": (5, 1),
}  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """The demo's shop: its source, the host its pages are under, the version of the policy that judges."""

    source: int
    host: str
    policy: int


@dataclass(slots=True)
class _Visit:
    """A visit that is being made up."""

    dice: random.Random
    site: Site
    at: int
    common: dict[str, object]
    number: int = 0

    def event(self, name: str, path: str, title: str, **more: object) -> Event:
        """Return the next event of the visit."""
        self.number += 1
        key = blake2b(f"{self.common['visitor']} {self.number}".encode(), digest_size=16).hexdigest()
        call: Call = "page" if name == "Page Viewed" else "track"
        given: dict[str, Any] = {**self.common, "path": path, "title": title, **more}
        return Event(
            source=self.site.source, key=key, call=call, event=name, at=self.at, original=self.at, sent=self.at + 40,
            received=self.at + 120, policy=self.site.policy, host=self.site.host, **given,
        )  # fmt: skip


def day(on: dt.date, *, site: Site, until: dt.datetime, age: int) -> Iterator[Event]:
    """Return the events of a day (UTC) before `until`; `age` is how many days ago it is, for a shop that grows."""
    dice = random.Random(f"{SEED} {on.isoformat()}")
    # A promotion brings a good week; otherwise the shop grows slowly.
    lively = 1.6 if 9 <= age <= 13 else 1.0
    count = round(A_DAY * (1.25 - age / 240) * WEEKDAYS[on.weekday()] * lively * dice.uniform(0.93, 1.07))
    begin = dt.datetime.combine(on, dt.time(), dt.UTC)
    end = round(until.timestamp() * 1000)
    for number in range(count):
        yield from (one for one in _visit(dice, site, begin, number) if one.received < end)


def _visit(dice: random.Random, site: Site, begin: dt.datetime, number: int) -> list[Event]:
    hour = dice.choices(range(24), HOURS)[0]
    moment = begin + dt.timedelta(hours=(hour - 4) % 24, seconds=dice.uniform(0, 3600))
    referrer, source, medium, campaign = _one_of(dice, WAYS)
    device, browser, system = _one_of(dice, MACHINES)
    tongue = _one_of(dice, TONGUES)
    visitor = int.from_bytes(blake2b(f"{begin} {number}".encode(), digest_size=8).digest(), "big") >> 1
    common: dict[str, object] = {
        "visitor": visitor, "country": _one_of(dice, PLACES), "device": device, "browser": browser,
        "system": system, "language": tongue, "utm_source": source, "utm_medium": medium, "utm_campaign": campaign,
    }  # fmt: skip
    visit = _Visit(dice, site, round(moment.timestamp() * 1000), common)
    language: Language = "ar" if tongue.startswith("ar") else "en"
    found: list[Event] = []
    for place in range(_length(dice)):
        path, title = _page(dice, language, first=place == 0)
        found += _look(visit, path, title, referrer if place == 0 else site.host)
    return found


def _length(dice: random.Random) -> int:
    return 1 if dice.random() < 0.34 else min(1 + int(dice.expovariate(0.42)) + 1, 14)


def _look(visit: _Visit, path: str, title: str, referrer: str) -> list[Event]:
    """Look at one page for a while; sometimes search, sometimes put something into the bag."""
    dice = visit.dice
    found = [visit.event("Page Viewed", path, title, referrer=referrer)]
    language = path.split("/")[2]
    if path.endswith("/search"):
        words = _one_of(dice, {term: weight for term, (weight, _) in SEARCHES.items()})
        found.append(visit.event("Products Searched", path, title, search=words, results=SEARCHES[words][1]))
    elif path.count("/") == 4 and dice.random() < 0.13:
        visit.at += dice.randint(4_000, 40_000)
        slug = path.rpartition("/")[2]
        told = next(good.told for good in goods.GOODS if good.slug == slug)
        found.append(visit.event("Product Added", path, title, properties={**told, "quantity": 1}))
    elif dice.random() < 0.01:
        found.append(visit.event("Link Followed", path, title, properties={"host": "maps.google.com"}))
    read = min(round(dice.lognormvariate(9.9, 0.9)), 600_000)
    visit.at += read
    view = f"{visit.number:x}{language}{visit.common['visitor']:x}"
    found.append(visit.event("Time Engaged", path, title, view=view, sequence=1, engaged=read))
    visit.at += dice.randint(800, 9_000)
    return found


def _page(dice: random.Random, language: Language, *, first: bool) -> tuple[str, str]:
    front, lists, things, search = _pages(language)
    kind = dice.random() + (0 if first else 0.28)
    if kind < 0.42:
        return front
    if kind < 0.68:
        return dice.choice(lists)
    if kind < 1.16:
        return dice.choices(things, [1 / (place + 1.5) for place in range(len(things))])[0]
    return search


@cache
def _pages(
    language: Language,
) -> tuple[tuple[str, str], Sequence[tuple[str, str]], Sequence[tuple[str, str]], tuple[str, str]]:
    base = f"/shop/{language}/"
    names = {"ar": ("المتجر", "البحث"), "en": ("Shop", "Search")}[language]
    lists = [(f"{base}{one.slug}", one.name.in_(language)) for one in goods.DEPARTMENTS]
    things = [(f"{base}{one.department}/{one.slug}", one.name.in_(language)) for one in goods.GOODS]
    return (base, names[0]), lists, things, (f"{base}search", names[1])


def _one_of(dice: random.Random, weights: dict[T, int]) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]
