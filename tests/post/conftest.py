"""A post room with a real mail server, and a small deployment behind it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amana.kernel.text import Bilingual
from amana.post.carrier import Carrier
from amana.post.dkimkeys import Signer, make_dkim_key
from amana.post.letters import Sender
from amana.post.transports.smtp import Smtp
from tests.post.mailhost import Mailhost, running
from tests.world import Connection, World, make_home

SENDER = Sender(
    name=Bilingual(ar="ردتاغ", en="RedTag"),
    service_address="service@redtag.example",
    accent="#c8102e",
    base_url="https://amana.redtag.example",
)


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Return the sender's key."""
    path = tmp_path_factory.mktemp("dkim") / "key"
    make_dkim_key(path)
    return Signer.at(path, domain="redtag.example")


@pytest.fixture
def mailhost() -> Iterator[Mailhost]:
    """Return a running mail server."""
    with running(Mailhost()) as host:
        yield host


@pytest.fixture
def carrier(mailhost: Mailhost, tmp_path: Path) -> Carrier:
    """Return the way to that server, unsigned."""
    return Carrier(Smtp.from_url(mailhost.url, timeout=5), SENDER, None, tmp_path / "post")


@pytest.fixture
def world(owner_connection: Connection, publisher_connection: Connection, settings: Any) -> World:
    """Return a small deployment with the example policy in force and the machine signed in."""
    make_home()
    made = World(owner_connection, publisher_connection)
    made.publish()
    settings.AMANA_SYSTEM_TOKEN = made.session("system")
    return made
