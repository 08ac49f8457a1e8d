"""Read what came and what became of it, in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

# What the lake's drain or this room's door may count; the last in no list of a policy.
REASONS: Final = (
    "undeclared_event", "undeclared_property", "wrong_type", "too_long", "address_in_text",
    "identity_from_public_key", "id_without_consent", "gpc", "bot", "repeat", "malformed", "no_such_key", "origin",
)  # fmt: skip
# Losses of a property or an identifier; the event itself was kept.
PARTIAL: Final = frozenset(
    {"undeclared_property", "wrong_type", "too_long", "address_in_text", "id_without_consent", "gpc"}
)


@dataclass(frozen=True, slots=True)
class Dropped:
    """How often something was dropped. `event` and `property` may be empty; `source` 0 is nobody's."""

    source: int
    event: str
    property: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many events of one name were kept; repeats among them are dropped later, and counted then."""

    source: int
    event: str
    count: int


def dropped(*, first: date, last: date, source: int | None = None) -> tuple[Dropped, ...]:
    """Return what was dropped from `first` to `last` (days in UTC, both included) and why, most frequent first."""
    rows = _rows(
        "SELECT source, event, property, reason, sum(count)::bigint AS times FROM public.collect_dropped"
        " WHERE day BETWEEN %s AND %s AND reason <> '' AND (%s::integer IS NULL OR source = %s)"
        " GROUP BY 1, 2, 3, 4 ORDER BY times DESC, 1, 2, 3, 4",
        [first, last, source, source],
    )
    return tuple(Dropped(*row) for row in rows)


def accepted(*, first: date, last: date, source: int | None = None) -> tuple[Accepted, ...]:
    """Return how many events were kept from `first` to `last` (days in UTC, both included), most frequent first."""
    rows = _rows(
        "SELECT source, event, sum(count)::bigint AS times FROM public.collect_dropped"
        " WHERE day BETWEEN %s AND %s AND reason = '' AND (%s::integer IS NULL OR source = %s)"
        " GROUP BY 1, 2 ORDER BY times DESC, 1, 2",
        [first, last, source, source],
    )
    return tuple(Accepted(*row) for row in rows)


def counted_by_source(*, first: date, last: date) -> dict[int, tuple[int, int]]:
    """Return by source how many events were kept, and how many were dropped whole."""
    rows = _rows(
        "SELECT source, sum(count) FILTER (WHERE reason = '')::bigint,"
        " sum(count) FILTER (WHERE reason <> '' AND reason <> ALL (%s))::bigint"
        " FROM public.collect_dropped WHERE day BETWEEN %s AND %s GROUP BY 1",
        [sorted(PARTIAL), first, last],
    )
    return {source: (kept or 0, lost or 0) for source, kept, lost in rows}


def _rows(statement: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())
