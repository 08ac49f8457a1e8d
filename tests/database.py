"""The PostgreSQL of a test run: one server for the run, one database for each worker."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from amana.cli import bootstrap, postgres

Connection = psycopg.Connection[tuple[Any, ...]]
SETUP = Path(__file__).with_name("database.sql")
PASSWORD = "only for tests"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum_naptime": "10s",
}


@dataclass(frozen=True)
class Server:
    """A running server of this test run."""

    child: "subprocess.Popen[bytes]"
    parent: Path

    def stop(self) -> None:
        """End exactly this server, and remove its data."""
        postgres.stop(self.child)
        shutil.rmtree(self.parent, ignore_errors=True)


def start_server(binaries: Path | None = None) -> Server:
    """Start a server in a temporary folder; `binaries` tries another PostgreSQL than the embedded one."""
    parent = Path(tempfile.mkdtemp(prefix="amana-pg-"))
    user = postgres.SYSTEM_USER if os.geteuid() == 0 else None
    place = postgres.prepare(parent, parent / "s", user, binaries)
    postgres.initialise(place, PASSWORD, durable=False)
    child = postgres.start(place, settings=FAST)
    server = Server(child, parent)
    os.environ["AMANA_TEST_SOCKET"] = str(place.socket)
    # Dumps are restored by the tested server's own programs: a newer pg_restore asks an older server for more.
    os.environ["AMANA_TEST_PROGRAMS"] = str(binaries or "")
    with connect("postgres", database="postgres") as superuser:
        bootstrap.make_roles(superuser, dict.fromkeys(bootstrap.LOGINS, PASSWORD))
        # Emptying tables has to pass the triggers that make them append-only.
        superuser.execute("GRANT SET ON PARAMETER session_replication_role TO amana_owner")
    return server


def connect(user: str, *, database: str, **options: Any) -> Connection:
    """Open an autocommit connection as `user` (`postgres`, `amana_app`, …) to a database of this run."""
    where = {"host": os.environ["AMANA_TEST_SOCKET"], "port": "5432", "dbname": database}
    options = {"autocommit": True, **where, **options}
    return psycopg.connect(user=user, password=PASSWORD, **options)


def make_database(name: str) -> None:
    """Make `name`, migrate it as the owner through the alias `default`, and sign in as the application."""
    if not name.startswith("test_"):
        raise AssertionError(f"{name} is not a database for tests")
    with connect("postgres", database="postgres") as superuser:
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        bootstrap.make_database(superuser, name)
    with connect("postgres", database=name) as superuser:
        bootstrap.close_public(superuser)
    sign_in("amana_owner", name)
    call_command("migrate", interactive=False, verbosity=0)
    with connect("amana_owner", database=name) as owner:
        owner.execute(SETUP.read_text("utf-8"))
        owner.execute("CALL test_seed.remember()")
    sign_in("amana_app", name)


def sign_in(user: str, database: str) -> None:
    """Make the alias `default` reach `database` as `user`."""
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(
        NAME=database, USER=user, PASSWORD=PASSWORD, HOST=os.environ["AMANA_TEST_SOCKET"], PORT="5432"
    )


def empty(name: str) -> None:
    """Empty every table of every schema as the owner, except what the migrations themselves put there."""
    if not name.startswith("test_"):
        raise AssertionError(f"refusing to empty {name}")
    with connect("amana_owner", database=name) as owner:
        owner.execute("SET lock_timeout = '10s'")
        owner.execute("SET session_replication_role = replica")
        owner.execute("CALL test_seed.restore()")


def system_binaries() -> Path | None:
    """Return the programs of the newest PostgreSQL (15 or later) the system brings, or None."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    newest = sorted((int(path.parent.name), path) for path in found if path.parent.name.isdigit())
    return newest[-1][1] if newest and newest[-1][0] >= 15 else None
