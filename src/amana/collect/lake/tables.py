"""The tables of the lake, made once by the owner: the application may fill them, never change their shape."""

from collections.abc import Mapping
from typing import Any, Final

import psycopg

from amana.collect.lake.connection import SCHEMA, open_lake
from amana.collect.lake.place import Place
from amana.collect.traffic import tables as figures

# Times beside `at` are kept as milliseconds after it: small numbers, where whole times would double a row's size.
# `view` is 32 bits of the browser's number for the page view: enough to tell the views of one visitor apart.
EVENTS: Final = """
    day DATE NOT NULL, source INTEGER NOT NULL, call VARCHAR NOT NULL, event VARCHAR NOT NULL,
    "at" TIMESTAMP NOT NULL, received_after BIGINT NOT NULL, original_after BIGINT, sent_after BIGINT,
    visitor BIGINT NOT NULL, "user" VARCHAR NOT NULL, host VARCHAR NOT NULL, path VARCHAR NOT NULL,
    title VARCHAR NOT NULL, referrer VARCHAR NOT NULL, search VARCHAR NOT NULL, results INTEGER,
    utm_source VARCHAR NOT NULL, utm_medium VARCHAR NOT NULL, utm_campaign VARCHAR NOT NULL,
    country VARCHAR NOT NULL, device VARCHAR NOT NULL, browser VARCHAR NOT NULL, system VARCHAR NOT NULL,
    language VARCHAR NOT NULL, view UINTEGER NOT NULL, sequence INTEGER NOT NULL, engaged INTEGER NOT NULL,
    properties JSON, policy INTEGER NOT NULL"""
TRAILS: Final = """
    day DATE NOT NULL, purpose VARCHAR NOT NULL, person VARCHAR NOT NULL, "at" TIMESTAMP NOT NULL,
    event VARCHAR NOT NULL, host VARCHAR NOT NULL, path VARCHAR NOT NULL, search VARCHAR NOT NULL, properties JSON"""
SEEN: Final = "day DATE NOT NULL, key UUID NOT NULL"
# `day` is the day of arrival (UTC): a drain fills one partition, whatever times its events claim.
TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "events": (EVENTS, 'visitor, "at"'),
    "trails": (TRAILS, 'purpose, person, "at"'),
    "seen": (SEEN, ""),
    "visits": (figures.VISITS, ""),
    "views": (figures.VIEWS, ""),
    "counted": (figures.COUNTED, ""),
}
# A row or two for each day, read whole: a file for each would be slower than all in one.
UNDIVIDED: Final = frozenset({"counted"})
OPTIONS: Final[Mapping[str, str]] = {
    "parquet_compression": "zstd",
    "parquet_version": "1",
    "target_file_size": "128MB",
}


def make(login: Mapping[str, Any], at: Place) -> None:
    """Make catalogue and tables where they are missing; `login` is the owner's. The application may then fill them."""
    lake = open_lake("making", login, at)
    try:
        for name, (columns, order) in TABLES.items():
            lake.execute(f"CREATE TABLE IF NOT EXISTS lake.{name} ({columns})")
            if name not in UNDIVIDED:
                lake.execute(f"ALTER TABLE lake.{name} SET PARTITIONED BY (day)")
            if order:
                lake.execute(f"ALTER TABLE lake.{name} SET SORTED BY ({order})")
        for option, value in OPTIONS.items():
            lake.execute(f"CALL lake.set_option('{option}', '{value}')")
    finally:
        lake.close()
    with psycopg.connect(**login, autocommit=True) as owner:
        owner.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO amana_app")
        owner.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO amana_app")
