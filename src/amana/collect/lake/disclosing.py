"""Show one person every row of theirs."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amana.collect.lake import connection, spans
from amana.collect.lake.spans import Span


@dataclass(frozen=True)
class Trace:
    """One event kept under a pseudonym, for one purpose."""

    purpose: str
    at: dt.datetime
    event: str
    host: str
    path: str
    search: str
    properties: dict[str, Any]


def disclose(theirs: Sequence[Span]) -> tuple[Trace, ...]:
    """Return everything the lake keeps of these spans, oldest first within each purpose. Raises duckdb.Error."""
    if not theirs:
        return ()
    condition, values = spans.condition(theirs)
    columns = 'purpose, "at", event, host, path, search, properties'
    # The condition holds marks only.
    statement = f'SELECT {columns} FROM lake.trails WHERE {condition} ORDER BY purpose, "at", event'  # noqa: S608
    with connection.reading() as lake:
        rows = lake.execute(statement, values).fetchall()
    return tuple(
        Trace(purpose, at.replace(tzinfo=dt.UTC), event, host, path, search, json.loads(properties or "{}"))
        for purpose, at, event, host, path, search, properties in rows
    )
