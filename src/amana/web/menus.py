"""The console's menu: each room names its pages, each page its roles."""

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from amana.retailer.guard import ROLES_ATTRIBUTE

# In the order in which they stand on the rail.
ROOMS = (
    "web", "customers", "surveys", "audiences", "campaigns", "desk", "rights", "draws", "content", "collect",
    "orders", "fraud", "gate", "ledger", "policy", "retailer", "post", "consent",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `badge` is the address that tells how much waits there, if anything does."""

    label: str
    address: str
    icon: str
    current: bool
    badge: str = ""


def rooms() -> list[ModuleType]:
    """Return the address books of all rooms that have one."""
    found = []
    for room in ROOMS:
        if apps.is_installed(f"amana.{room}") and room != "web":
            try:
                found.append(import_module(f"amana.{room}.urls"))
            except ModuleNotFoundError as missing:
                if missing.name != f"amana.{room}.urls":
                    raise
    return found


def menu(roles: frozenset[str], path: str) -> list[Entry]:
    """Return the entries that these roles may open."""
    views = {pattern.name: pattern.callback for pattern in _patterns() if pattern.name}
    entries = []
    for room in rooms():
        for name, label, icon, *badge in getattr(room, "CONSOLE_MENU", ()):
            if getattr(views.get(name), ROLES_ATTRIBUTE, frozenset()) & roles:
                address = _address(name)
                told = _address(badge[0]) if badge else ""
                entries.append(Entry(str(label), address, icon, path.startswith(address), told))
    return entries


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        raise LookupError(f"the menu names a page that is not mounted: {name}") from None


def _patterns() -> list[URLPattern]:
    found: list[URLPattern] = []
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while waiting:
        pattern = waiting.pop()
        if isinstance(pattern, URLResolver):
            waiting.extend(pattern.url_patterns)
        else:
            found.append(pattern)
    return found
