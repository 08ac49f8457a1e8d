"""Libraries as they are, told nothing but the host: their events arrive whole over a real server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from rudderstack.analytics.client import Client as Rudder
from segment.analytics.client import Client as Segment

from amana.collect import pseudonyms, sources
from amana.collect.sources import Made
from tests.collect.api.conftest import world
from tests.collect.api.sending import AGREED, EMIRATES, PHONE, Api
from tests.database import PASSWORD, Connection
from tests.world import World

__all__ = ["world"]

pytestmark = pytest.mark.slow
BROWSER = {
    "userAgent": PHONE,
    "ip": EMIRATES,
    "page": {"path": "/ar/p/1", "url": "https://redtag.example/ar/p/1"},
}
LOGINS = {
    "app": "AMANA",
    "owner": "AMANA_OWNER",
    "sequencer": "AMANA_SEQUENCER",
    "publisher": "AMANA_PUBLISHER",
}


@dataclass(frozen=True)
class Served:
    """A running server of the test's database."""

    address: str
    made: Made


@pytest.fixture
def served(world: World, database_name: str) -> Iterator[Served]:
    """Serve the deployment as `amana serve` does."""
    pseudonyms.make_key(pseudonyms.key_path())
    made = sources.make(name="A server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place, password = os.environ["AMANA_TEST_SOCKET"], PASSWORD.replace(" ", "%20")
    urls = {
        f"{name}_DATABASE_URL": f"postgresql://amana_{login}:{password}@/{database_name}?host={place}"
        for login, name in LOGINS.items()
    }
    environment = {
        **os.environ, **urls, "AMANA_HOME": str(configured.AMANA_HOME), "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "amana.web.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--workers", "1"]
    command += ["--loop", "uvloop", "--no-ws", "--log-level", "error", "amana.web.asgi:application"]
    server = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[3])
    try:
        _await(port)
        yield Served(f"http://127.0.0.1:{port}", made)
    finally:
        server.terminate()
        server.wait(20)


def _await(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server does not answer")


def _failed(error: Exception, items: Any) -> None:
    raise AssertionError(error, items)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("library", ["segment", "rudder"])
def test_a_library_for_servers_needs_the_host_alone(
    served: Served, app_connection: Connection, library: str, zipped: bool
) -> None:
    key = served.made.server_key
    client: Any
    if library == "segment":
        client = Segment(key, host=served.address, gzip=zipped, on_error=_failed, sync_mode=False)
    else:
        client = Rudder(key, host=served.address, gzip=zipped, on_error=_failed, sync_mode=False)
    for number in range(250):
        client.track("u-1", "Product Viewed", {"product_id": f"p-{number}"}, context={**BROWSER, **AGREED})
    client.page("u-1", "Shop", "Home", {"path": "/ar/"}, context=BROWSER)
    client.screen("u-1", "Shop", "Home", {}, context=BROWSER)
    client.identify("u-1", {"email": "noor@mail.example", "name": "Noor"}, context=AGREED)
    client.group("u-1", "g-1", {"size": 1})
    client.alias("a-1", "u-1")
    client.flush()
    client.shutdown()
    api = Api(None, None, served.made, app_connection)  # type: ignore[arg-type]
    events = api.events()
    assert sorted({kept.event for kept in events}) == ["Page Viewed", "Product Viewed"]
    assert (len(events), len({kept.key for kept in events})) == (251, 251)
    assert {(kept.country, kept.device, kept.host) for kept in events} == {("AE", "phone", "redtag.example")}
    assert all(0 <= kept.received - kept.at < 120_000 for kept in events)
    assert {key: number for key, number in api.counts().items() if key[2] == "undeclared_event"} == {
        (name, "", "undeclared_event"): 1 for name in ("Screen Viewed", "Group Joined", "alias")
    }
