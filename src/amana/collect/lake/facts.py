"""Lend the lake with facts of people beside it: taken through the gate, for as long as they are looked at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb

from amana.collect.lake import connection
from amana.collect.lake.connection import Lake
from amana.gate import facts
from amana.gate.facts import Asked
from amana.gate.refusals import GateRefused

_REFUSED: Final = re.compile(r"ERROR:\s+([a-z_]+)\s*$", re.MULTILINE)


@contextmanager
def reading(asked: Asked) -> Iterator[Lake]:
    """Lend the lake with the table `facts`: `customer`, and a column of text for each that was asked for.

    The table is temporary and goes with the block. Raises GateRefused; duckdb.Error where lake or database is away.
    """
    with connection.reading(lambda lake: _take(lake, asked)) as lake:
        yield lake


def _take(lake: Lake, asked: Asked) -> None:
    columns = "".join(f', known[{place}] AS "{name}"' for place, name in enumerate(asked.columns, 1))
    # A statement by itself, at the one level the gate serves: it ends at once, and whoever is in it can withdraw again.
    taking = "postgres_query('gate', '{}', use_transaction => false)".format(
        facts.statement(asked).replace("'", "''")
    )
    # Each name of a column was a term of the policy when it was asked for.
    statement = f"CREATE TEMP TABLE facts AS SELECT customer{columns} FROM {taking}"  # noqa: S608
    try:
        lake.execute(statement)
    except duckdb.Error as error:
        code = _REFUSED.search(str(error))
        if code is None:
            raise
        raise GateRefused.of(code[1]) from None
