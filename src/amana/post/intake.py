"""Take mail in: stored before its sender is told so, then acted upon."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from amana.gate import actions as gate
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.post import actions, bounces, mailbox, parse
from amana.post.models import Incoming
from amana.post.parse import DnsLookup

Seal = Callable[[bytes], str]
Kind = Incoming.Kind
# As long as servers go on trying to deliver (RFC 5321, section 4.5.4.1).
AGAIN = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where mail goes. Without `mailboxes` there is no demo, and only the service address exists."""

    service_address: str
    seal: Seal
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
    kept = _find_again(recipient, raw) or _keep(kind, recipient, raw, rooms)
    if kept.handled_at is None and kind is not Kind.SERVICE:
        settle(incoming=kept.pk, outcome=_act(kind, recipient, raw))
    return kept.pk


def settle(*, incoming: UUID, outcome: str) -> None:
    """Note that a mail was dealt with, and how."""
    Incoming.objects.filter(pk=incoming, handled_at=None).update(handled_at=clock.now(), outcome=outcome)


def _keep(kind: Incoming.Kind, recipient: str, raw: bytes, rooms: Rooms) -> Incoming:
    try:
        automatic = parse.parse(raw).automatic
        verdict = Incoming.Verdict.READABLE
    except parse.UnreadableError:
        automatic, verdict = parse.is_automatic(parse.read(raw)), Incoming.Verdict.UNREADABLE
    return Incoming.objects.create(
        received_at=clock.now(),
        recipient_kind=kind,
        verdict=verdict,
        authenticated=parse.is_authenticated(raw, lookup=rooms.lookup),
        automatic=automatic,
        ref=rooms.seal(raw),
        fingerprint=_fingerprint(recipient, raw),
    )


def _find_again(recipient: str, raw: bytes) -> Incoming | None:
    since = clock.now() - AGAIN
    return Incoming.objects.filter(fingerprint=_fingerprint(recipient, raw), received_at__gte=since).first()


def _fingerprint(recipient: str, raw: bytes) -> bytes:
    """Return what tells two mails apart, keyed, so that nobody can find their words by trying."""
    key = f"amana.post.fingerprint {recipient.lower()}"
    return salted_hmac(key, raw, secret=settings.SECRET_KEY, algorithm="sha256").digest()


def _act(kind: Incoming.Kind, recipient: str, raw: bytes) -> str:
    if kind is Kind.OPT_OUT:
        return _opt_out(raw)
    message = bounces.find_message(recipient)
    verdict = bounces.find_bounce(parse.read(raw))
    if message is None or verdict is None:
        return "no_report"
    return "bounced" if actions.bounce(message=message, verdict=verdict) else "unknown_message"


def _opt_out(raw: bytes) -> str:
    """Carry out an unsubscribe mail (RFC 2369, section 3.2): its subject is the link's token."""
    subject = dict(parse.headers(raw)).get("Subject", "")
    token = "".join(subject.split())
    try:
        gate.opt_out(token, language=parse.language_of(""))
    except Refusal as refusal:
        return refusal.code
    return "opted_out"
