"""Read this room's SQL from its files, and lend a connection the variables they read."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

Lake: TypeAlias = duckdb.DuckDBPyConnection
Value: TypeAlias = str | int | dt.date | dt.datetime | None
Row: TypeAlias = tuple[Any, ...]

_FOLDER = Path(__file__).resolve().parent / "sql"


@cache
def text(name: str) -> str:
    """Return what `sql/<name>.sql` holds."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def rows(lake: Lake, name: str, **values: Any) -> list[Row]:
    """Run a file's one query and return its rows."""
    return lake.execute(text(name), values or None).fetchall()


def run(lake: Lake, name: str) -> None:
    """Run a file's statements one after the other."""
    lake.execute(text(name))


def set_variables(lake: Lake, values: Mapping[str, Value]) -> None:
    """Set what the files read as `getvariable('name')`; moments become UTC without a zone, as the lake has them."""
    for name, value in values.items():
        if value is None:
            # A NULL that was bound has a type, and a type would be compared with.
            lake.execute(f"SET VARIABLE {name} = NULL")
        else:
            lake.execute(f"SET VARIABLE {name} = $value", {"value": _plain(value)})


def set_zone(lake: Lake, offsets: tuple[tuple[int, int], ...]) -> None:
    """Make macros of a zone's offsets: `local_ms` and `local_day` are what its clocks and calendars show."""
    shift = str(offsets[-1][1])
    for (_, before), (moment, _) in zip(reversed(offsets[:-1]), reversed(offsets[1:]), strict=True):
        shift = f"CASE WHEN moment < {moment} THEN {before} ELSE {shift} END"
    lake.execute(f"CREATE OR REPLACE TEMP MACRO local_ms(moment) AS moment + ({shift})")
    lake.execute(
        "CREATE OR REPLACE TEMP MACRO local_day(moment) AS"
        " DATE '1970-01-01' + (local_ms(epoch_ms(moment)) // 86400000)::INTEGER"
    )


def _plain(value: Value) -> Value:
    return value.astimezone(dt.UTC).replace(tzinfo=None) if isinstance(value, dt.datetime) else value
