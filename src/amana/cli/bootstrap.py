"""What only the superuser may do, once: make the logins and the database, and close what is open to all."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

LOGINS = ("owner", "app", "sequencer", "publisher")
DEFINER = "amana_definer"

Connection = psycopg.Connection[tuple[Any, ...]]


def make_roles(superuser: Connection, passwords: Mapping[str, str]) -> None:
    """Make the logins with these passwords (keys: owner, app, sequencer, publisher) and the definer.

    Safe to repeat: an existing login only gets its password anew.
    """
    _make_role(superuser, DEFINER, "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")
    for name in LOGINS:
        login = f"amana_{name}"
        _make_role(superuser, login, "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")
        superuser.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(passwords[name]))
        )
    superuser.execute("GRANT amana_definer TO amana_owner")


def _make_role(superuser: Connection, name: str, rights: str) -> None:
    if superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
        superuser.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), sql.SQL(rights)))


def make_database(superuser: Connection, name: str) -> bool:
    """Make the database, owned by `amana_owner`, that only the logins may enter; tell whether it was missing.

    Nobody gets TEMP, and only the owner creates anything. Call `close_public` on the new database next.
    """
    if superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None:
        return False
    database = sql.Identifier(name)
    superuser.execute(sql.SQL("CREATE DATABASE {} OWNER amana_owner TEMPLATE template0").format(database))
    superuser.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    entrants = sql.SQL("amana_app, amana_sequencer, amana_publisher")
    superuser.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, entrants))
    return True


def close_public(superuser: Connection) -> None:
    """Give schema `public` of the connected database to the owner and take it from everybody else."""
    superuser.execute("ALTER SCHEMA public OWNER TO amana_owner")
    superuser.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    superuser.execute("GRANT USAGE ON SCHEMA public TO amana_app, amana_sequencer, amana_publisher")
