"""The tests' own ground: a database that is reset, under the application's login."""

import datetime as dt

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege

from tests import database
from tests.conftest import Clock
from tests.database import Connection


def _who() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        row: tuple[str, str] = cursor.fetchone()
    return row


def test_tests_run_as_the_application(db: None, database_name: str) -> None:
    assert _who() == ("amana_app", database_name)


def test_application_may_neither_create_nor_use_temporary_tables(app_connection: Connection) -> None:
    with pytest.raises(InsufficientPrivilege):
        app_connection.execute("CREATE TABLE public.mine (n int)")
    with pytest.raises(InsufficientPrivilege):
        app_connection.execute("CREATE TEMP TABLE mine (n int)")
    with pytest.raises(InsufficientPrivilege):
        app_connection.execute("CREATE SCHEMA mine")


@pytest.mark.parametrize("time", ["first", "second"])
def test_tables_are_emptied_between_tests(owner_connection: Connection, time: str) -> None:
    before = owner_connection.execute("SELECT count(*) FROM public.procrastinate_jobs").fetchone()
    owner_connection.execute(
        "INSERT INTO public.procrastinate_jobs (queue_name, task_name) VALUES ('q', %s) RETURNING id", [time]
    )
    number = owner_connection.execute("SELECT id FROM public.procrastinate_jobs").fetchone()
    assert (before, number) == ((0,), (1,))


def test_a_database_with_another_name_is_never_emptied() -> None:
    with pytest.raises(AssertionError, match="refusing to empty amana"):
        database.empty("amana")


def test_fixed_clock_stops_and_moves_the_databases_time(
    fixed_clock: Clock, owner_connection: Connection
) -> None:
    fixed_clock.advance(dt.timedelta(days=31))
    assert owner_connection.execute("SELECT ledger.now()").fetchone() == (
        dt.datetime(2026, 12, 23, 12, 0, tzinfo=dt.UTC),
    )
