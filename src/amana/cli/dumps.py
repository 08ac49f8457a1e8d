"""Dumps by PostgreSQL's own tools: made whole or not at all, put back beside what runs, then swapped in."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from amana.cli import bootstrap, postgres
from amana.cli.postgres import PostgresError
from amana.web import home

SUPERUSER_URL = "AMANA_SUPERUSER_DATABASE_URL"
# Open sessions and waiting jobs: put back, the ones would sign somebody in and the others would be done twice. The
# salts of the days: whoever has one can tell whose visits were whose.
LEFT_OUT = (
    "retailer.session",
    "public.procrastinate_jobs",
    "public.procrastinate_events",
    "public.procrastinate_workers",
    "public.procrastinate_periodic_defers",
    "public.collect_salt",
)


def dump(path: Path) -> None:
    """Write a dump of the whole database to `path` (0600), there whole or not at all. Raises PostgresError."""
    unfinished = path.with_name(f".new-{path.name}")
    left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            _run("pg_dump", _reader(), ["--format=custom", *left_out], out=out.fileno())
            os.fsync(out.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def put_back(path: Path) -> None:
    """Restore `path` beside the running database, then put it in its place; on any fault nothing has changed.

    Raises PostgresError.
    """
    superuser = _superuser()
    name = str(superuser["dbname"])
    made = f"{name}_restored_{time.time_ns()}"
    with psycopg.connect(**{**superuser, "dbname": "postgres"}, autocommit=True) as connection:
        bootstrap.make_database(connection, made)
        try:
            _run("pg_restore", {**superuser, "dbname": made}, ["--exit-on-error", str(path)])
            with psycopg.connect(**{**superuser, "dbname": made}, autocommit=True) as restored:
                bootstrap.close_public(restored)
            _swap(connection, name, made)
        except BaseException:
            _drop(connection, made)
            raise


def _swap(connection: bootstrap.Connection, name: str, made: str) -> None:
    """Give the restored database the name of the running one, in one transaction, and remove the other."""
    before = f"{name}_before_{time.time_ns()}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
    try:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        with connection.transaction():
            connection.execute(rename.format(sql.Identifier(name), sql.Identifier(before)))
            connection.execute(rename.format(sql.Identifier(made), sql.Identifier(name)))
    except psycopg.Error:
        connection.execute(
            sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(sql.Identifier(name))
        )
        raise
    _drop(connection, before)


def _drop(connection: bootstrap.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _reader() -> dict[str, Any]:
    """Return how to reach the database as somebody who reads all of it."""
    return _given() or home.address("owner" if home.own_server() else "superuser")


def _superuser() -> dict[str, Any]:
    found = _given() or ({} if home.own_server() else home.address("superuser"))
    if not found:
        raise PostgresError(
            f"On a server of one's own, restoring needs {SUPERUSER_URL}: only a superuser gives functions back to "
            "their owners. Or restore the dump by hand with pg_restore, and run `amana replay` before serving."
        )
    return found


def _given() -> dict[str, Any]:
    return {key: value for key, value in conninfo_to_dict(os.environ.get(SUPERUSER_URL, "")).items() if value}


def _run(program: str, address: dict[str, Any], words: list[str], *, out: int | None = None) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, which no other user reads."""
    open_to_all = {key: value for key, value in address.items() if key != "password"}
    environment = {**postgres.environment(), "PGPASSWORD": str(address.get("password") or "")}
    command = [
        _program(program, address),
        "--no-password",
        f"--dbname={make_conninfo(**open_to_all)}",
        *words,
    ]
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=out or subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if done.returncode != 0:
        raise PostgresError(f"{program}: {done.stderr.decode('utf-8', 'replace').strip()}")


def _program(name: str, address: dict[str, Any]) -> str:
    """Return one of PostgreSQL's programs: on a server of one's own the system's, where it is of the same release."""
    ours = postgres.program(name)
    if not home.own_server():
        return ours
    with psycopg.connect(**address) as connection:
        release = connection.info.server_version // 10_000
    beside = Path(f"/usr/lib/postgresql/{release}/bin") / name
    theirs = str(beside) if beside.exists() else shutil.which(name)
    return theirs if theirs and f" {release}." in _version(theirs) else ours


def _version(program: str) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
