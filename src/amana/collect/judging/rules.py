"""The allow-list of one version of the policy, made ready for many events a second."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from amana.collect.judging.checks import Check, checks_of
from amana.collect.judging.shapes import TURNED, Shape, shape_of
from amana.policy import queries
from amana.policy.document import Call, Policy, WebsiteEvent
from amana.policy.queries import Version

# Declared properties that have a place of their own in the event, by name: its field, and the kinds it takes.
PLACES: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "path": ("path", frozenset({"path"})),
    "view": ("view", frozenset({"text"})),
    "sequence": ("sequence", frozenset({"integer"})),
    "engaged_ms": ("engaged", frozenset({"integer"})),
}
PAGE_PLACES: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "url": ("host", frozenset({"host"})),
    "title": ("title", frozenset({"text"})),
    "referrer": ("referrer", frozenset({"host"})),
    "search": ("search", frozenset({"text"})),
}
SEARCH_PLACES: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "query": ("search", frozenset({"text"})),
    "results": ("results", frozenset({"integer"})),
}
PAGES: Final = frozenset({"page", "screen"})
BESIDE: Final = frozenset({"path", "url", "title", "referrer", "search", "name", "category"})
SEARCHED: Final = "Products Searched"
PAGE: Final = "Page Viewed"


@dataclass(frozen=True, slots=True)
class EventRule:
    """What is kept of one event: its call, its purposes, a check for each property, the places of some.

    `shape` tells at once of properties that all are as declared; of those, only the `turned` ones are checked further.

    `beside` are declared properties of a page that libraries put beside its properties; other calls have none.
    """

    name: str
    call: Call
    purposes: frozenset[str]
    checks: Mapping[str, Check]
    shape: Shape | None
    turned: Mapping[str, Check]
    places: tuple[tuple[str, str], ...]
    beside: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The allow-list. `kept` names what is kept of what browsers send by themselves, `page` what of pages."""

    version: int
    events: Mapping[str, EventRule]
    categories: Mapping[str, frozenset[str]]
    gpc_stops: frozenset[str]
    traits: Mapping[str, str]
    origins: frozenset[str]
    kept: frozenset[str]
    page: frozenset[str]
    longest_path: int


@lru_cache(maxsize=4)
def of(version: Version) -> Rules:
    """Return the allow-list of a published version; made once."""
    return compiled(queries.read(version).policy, version.number)


def compiled(policy: Policy, version: int) -> Rules:
    """Make the allow-list of a policy."""
    website = policy.website
    page = website.events[PAGE].properties if PAGE in website.events else {}
    return Rules(
        version=version,
        events={name: _event(name, event) for name, event in website.events.items()},
        categories={name: frozenset(purposes) for name, purposes in website.consent_categories.items()},
        gpc_stops=frozenset(website.gpc_stops),
        traits=dict(website.traits),
        origins=frozenset(website.origins),
        kept=frozenset(policy.automatic.items),
        page=frozenset(page),
        longest_path=page["path"].longest if "path" in page else 0,
    )


def _event(name: str, event: WebsiteEvent) -> EventRule:
    known = dict(PLACES)
    if event.call in PAGES:
        known |= PAGE_PLACES
    if name == SEARCHED:
        known |= SEARCH_PLACES
    return EventRule(
        name=name,
        call=event.call,
        purposes=frozenset(event.purposes),
        checks=checks_of(event.properties),
        shape=shape_of(event.properties),
        turned=checks_of({of: one for of, one in event.properties.items() if one.kind in TURNED}),
        places=tuple(
            (declared, known[declared][0])
            for declared, one in event.properties.items()
            if declared in known and one.kind in known[declared][1]
        ),
        beside=frozenset(event.properties) & BESIDE if event.call in PAGES else frozenset(),
    )
