"""The one foreground command on a real deployment: it starts, it ends, and nothing is left behind."""

import http.client
import os
import signal
import socket
import ssl
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql

from amana.cli import bootstrap, certificate
from amana.web import home
from tests import database
from tests.cli.deployment import Deployment, deployment, until

END_SECONDS = 15


@pytest.fixture(scope="module")
def place() -> Iterator[Deployment]:
    """Return a home of its own, made once and served again and again."""
    with deployment() as made:
        made.prepare()
        yield made


def _status(place: Deployment, path: str = "/ar/") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _part(server: "subprocess.Popen[str]", words: str) -> int:
    """Return the number of the part whose command line holds `words`; 0 when it is not there."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text("utf-8").split()
    lines = {int(child): Path(f"/proc/{child}/cmdline").read_text("utf-8") for child in children}
    return next((number for number, line in lines.items() if words in line), 0)


def _environments(place: Deployment) -> dict[int, bytes]:
    return {number: Path(f"/proc/{number}/environ").read_bytes() for number in place.alive()}


def test_it_serves_and_ends_on_ctrl_c_with_everything_it_started(place: Deployment) -> None:
    server = place.serve()
    assert _status(place) < 500
    started = time.monotonic()
    server.send_signal(signal.SIGINT)
    assert server.wait(END_SECONDS) == 0
    assert time.monotonic() - started < 5
    assert place.alive() == {}


def test_sigterm_ends_it_as_well(place: Deployment) -> None:
    server = place.serve()
    server.send_signal(signal.SIGTERM)
    assert server.wait(END_SECONDS) == 0
    assert place.alive() == {}


@pytest.mark.kills
def test_killed_it_leaves_no_process_and_starts_again_at_once(place: Deployment) -> None:
    first = place.serve()
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    again = place.serve()
    assert _status(place) < 500
    os.kill(again.pid, signal.SIGKILL)
    again.wait()
    assert until(lambda: place.alive() == {}, END_SECONDS), place.alive()


@pytest.mark.kills
def test_a_killed_part_comes_back(place: Deployment) -> None:
    server = place.serve()
    killed = {_part(server, "granian"), _part(server, "worker")}
    for number in killed:
        os.kill(number, signal.SIGKILL)
    assert until(lambda: _status(place) not in {0, 500}, END_SECONDS)
    assert until(lambda: _part(server, "worker") not in killed | {0}, END_SECONDS)
    server.send_signal(signal.SIGINT)
    assert server.wait(END_SECONDS) == 0
    assert place.alive() == {}


@pytest.mark.kills
def test_a_killed_database_ends_everything_and_says_so(place: Deployment) -> None:
    server = place.serve()
    os.kill(int((place.data / "data" / "postmaster.pid").read_text("utf-8").split()[0]), signal.SIGKILL)
    said = server.communicate(timeout=END_SECONDS)[0]
    assert server.returncode == 1
    assert "PostgreSQL ended by itself" in said
    assert until(lambda: place.alive() == {}, END_SECONDS), place.alive()


def test_without_a_published_policy_it_does_not_start() -> None:
    with deployment() as bare:
        refused = bare.command("serve")
        assert (refused.returncode, refused.stderr[:6]) == (1, "Error:")
        assert bare.alive() == {}


def test_a_second_one_on_the_same_home_is_refused(place: Deployment) -> None:
    server = place.serve()
    second = place.command("serve")
    assert (second.returncode, second.stderr) == (
        1,
        f"Error: Amana already runs on this home: {place.home}\n",
    )
    server.terminate()
    server.wait(END_SECONDS)


def test_a_taken_port_is_named_before_anything_starts(place: Deployment) -> None:
    with socket.create_server(("127.0.0.1", place.port)):
        refused = place.command("serve")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: Port {place.port} of 127.0.0.1 cannot be used")


def test_no_part_is_given_a_login_that_is_not_its_own(place: Deployment) -> None:
    server = place.serve()
    secrets = {
        name: (place.home / "secrets" / f"pg-{name}").read_text("utf-8") for name in ("owner", "superuser")
    }
    seen = _environments(place)
    server.terminate()
    server.wait(END_SECONDS)
    assert len(seen) >= 4
    assert not any(secret.encode() in words for words in seen.values() for secret in secrets.values())


def test_tls_with_a_development_certificate(place: Deployment) -> None:
    server = place.serve("--tls")
    pem, key = certificate.development_certificate(place.home / "tls")
    assert key.stat().st_mode & 0o777 == 0o600
    modern = ssl.create_default_context(cafile=str(pem))
    connection = http.client.HTTPSConnection("localhost", place.port, timeout=10, context=modern)
    connection.request("GET", "/ar/")
    answer = connection.getresponse()
    assert answer.getheader("strict-transport-security") == "max-age=31536000; includeSubDomains"
    connection.close()
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):  # that it is deprecated is the point
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        pytest.raises((ssl.SSLError, ConnectionError)),
        socket.create_connection(("127.0.0.1", place.port)) as raw,
    ):
        old.wrap_socket(raw)
    server.terminate()
    server.wait(END_SECONDS)


def test_it_runs_on_a_server_of_ones_own(django_db_setup: None) -> None:
    name = "test_amana_own"
    with database.connect("postgres", database="postgres") as superuser:
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        bootstrap.make_database(superuser, name)
    with database.connect("postgres", database=name) as superuser:
        bootstrap.close_public(superuser)
    reach = f"host={os.environ['AMANA_TEST_SOCKET']} port=5432 dbname={name} password='{database.PASSWORD}'"
    with deployment() as place:
        place.settings = {url: f"{reach} user={home.login(role)}" for role, url in home.URL_NAMES.items()}
        place.prepare()
        server = place.serve()
        assert _status(place) < 500
        embedded = [line for line in place.alive().values() if "bin/postgres" in line]
        seen = _environments(place)
        server.terminate()
        server.wait(END_SECONDS)
    holders = {number for number, words in seen.items() if b"AMANA_OWNER_DATABASE_URL" in words}
    assert (embedded, holders) == ([], {server.pid})
