"""Call the functions of the locked schema; the database's refusals become refusals for people."""

from typing import Any

from django.db import connection

import amana.retailer.refusals  # noqa: F401  (registers the codes the functions raise)
from amana.kernel import addresses
from amana.kernel.refusal import refusing

Row = tuple[Any, ...]


def rows(statement: str, *parameters: Any) -> list[Row]:
    """Run one statement that calls a function and return its rows. Raises Refusal."""
    with refusing(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[Row] = cursor.fetchall()
    return found


def value(statement: str, *parameters: Any) -> Any:
    """Run one statement that calls a function and return its one value. Raises Refusal."""
    return rows(statement, *parameters)[0][0]


def truncated(address: str) -> str:
    """Return the network an address lies in. What is no address counts as 0.0.0.0/24."""
    return addresses.truncated(address) or "0.0.0.0/24"
