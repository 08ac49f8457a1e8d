"""Call the gate's functions: with the journal's head, which must be the database's, and refusals made readable."""

import json
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections

import amana.gate.refusals  # noqa: F401  (registers the codes the functions raise)
from amana.gate.door import door
from amana.kernel.refusal import Refusal, refusing

Row = tuple[Any, ...]

# An erasure moves the journal and the database one after the other: a call between the two reads the head again.
ATTEMPTS: Final = 5
MOVED: Final = "journal_mismatch"


def head() -> tuple[int, bytes]:
    """Return the number and hash of the erase journal's last record."""
    last = door().head()
    return last.sequence, last.hash


def rows(statement: str, *parameters: Any, binary: bool = False) -> list[Row]:
    """Run one statement that ends in `%s, %s)` for the journal's head, and return its rows. Raises Refusal."""
    for attempt in range(ATTEMPTS):
        try:
            return _run(statement, (*parameters, *head()), binary)
        except Refusal as refusal:
            if refusal.code != MOVED or attempt == ATTEMPTS - 1 or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def plain(statement: str, *parameters: Any) -> list[Row]:
    """Run one statement that needs no journal head, and return its rows. Raises Refusal."""
    return _run(statement, parameters, False)


def value(statement: str, *parameters: Any) -> Any:
    """Run one statement like `rows` and return its one value. Raises Refusal."""
    return rows(statement, *parameters)[0][0]


def counts(found: str) -> dict[str, int | None]:
    """Read counts by reason; Django's connections hand JSON over as text."""
    read: dict[str, int | None] = json.loads(found)
    return read


def _run(statement: str, parameters: tuple[Any, ...], binary: bool) -> list[Row]:
    # The proxy looks its connection up anew at each of its attributes.
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    with refusing(), here.wrap_database_errors, here.connection.cursor(binary=binary) as cursor:
        cursor.execute(statement, parameters)
        found: list[Row] = cursor.fetchall()
    return found
