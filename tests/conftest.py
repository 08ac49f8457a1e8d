"""Fixtures for every test: the database as the application, raw logins for attacks, a clock to set."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from amana.collect.lake import connection as lake
from amana.gate import door
from tests import database
from tests.database import Connection

SERVER: pytest.StashKey[database.Server] = pytest.StashKey()
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run use another PostgreSQL than the embedded one."""
    parser.addoption("--postgres", type=Path, help="folder of another PostgreSQL's programs, e.g. initdb")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Start the one server in the controller, before there are workers."""
    _server(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server this process started, and no other."""
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.stop()


def _server(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and SERVER not in config.stash:
        config.stash[SERVER] = database.start_server(config.getoption("--postgres"))


@pytest.fixture(scope="session")
def database_name(worker_id: str) -> str:
    """Return the name of this worker's database."""
    return f"test_amana_{worker_id}"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, database_name: str, django_db_blocker: Any
) -> Iterator[None]:
    """Make this worker's database as the owner, then leave the application's login in place."""
    _server(request.config)
    with django_db_blocker.unblock():
        database.make_database(database_name)
    yield
    with django_db_blocker.unblock():
        connections["default"].close()


def _empty_all(self: TransactionTestCase) -> None:
    _empty_lake(Path(settings.AMANA_HOME) / "lake")
    database.empty(connections["default"].settings_dict["NAME"])
    _empty_journal(Path(settings.AMANA_HOME))


def _empty_lake(folder: Path) -> None:
    """Let go of the lake and remove its files: its catalogue is emptied with the other tables, back to no files."""
    lake.close()
    for path in folder.rglob("*.parquet"):
        path.unlink()


def _empty_journal(home: Path) -> None:
    """Begin the erase journal anew: an emptied database knows of no erasure."""
    journal = home / "journal" / "journal"
    if journal.exists() and (journal.stat().st_size or (home / "secrets" / "journal-head").exists()):
        journal.write_bytes(b"")
        (home / "secrets" / "journal-head").unlink(missing_ok=True)
        door._door.cache_clear()
    (home / "journal" / "narrowed").unlink(missing_ok=True)


# The application may not truncate: what Django would do as its own login is done as the owner.
setattr(TransactionTestCase, "_fixture_teardown", _empty_all)  # noqa: B010


@pytest.fixture
def connect(transactional_db: None, database_name: str) -> Iterator[Callable[..., Connection]]:
    """Return a function that opens a raw autocommit connection: `connect("amana_app")`; closed at the end."""
    opened: list[Connection] = []

    def as_login(user: str, **options: Any) -> Connection:
        opened.append(database.connect(user, database=database_name, **options))
        return opened[-1]

    yield as_login
    for connection in opened:
        connection.close()


@pytest.fixture
def owner_connection(connect: Callable[..., Connection]) -> Connection:
    """Return a raw connection as the owner of all tables."""
    return connect("amana_owner")


@pytest.fixture
def superuser_connection(connect: Callable[..., Connection]) -> Connection:
    """Return a raw connection as the superuser."""
    return connect("postgres")


@pytest.fixture
def app_connection(connect: Callable[..., Connection]) -> Connection:
    """Return a raw connection with the application's login: what an injected statement could use."""
    return connect("amana_app")


@pytest.fixture
def sequencer_connection(connect: Callable[..., Connection]) -> Connection:
    """Return a raw connection with the sequencer's login."""
    return connect("amana_sequencer")


@pytest.fixture
def publisher_connection(connect: Callable[..., Connection]) -> Connection:
    """Return a raw connection with the login that publishes policies."""
    return connect("amana_publisher")


@dataclass
class Clock:
    """The database's clock, stopped: `ledger.now()` says `at` until it is set anew."""

    database: str
    at: dt.datetime = NOON

    def set(self, at: dt.datetime) -> None:
        """Stop the clock at `at`."""
        self.at = at
        with database.connect("amana_owner", database=self.database) as owner, owner.transaction():
            owner.execute("DELETE FROM ledger.test_clock")
            owner.execute("INSERT INTO ledger.test_clock VALUES (%s)", [at])

    def advance(self, by: dt.timedelta) -> None:
        """Move the clock on."""
        self.set(self.at + by)

    def run(self) -> None:
        """Let the clock go on with the real time."""
        with database.connect("amana_owner", database=self.database) as owner:
            owner.execute("DELETE FROM ledger.test_clock")


@pytest.fixture
def fixed_clock(django_db_setup: None, database_name: str) -> Iterator[Clock]:
    """Stop the database's clock at noon (UTC) of 22 November 2026; `set` and `advance` move it."""
    clock = Clock(database_name)
    clock.set(clock.at)
    yield clock
    clock.run()
