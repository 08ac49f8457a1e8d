"""When an event happened, told by two clocks of which only ours is right."""

from datetime import UTC, datetime
from typing import Final

MS: Final = 1000
DAY: Final = 24 * 3600 * MS
# A browser that was off the net sends later; more than a month later nobody's figures change any more.
LONGEST_WAIT: Final = 30 * DAY
# Clocks tick unevenly, and `timestamp` and `sentAt` are read one after the other.
SLACK: Final = 1 * MS


def read(value: object) -> int | None:
    """Return a sender's time in ms since 1970, or None for what is no time: ISO 8601, or a number of ms or s."""
    if type(value) is str:
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            return int(moment.timestamp() * MS)
        except (ValueError, OverflowError):
            return None
    if (type(value) is int or type(value) is float) and 0 < value < 1e14:
        return int(value if value > 1e11 else value * MS)
    return None


def happened(*, original: int | None, sent: int | None, received: int) -> int:
    """Return when an event happened, by our clock, all in ms.

    The sender waited from `original` to `sent` by one clock, so however wrong that clock is, the event happened that
    long before it arrived: `received - (sent - original)`, as in Segment's specification. It is believed only when
    the wait is plausible: not below nought (but for a second), since nothing is sent before it happens, and at most
    thirty days. Without `sentAt`, `original` stands as it is under the same bounds against `received`. Everything
    else, a broken clock or an invented time, counts as of its arrival.
    """
    if original is None:
        return received
    waited = (received if sent is None else sent) - original
    if -SLACK <= waited <= LONGEST_WAIT:
        return received - waited if waited > 0 else received
    return received
