"""The embedded PostgreSQL: closed without a password, silent about values, gone with its parent."""

import os
import pwd
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from amana.cli import bootstrap, postgres, server
from amana.web import home
from tests.cli.deployment import Deployment, deployment, processes, until


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Return a home whose server has been made and runs."""
    with deployment() as place:
        monkeypatch.setenv("AMANA_HOME", str(place.home))
        with server.running(place.home):
            yield place


def test_all_secrets_are_private_files(made: Deployment) -> None:
    folder = made.home / "secrets"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(server.SECRETS, 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nobody_enters_without_the_password(made: Deployment) -> None:
    for role in (*home.ROLES, "superuser"):
        address = {**home.address(role), "dbname": home.DATABASE}
        psycopg.connect(**address).close()
        for wrong in ("", "postgres", "amana"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(**{**address, "password": wrong})


def test_it_listens_on_no_network_address(made: Deployment) -> None:
    with psycopg.connect(**home.address("superuser")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_failing_statement_leaves_no_value_in_the_log(made: Deployment) -> None:
    with psycopg.connect(**home.address("app"), autocommit=True) as connection:
        for statement in ("SELECT 'reem@example.com'::int", "SELECT %s::text::int"):
            with pytest.raises(psycopg.DataError):
                connection.execute(statement, ["reem@example.com"] if "%s" in statement else None)
    log = (made.home / "logs" / "postgres.log").read_text("utf-8")
    assert [line for line in log.splitlines() if "STATEMENT" in line or "CONTEXT" in line] == []


def test_roles_hold_no_more_than_they_need(made: Deployment) -> None:
    with psycopg.connect(**home.address("superuser")) as connection:
        rows = connection.execute(
            "SELECT rolname, rolcanlogin,"
            " rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'amana%' ORDER BY 1"
        ).fetchall()
        members = connection.execute(
            "SELECT pg_get_userbyid(roleid), pg_get_userbyid(member) FROM pg_auth_members"
            " WHERE pg_get_userbyid(member) LIKE 'amana%'"
        ).fetchall()
        rights = connection.execute(
            "SELECT r, has_database_privilege(r, 'amana', 'TEMP'),"
            " has_database_privilege(r, 'amana', 'CREATE'),"
            " has_schema_privilege(r, 'public', 'CREATE'), has_database_privilege(r, 'amana', 'CONNECT')"
            " FROM unnest(ARRAY['amana_app', 'amana_sequencer', 'amana_publisher']) r"
        ).fetchall()
    assert rows == [
        ("amana_app", True, False),
        ("amana_definer", False, False),
        ("amana_owner", True, False),
        ("amana_publisher", True, False),
        ("amana_sequencer", True, False),
    ]
    assert members == [("amana_definer", "amana_owner")]
    assert {row[1:] for row in rights} == {(False, False, False, True)}


def test_a_second_start_keeps_data_and_passwords(made: Deployment) -> None:
    passwords = {name: home.secret(f"pg-{name}") for name in bootstrap.LOGINS}
    with psycopg.connect(**home.address("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept (n int)")
    with server.running(made.home), psycopg.connect(**home.address("owner")) as owner:
        owner.execute("SELECT n FROM kept")
    assert passwords == {name: home.secret(f"pg-{name}") for name in bootstrap.LOGINS}


@pytest.mark.skipif(os.geteuid() != 0, reason="started as somebody else than root")
def test_started_by_root_it_runs_as_its_own_user_and_loosens_no_folder() -> None:
    with tempfile.TemporaryDirectory(prefix="amana-closed-") as closed:
        Path(closed).chmod(0o700)
        place = Deployment(Path(closed) / "deep" / "var")
        try:
            place.run_database().wait()
            owner = pwd.getpwnam(postgres.place_for(place.home).user or "")
            assert owner.pw_uid not in (0, os.geteuid())
            assert (place.data.stat().st_uid, stat.S_IMODE(place.data.stat().st_mode)) == (
                owner.pw_uid,
                0o700,
            )
            assert place.data.is_relative_to(postgres.ROOT_PLACE)
            assert stat.S_IMODE(Path(closed).stat().st_mode) == 0o700
        finally:
            place.remove()


@pytest.mark.kills
def test_a_killed_parent_takes_the_server_with_it() -> None:
    with deployment() as place:
        parent = place.run_database("import time; time.sleep(600)")
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        assert processes(f"{place.data}/data") != {}
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        assert until(lambda: processes(f"{place.data}/data") == {}, 20)
