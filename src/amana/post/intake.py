"""Take mail in: stored before its sender is told so, then acted upon."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from amana.gate import actions as gate
from amana.kernel import clock, emails
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.kernel.text import DEFAULT_LANGUAGE
from amana.post import actions, bounces, mailbox, parse
from amana.post.models import Incoming
from amana.post.parse import DnsLookup, Parsed

Kind = Incoming.Kind
# As long as servers go on trying to deliver (RFC 5321, section 4.5.4.1).
AGAIN = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where mail goes. Without `mailboxes` there is no demo, and only the service address exists."""

    service_address: str
    jurisdiction: str
    lookup: DnsLookup
    mailboxes: Path | None = None

    @property
    def domain(self) -> str:
        """Return the domain whose mail is ours."""
        return self.service_address.rpartition("@")[2].lower()


def find_kind(recipient: str, *, service_address: str) -> Incoming.Kind | None:
    """Return what an address of our own domain is for, or None where nobody lives there."""
    local, _, domain = recipient.lower().rpartition("@")
    service, _, ours = service_address.lower().rpartition("@")
    if domain != ours:
        return None
    if local in (service, "postmaster", "abuse"):
        return Kind.SERVICE
    if local == "unsubscribe":
        return Kind.OPT_OUT
    return Kind.BOUNCE if bounces.find_message(recipient) else None


def is_ours(recipient: str, *, rooms: Rooms) -> bool:
    """Tell whether this address takes mail here. RFC 5321, section 4.5.1 wants postmaster among them."""
    if recipient.lower().rpartition("@")[2] == rooms.domain:
        return find_kind(recipient, service_address=rooms.service_address) is not None
    return rooms.mailboxes is not None and len(recipient) <= 180


def receive(*, recipient: str, raw: bytes, rooms: Rooms) -> UUID | None:
    """Store one mail for one recipient, durably; return its row's number, None for a demo mailbox.

    The same bytes delivered again within the days a server goes on trying are one mail; the same Message-ID
    on another mail is another mail.
    """
    kind = find_kind(recipient, service_address=rooms.service_address)
    if kind is None:
        if rooms.mailboxes is None:
            raise ValueError("nobody lives there")
        mailbox.deliver(rooms.mailboxes, address=recipient, raw=raw)
        return None
    known = Incoming.objects.filter(
        fingerprint=_fingerprint(recipient, raw), received_at__gte=clock.now() - AGAIN
    ).first()
    if known is not None:
        return known.pk
    with transaction.atomic():
        return _STORES[kind](recipient, raw, rooms).pk


def settle(*, incoming: UUID, outcome: str) -> None:
    """Note that a mail was dealt with, and how."""
    Incoming.objects.filter(pk=incoming, handled_at=None).update(handled_at=clock.now(), outcome=outcome)


def _keep(recipient: str, raw: bytes, rooms: Rooms) -> Incoming:
    """Keep a mail to customer service, whole and sealed, whatever it is."""
    parsed = _find_parsed(raw)
    return _note(
        recipient,
        raw,
        kind=Kind.SERVICE,
        readable=parsed is not None,
        authenticated=parsed is not None and parse.is_authenticated(raw, lookup=rooms.lookup),
        customer=_seal(raw, parsed, rooms),
    )


def _opt_out(recipient: str, raw: bytes, rooms: Rooms) -> Incoming:
    """Carry out an unsubscribe mail (RFC 2369, section 3.2): its subject is the link's token.

    What cannot be carried out that way is somebody's wish all the same, and goes to customer service.
    """
    token = "".join(dict(parse.headers(raw)).get("Subject", "").split())
    try:
        with transaction.atomic():
            gate.opt_out(token, language=parse.language_of(""))
    except Refusal as refusal:
        if refusal.status == 503:
            raise
        return _keep(recipient, raw, rooms)
    return _note(recipient, raw, kind=Kind.OPT_OUT, outcome="opted_out")


def _bounce(recipient: str, raw: bytes, rooms: Rooms) -> Incoming:
    """Mark what a delivery report says; of the report itself nothing is kept. Other mail is kept unread."""
    message = bounces.find_message(recipient)
    verdict = bounces.find_bounce(parse.read(raw))
    if message is None or verdict is None:
        kept = _seal(raw, None, rooms)
        return _note(recipient, raw, kind=Kind.BOUNCE, outcome="no_report", readable=False, customer=kept)
    marked = actions.bounce(message=message, verdict=verdict)
    return _note(recipient, raw, kind=Kind.BOUNCE, outcome="bounced" if marked else "unknown_message")


_STORES: Mapping[Incoming.Kind, Callable[[str, bytes, Rooms], Incoming]] = {
    Kind.SERVICE: _keep,
    Kind.OPT_OUT: _opt_out,
    Kind.BOUNCE: _bounce,
}


def _note(
    recipient: str,
    raw: bytes,
    *,
    kind: Incoming.Kind,
    outcome: str = "",
    readable: bool = True,
    authenticated: bool = False,
    customer: CustomerId | None = None,
) -> Incoming:
    at = clock.now()
    return Incoming.objects.create(
        received_at=at,
        recipient_kind=kind,
        verdict=Incoming.Verdict.READABLE if readable else Incoming.Verdict.UNREADABLE,
        authenticated=authenticated,
        automatic=parse.is_automatic(parse.read(raw)),
        customer=customer,
        fingerprint=_fingerprint(recipient, raw),
        handled_at=at if outcome else None,
        outcome=outcome,
    )


def _seal(raw: bytes, parsed: Parsed | None, rooms: Rooms) -> CustomerId:
    return gate.seal_mail(
        raw=raw,
        sender=_find_address(parsed.sender) if parsed else None,
        language=parsed.language if parsed else DEFAULT_LANGUAGE,
        jurisdiction=rooms.jurisdiction,
    )


def _find_parsed(raw: bytes) -> Parsed | None:
    try:
        return parse.parse(raw)
    except parse.UnreadableError:
        return None


def _find_address(sender: str) -> str | None:
    try:
        return emails.parse(sender)
    except emails.EmailRefused:
        return None


def _fingerprint(recipient: str, raw: bytes) -> bytes:
    """Return what tells two mails apart, keyed, so that nobody can find their words by trying."""
    key = f"amana.post.fingerprint {recipient.lower()}"
    return salted_hmac(key, raw, secret=settings.SECRET_KEY, algorithm="sha256").digest()
