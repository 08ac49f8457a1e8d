"""What the website's part of a policy means: what each purpose may collect, and how much of it."""

from collections.abc import Iterator, Mapping

from amana.policy.document import Policy, Property, ValueKind, Website, WebsiteEvent
from amana.policy.durations import Duration

# A value in free words says more than an address, and an address more than a host, a number or one of a few names.
_SAYS: Mapping[ValueKind, tuple[str, ...]] = {"text": ("path", "text"), "path": ("path",)}


def collected(policy: Policy, purpose: str) -> dict[str, Duration]:
    """Return everything the website may keep for a purpose, and for how long.

    The names are such that a policy which adds none of them and keeps none longer collects no more.
    """
    site = policy.website
    kept = min(site.retention, policy.purposes[purpose].retention)
    return {
        item: kept
        for name, event in site.events.items()
        if purpose in event.purposes
        for item in _items(name, event)
    }


def events_for(site: Website, purpose: str) -> tuple[WebsiteEvent, ...]:
    """Return the events that serve a purpose, in the file's order."""
    return tuple(event for event in site.events.values() if purpose in event.purposes)


def says(kind: ValueKind) -> frozenset[str]:
    """Return what a kind of value may tell; a set that holds another's tells more."""
    return frozenset(_SAYS.get(kind, ()))


def touched(site: Website, at: str) -> frozenset[str]:
    """Return the purposes that a field such as `website.events.Cart Viewed.properties` concerns."""
    _, _, rest = at.partition(".")
    part, _, inside = rest.partition(".")
    name, _, last = inside.partition(".")
    if part == "events" and name in site.events:
        of_list, _, one = last.partition(".")
        return frozenset({one} if of_list == "purposes" else site.events[name].purposes)
    if part == "consent_categories":
        return frozenset({last} if last else site.consent_categories.get(name, ()))
    return frozenset({inside}) if part == "gpc_stops" else frozenset()


def _items(name: str, event: WebsiteEvent) -> Iterator[str]:
    yield name
    yield from _properties(name, event.properties)


def _properties(at: str, properties: Mapping[str, Property]) -> Iterator[str]:
    for name, found in properties.items():
        yield f"{at}.{name}"
        yield from (f"{at}.{name}:{more}" for more in _SAYS.get(found.kind, ()))
        yield from _properties(f"{at}.{name}", found.items)
