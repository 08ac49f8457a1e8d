"""Which rows of the trails are one person's: a pseudonym of one purpose, from one moment to another."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

EVER: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
NEVER: Final = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Span:
    """What stood for a person in one purpose (32 hex digits).

    From `since` (None: from ever) to before `until` (None: without an end).
    """

    purpose: str
    person: str
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def condition(spans: Sequence[Span]) -> tuple[str, list[str | dt.datetime]]:
    """Return what a statement over the trails asks for, and its values; the list alone lets files be skipped."""
    marks = ", ".join("?" for _ in spans)
    either = " OR ".join('(purpose = ? AND person = ? AND "at" >= ? AND "at" < ?)' for _ in spans)
    values: list[str | dt.datetime] = [span.person for span in spans]
    for span in spans:
        values += [
            span.purpose,
            span.person,
            _plain(span.since or EVER),
            _plain(span.until or NEVER),
        ]
    return f"person IN ({marks}) AND ({either})", values


def _plain(at: dt.datetime) -> dt.datetime:
    """Return a moment as the lake has it: UTC, without saying so."""
    return at.astimezone(dt.UTC).replace(tzinfo=None)
