"""What a login without rights to create can do with the lake, and what a connection to it can reach."""

import duckdb
import psycopg
import pytest

from amana.collect.lake import connection, drain
from tests.collect.lake.conftest import Put, visit
from tests.database import PASSWORD, Connection

pytestmark = [pytest.mark.attack, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO lake.seen VALUES (DATE '2026-11-22', uuid())",
        "DELETE FROM lake.events",
        "CREATE TABLE lake.mine (n INTEGER)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/lake-attack.csv'",
        "ATTACH '/tmp/lake-attack.db' AS other",
        "SET enable_external_access = true",
        "INSTALL spatial",
    ],
)
def test_reading_reaches_nothing_but_the_lake_and_changes_nothing(put: Put, statement: str) -> None:
    put([visit(1)])
    drain.drain()
    with connection.reading() as lake, pytest.raises(duckdb.Error):
        lake.execute(statement).fetchall()
    with connection.reading() as lake:
        assert lake.execute("SELECT count(*) FROM lake.events").fetchall() == [(1,)]


def test_the_application_creates_and_drops_nothing_in_the_catalogues_schema(
    app_connection: Connection,
) -> None:
    for statement in (
        "CREATE TABLE lake.mine (n int)",
        "DROP TABLE lake.ducklake_snapshot",
        "TRUNCATE lake.ducklake_table",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(statement)


def test_no_password_is_shown() -> None:
    with connection.reading() as lake:
        shown = lake.execute("SELECT * FROM duckdb_secrets()").fetchall()
        shown += lake.execute("SELECT * FROM duckdb_databases()").fetchall()
    assert PASSWORD not in str(shown)


def test_the_catalogue_is_the_owners(owner_connection: Connection) -> None:
    found = owner_connection.execute(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'lake'"
    ).fetchall()
    assert found == [("amana_owner",)]
