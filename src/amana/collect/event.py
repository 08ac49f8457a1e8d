"""One judged event, as it waits in the inbox and as the lake reads it: a JSON object on one line.

Fields at their default are left out of the line: a reader takes a missing key for that default.
"""

from typing import Any, Literal, TypeAlias

import msgspec

Call: TypeAlias = Literal["track", "page", "screen", "group", "identify", "alias"]
Device: TypeAlias = Literal["phone", "tablet", "computer", "other"]


class Event(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """What is kept of one event. Only what the running policy declares ever gets here; bots never do.

    `source`      number of the source the write key belongs to
    `key`         32 hex digits, BLAKE2b-128 of source and messageId: equal for repeats
    `call`        the call of Segment's specification; `event` its name, `Page Viewed` for a page
    `at`          when it happened by the server's clock, ms since 1970 UTC: `original` corrected by the skew between
                  `sent` and `received`, where that is plausible; `received` where nothing else is known
    `original`    the sender's timestamp, `sent` its sentAt, both ms and as they came, None where they were absent
    `received`    ms, the server's clock
    `visitor`     63 bits that mean nothing the next day; 0 where a machine sent it for nobody
    `user`        pseudonym of the day of a signed-in user who agreed, or ""
    `host` …      the page: host, path without the query, title; `referrer` is a host alone
    `search`      what was searched for; `results` how many were found
    `country`     ISO 3166-1 alpha-2 by the truncated address; `language` the browser's first, as `ar` or `en-GB`
    `view`        number of the page view in the browser, `sequence` of a report within it, `engaged` ms in that view
                  so far: the largest of a view counts, so that losses and repeats do no harm
    `properties`  the other declared properties; `trails` purpose → pseudonym, consented purposes only
    `policy`      version that judged it
    """

    source: int
    key: str
    call: Call
    event: str
    at: int
    received: int
    policy: int
    original: int | None = None
    sent: int | None = None
    visitor: int = 0
    user: str = ""
    host: str = ""
    path: str = ""
    title: str = ""
    referrer: str = ""
    search: str = ""
    results: int | None = None
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    country: str = ""
    device: Device = "other"
    browser: str = ""
    system: str = ""
    language: str = ""
    view: str = ""
    sequence: int = 0
    engaged: int = 0
    properties: dict[str, Any] | None = None
    trails: dict[str, str] | None = None


class Circumstances(msgspec.Struct, kw_only=True, omit_defaults=True, frozen=True):
    """What every event of one browser has in common; written once and put into each line."""

    country: str = ""
    device: Device = "other"
    browser: str = ""
    system: str = ""
    language: str = ""

    def part(self) -> bytes:
        """Return how a line begins that says so; nothing where there is nothing to say."""
        written = _encoder.encode(self)[:-1]
        return written + b"," if len(written) > 1 else b""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Event)


def line(event: Event, part: bytes = b"") -> bytes:
    """Return the event as the inbox keeps it, without the newline, beginning with the `part` of its circumstances.

    JSON holds no raw control characters: nothing in a line has to be escaped.
    """
    written = _encoder.encode(event)
    return part + written[1:] if part else written


def read(text: str | bytes) -> Event:
    """Read a line of the inbox. Raises msgspec.ValidationError."""
    return _decoder.decode(text)
