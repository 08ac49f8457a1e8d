"""The demo's shoppers as senders: their provider signs their mail, as a real one would."""

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from amana.kernel import clock, emails
from amana.kernel.text import Language
from amana.post import mime
from amana.post.carrier import key_path
from amana.post.dkimkeys import Signer, make_dkim_key
from amana.post.mime import Draft
from amana.post.parse import DnsLookup
from amana.post.transports import Envelope, Verdict
from amana.post.transports.smtp import Smtp

SELECTOR = "demo"


def shopper_key() -> Path:
    """Return where the key of the demo's one mail provider lies."""
    return key_path().with_name("dkim-demo")


def make_shopper_key() -> None:
    """Make the key of the demo's mail provider, unless it is there."""
    make_dkim_key(shopper_key())


def lookup(key: Path) -> DnsLookup:
    """Return a look-up in which every domain publishes the demo provider's key, and nothing else."""
    record = Signer.at(key, domain="demo", selector=SELECTOR).record().encode("ascii")

    def answer(name: bytes) -> bytes | None:
        return record if name.startswith(f"{SELECTOR}._domainkey.".encode("ascii")) else None

    return answer


def write(
    *,
    address: str,
    to: str,
    subject: str,
    text: str,
    language: Language,
    at: datetime | None = None,
    number: UUID | None = None,
) -> bytes:
    """Return a mail from a shopper, signed by the provider of their domain. Raises ValueError."""
    domain = emails.parse(address).rpartition("@")[2]
    draft = Draft(
        message_id=f"<{number or uuid4()}@{domain}>",
        sender=mime.mailbox("", address),
        to=mime.mailbox("", to),
        subject=subject,
        text=text,
        html=None,
        language=language,
        at=at or clock.now(),
    )
    return mime.build(draft, signer=Signer.at(shopper_key(), domain=domain, selector=SELECTOR))


def send(*, address: str, to: str, raw: bytes) -> Verdict:
    """Hand a shopper's mail to the demo's mail server, by SMTP like any other."""
    server = Smtp.from_url(settings.AMANA_SMTP_URL, hello=address.rpartition("@")[2])
    with server.open() as carriage:
        return carriage.hand(Envelope(uuid4(), address, to, raw))
