"""A desk behind a real mail server, with a real one to answer through, and staff signed in."""

import hashlib
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from amana.consent import signing
from amana.desk import arrivals
from amana.desk.models import Conversation
from amana.gate import actions as gate
from amana.post import demo, handover, parse, receiver
from amana.post.carrier import Carrier
from amana.post.intake import Rooms
from amana.retailer import actions as retailer
from amana.retailer.queries import StaffSession, find_session
from tests import database
from tests.post.conftest import carrier as carrier
from tests.post.conftest import mailhost as mailhost
from tests.post.conftest import signer as signer
from tests.post.mailhost import Mailhost
from tests.world import Connection, World, make_home

SERVICE = "service@redtag.example"
NOOR = "noor@mail.example"
STRANGER = "huda@mail.example"
BRAND = Path(__file__).parent.parent.parent / "examples" / "redtag" / "brand.yaml"


@dataclass
class Desk:
    """What a test of the desk reaches: the mail server in, the one out, and the world behind."""

    world: World
    where: receiver.Listening
    mailhost: Mailhost
    carrier: Carrier
    people: dict[str, StaffSession] = field(default_factory=dict)

    def write(self, text: str, *, address: str = NOOR, subject: str = "-") -> None:
        """Send a shopper's signed mail to the service address by SMTP."""
        self.send(
            demo.write(address=address, to=SERVICE, subject=subject, text=text, language="ar"),
            address=address,
        )

    def send(self, raw: bytes, *, address: str = NOOR) -> None:
        """Send raw bytes by SMTP."""
        with smtplib.SMTP(
            self.where.host, self.where.port, local_hostname="mail.example", timeout=10
        ) as smtp:
            smtp.ehlo()
            smtp.mail(address)
            smtp.rcpt(SERVICE)
            assert smtp.data(raw)[0] == 250

    def receive(self, text: str, *, address: str = NOOR, subject: str = "-") -> Conversation:
        """Send a mail, take it in and return its conversation."""
        self.write(text, address=address, subject=subject)
        self.take_in()
        return Conversation.objects.latest("received_at")

    def take_in(self) -> int:
        """Let the desk understand and answer what came."""
        return arrivals.take_in(carrier=self.carrier)

    def hand_over(self) -> None:
        """Let the outbox hand over what is due."""
        handover.hand_over_due(carrier=self.carrier)

    def mails_to(self, address: str) -> list[bytes]:
        """Return what reached an address."""
        return [raw for to, _, raw in self.mailhost.taken if to == address]

    def text_to(self, address: str) -> str:
        """Return the plain text of the last mail to an address."""
        return parse.parts(self.mails_to(address)[-1])[0]

    def staff(self, role: str = "service", name: str = "") -> StaffSession:
        """Return somebody of the staff, signed in."""
        key = f"{role}{name}"
        if key not in self.people:
            token = hashlib.sha256(key.encode()).hexdigest()
            self.world.sessions[token] = self.world._open(role, None, token)
            found = find_session(token)
            assert found is not None
            self.people[key] = found
        return self.people[key]

    def erase_link(self, address: str = NOOR) -> str:
        """Return the token in the last mail to an address that asks for a confirmation."""
        return self.text_to(address).rpartition("/e/")[2].split()[0]

    def confirm(self, address: str = NOOR) -> None:
        """Confirm the request as the owner of the address does."""
        gate.confirm_request(self.erase_link(address))


@pytest.fixture
def world(
    owner_connection: Connection, publisher_connection: Connection, settings: Any, database_name: str
) -> World:
    """Return a small deployment with its brand, the machine signed in, and a key to sign certificates with."""
    make_home()
    signing.make_receipt_key(signing.key_path())
    made = World(owner_connection, publisher_connection)
    made.publish()
    settings.AMANA_SYSTEM_TOKEN = made.session("system")
    database.sign_in("amana_owner", database_name)
    try:
        retailer.load_brand(BRAND)
    finally:
        database.sign_in("amana_app", database_name)
    return made


@pytest.fixture
def desk(
    world: World,
    mailhost: Mailhost,
    carrier: Carrier,
    settings: Any,
) -> Iterator[Desk]:
    """Return the desk with its mail server running."""
    settings.AMANA_SMTP_URL = mailhost.url
    settings.AMANA_PUBLIC_URL = "https://amana.redtag.example"
    demo.make_shopper_key()
    rooms = Rooms(SERVICE, "AE", demo.lookup(demo.shopper_key()), None)
    with receiver.serving(rooms) as where:
        yield Desk(world, where, mailhost, carrier)
