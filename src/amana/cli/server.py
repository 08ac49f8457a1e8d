"""The home's database server: made once, started by whoever needs it first, never twice."""

import fcntl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from amana.cli import bootstrap, postgres
from amana.cli.postgres import Place, PostgresError
from amana.web import home

SECRETS = ("pg-superuser", "pg-owner", "pg-app", "pg-sequencer", "pg-publisher", "django")


def lock(amana_home: Path) -> IO[str] | None:
    """Take the home's lock, held by the one process that runs its server; None where another holds it."""
    folder = amana_home / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = (folder / "serve.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        return None
    return held


def start(amana_home: Path) -> "subprocess.Popen[bytes]":
    """Start the home's server, made the first time, with its roles and its database. Needs the home's lock.

    Raises PostgresError.
    """
    for name in SECRETS:
        postgres.ensure_secret(amana_home, name)
    place = postgres.place_for(amana_home)
    _await_leftover(place)
    if not (place.data / "PG_VERSION").exists():
        postgres.initialise(place, postgres.ensure_secret(amana_home, "pg-superuser"))
    (amana_home / "logs").mkdir(exist_ok=True, mode=0o700)
    child = postgres.start(place, log=amana_home / "logs" / "postgres.log")
    try:
        _bootstrap(amana_home)
    except BaseException:
        postgres.stop(child)
        raise
    return child


def _await_leftover(place: Place) -> None:
    """Wait for a server whose supervisor was killed: it is on its way down."""
    pidfile = place.data / "postmaster.pid"
    end = time.monotonic() + postgres.STOP_SECONDS
    while pidfile.exists() and _alive(pidfile):
        if time.monotonic() > end:
            raise PostgresError(f"Another PostgreSQL still runs on {place.data} (see postmaster.pid there).")
        time.sleep(0.05)


def _alive(pidfile: Path) -> bool:
    try:
        number = int(pidfile.read_text("utf-8").split("\n", 1)[0])
        program = Path(f"/proc/{number}/exe").readlink()
    except (OSError, ValueError):
        return False
    return program.name == "postgres"


def _bootstrap(amana_home: Path) -> None:
    passwords = {name: postgres.ensure_secret(amana_home, f"pg-{name}") for name in bootstrap.LOGINS}
    superuser = home.address("superuser")
    with psycopg.connect(**{**superuser, "dbname": "postgres"}, autocommit=True) as connection:
        bootstrap.make_roles(connection, passwords)
        bootstrap.make_database(connection, home.DATABASE)
    with psycopg.connect(**superuser, autocommit=True) as connection:
        bootstrap.close_public(connection)


@contextmanager
def running(amana_home: Path) -> Iterator[None]:
    """Keep the home's server running for a command: the one that runs already, or our own until the end.

    Raises PostgresError when the server another process holds does not answer.
    """
    if home.own_server():
        yield
        return
    held = lock(amana_home)
    if held is None:
        _await_answer()
        yield
        return
    with held:
        child = start(amana_home)
        try:
            yield
        finally:
            postgres.stop(child)


def _await_answer() -> None:
    end = time.monotonic() + postgres.START_SECONDS
    while True:
        try:
            psycopg.connect(**home.address("app"), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > end:
                raise PostgresError(f"The running server does not answer: {error}") from None
            time.sleep(0.2)
        else:
            return
