"""Read what came and what became of it, in numbers."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import connection

# Losses of a property or an identifier; the event itself was kept.
PARTIAL: Final = frozenset(
    {"undeclared_property", "wrong_type", "too_long", "address_in_text", "id_without_consent", "gpc"}
)


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
