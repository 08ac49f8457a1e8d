"""Who carries this deployment's e-mail, in whose name, signed with which key."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.post.dkimkeys import Signer
from amana.post.letters import Sender
from amana.post.transports import Transport
from amana.post.transports.smtp import LOOPBACK, Smtp
from amana.retailer import queries as retailer

register(
    "mail_unset",
    Bilingual(
        ar="لم يُضبط خادم البريد بعد، فلا تُرسل أي رسالة.",
        en="No mail server has been set up yet, so no mail is sent.",
    ),
    503,
)


class MailUnset(Refusal):
    """Say that no mail server is set up."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """All that a hand-over needs beside the message."""

    transport: Transport
    sender: Sender
    signer: Signer | None
    waybills: Path


def key_path() -> Path:
    """Return where this deployment keeps the key that signs its mail."""
    return Path(settings.AMANA_HOME) / "secrets" / "dkim"


def sender() -> Sender:
    """Return in whose name mail goes out. Raises Refusal (503) before a brand is loaded."""
    brand = retailer.brand()
    return Sender(
        name=brand.name,
        service_address=brand.service_address,
        accent=brand.accent,
        base_url=settings.AMANA_PUBLIC_URL,
    )


def signer(domain: str) -> Signer | None:
    """Return the key that signs for `domain`, or None before set-up made one."""
    path = key_path()
    return Signer.at(path, domain=domain) if path.exists() else None


def transport(*, hello: str) -> Smtp:
    """Return the mail server the settings name. Raises MailUnset.

    A server elsewhere is a recipient of personal data: the policy has to declare it as `message_delivery`.
    """
    url = settings.AMANA_SMTP_URL
    if not url:
        raise MailUnset.of("mail_unset")
    found = Smtp.from_url(url, hello=hello)
    recipient = "controller" if found.host in LOOPBACK else "message_delivery"
    return Smtp.from_url(url, hello=hello, recipient=recipient)


def carrier() -> Carrier:
    """Return how e-mail leaves now. Raises Refusal (503) while brand or mail server are missing."""
    who = sender()
    return Carrier(
        transport=transport(hello=who.domain),
        sender=who,
        signer=signer(who.domain),
        waybills=Path(settings.AMANA_HOME) / "post",
    )
