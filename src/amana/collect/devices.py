"""The general kind of a device, its browser and its system: families alone, never a version or a model."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import ua_parser
from ua_parser.loaders import load_lazy_builtins

from amana.collect.event import Device

LONGEST: Final = 512
MOST_KEPT: Final = 16_384
# Reading an unknown name takes milliseconds: whoever invents names cannot take more than this share of a second.
SHARE: Final = 0.2
_PHONES: Final = frozenset({"iOS", "Android", "Windows Phone", "KaiOS", "BlackBerry OS", "HarmonyOS"})
_COMPUTERS: Final = frozenset({"Windows", "Mac OS X", "Linux", "Ubuntu", "Fedora", "Chrome OS", "FreeBSD"})


@dataclass(frozen=True, slots=True)
class Machine:
    """What is kept of a browser's name."""

    device: Device
    browser: str
    system: str


UNKNOWN: Final = Machine("other", "", "")


class Machines:
    """Remembers what it read; reads only so many unknown names a second."""

    __slots__ = ("_known", "_second", "_spent")

    def __init__(self) -> None:
        self._known: dict[str, Machine] = {}
        self._second = 0
        self._spent = 0.0

    def of(self, user_agent: str) -> Machine:
        """Return the kind of device, browser and system behind a name; unknown ones where too many are new."""
        known = self._known.get(user_agent)
        if known is not None:
            return known
        if not user_agent or not self._may_read():
            return UNKNOWN
        began = time.perf_counter()
        found = read(user_agent[:LONGEST])
        self._spent += time.perf_counter() - began
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[user_agent] = found
        return found

    def knows(self, user_agent: str) -> bool:
        """Tell whether a name was read, or needs no reading."""
        return not user_agent or user_agent in self._known

    def _may_read(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._spent = second, 0.0
        return self._spent < SHARE


def read(user_agent: str) -> Machine:
    """Read a browser's name."""
    found = ua_parser.parse(user_agent)
    system = _known(found.os.family) if found.os else ""
    browser = _known(found.user_agent.family) if found.user_agent else ""
    return Machine(_device(user_agent, system, found.device.family if found.device else ""), browser, system)


def _known(family: str) -> str:
    """Return a family the rules themselves name, else nothing: some of them take over whatever stands in a place."""
    return family if family in _named() else ""


@lru_cache(maxsize=1)
def _named() -> str:
    """Return all that the rules name: families, and the patterns whose alternatives become families."""
    browsers, systems, _devices = load_lazy_builtins()
    written = (str(part) for rule in (*browsers, *systems) for part in vars(rule).values())
    return "\n".join(written).replace("\\", "")


def _device(user_agent: str, system: str, family: str) -> Device:
    tablet = family == "iPad" or "Tablet" in user_agent or "iPad" in user_agent
    # Android's own rule: a phone's browser says Mobile, a tablet's does not.
    if tablet or (system == "Android" and "Mobile" not in user_agent):
        return "tablet"
    if system in _PHONES:
        return "phone"
    return "computer" if system in _COMPUTERS else "other"
