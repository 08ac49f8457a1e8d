"""Slow down whoever sends too many answers that no device signed, without keeping where they came from."""

from collections import OrderedDict
from typing import Final

# A whole shop's guests, or a mobile carrier's, may stand behind one network.
AT_ONCE: Final = 600
A_SECOND: Final = 2.0
MOST_NETWORKS: Final = 10_000


class Pressure:
    """How much each network may still send, in one process; a network nobody heard of for long is forgotten."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, network: str, number: int, *, now: float) -> bool:
        """Take `number` answers from what a network may send now (monotonic seconds), and tell whether it sufficed.

        Where no network is known (a proxy's Unix socket) nothing is counted.
        """
        if not network:
            return True
        left, since = self._left.pop(network, (float(AT_ONCE), now))
        left = min(AT_ONCE, left + (now - since) * A_SECOND)
        enough = left >= number
        self._left[network] = (left - number if enough else left, now)
        if len(self._left) > MOST_NETWORKS:
            self._left.popitem(last=False)
        return enough
