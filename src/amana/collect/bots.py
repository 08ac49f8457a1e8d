"""Tell machines from people: by the names they give themselves, by traces of a driven browser, by haste."""

import re
from functools import lru_cache
from typing import Final, TypeAlias

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

# No person sends more in a minute, by one line with one browser: beyond this it is a machine until it pauses. By the
# line and not by the network, for a carrier has many people's phones of one kind in one network.
MOST_EVENTS: Final = 600
MINUTE_MS: Final = 60_000
# Beyond this many senders in a minute nobody else is counted: memory stays flat.
MOST_SENDERS: Final = 200_000
LONGEST: Final = 512

Sender: TypeAlias = tuple[int, str]

# One pattern instead of hundreds; `HeadlessChrome`, `PhantomJS` and their like are among them.
_NAMES: Final = re.compile("|".join(f"(?:{one['pattern']})" for one in CRAWLER_USER_AGENTS_DATA))
_DRIVEN: Final = re.compile(
    r"headless|selenium|webdriver|puppeteer|playwright|phantomjs|slimerjs", re.IGNORECASE
)


@lru_cache(maxsize=16_384)
def named(user_agent: str) -> bool:
    """Tell whether a browser's name is that of a crawler or of a driven browser; none at all is no browser's."""
    shown = user_agent[:LONGEST]
    return not shown or _NAMES.search(shown) is not None or _DRIVEN.search(shown) is not None


class Haste:
    """Counts events by sender, a line and a browser's name, within the running minute."""

    __slots__ = ("_counts", "_hasty", "_minute")

    def __init__(self) -> None:
        self._minute = 0
        self._counts: dict[Sender, int] = {}
        self._hasty: frozenset[Sender] = frozenset()

    def hasty(self, sender: Sender, received: int) -> bool:
        """Count one event, at `received` ms, and tell whether its sender is faster than people are.

        Who was too fast in one minute stays so in the next, until a whole minute passes without haste.
        """
        minute = received // MINUTE_MS
        if minute != self._minute:
            self._turn(minute)
        count = self._counts.get(sender, 0) + 1
        if count > 1 or len(self._counts) < MOST_SENDERS:
            self._counts[sender] = count
        return count > MOST_EVENTS or sender in self._hasty

    def _turn(self, minute: int) -> None:
        late = minute != self._minute + 1
        before = () if late else (sender for sender, count in self._counts.items() if count > MOST_EVENTS)
        self._hasty = frozenset(before)
        self._counts = {}
        self._minute = minute
