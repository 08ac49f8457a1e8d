"""Hand over at once what is already open: an agent's answer, a certificate, the same reply to every stranger.

Nothing of it is kept but that it went: no text, no address. So it cannot be tried again from here; whoever
asked learns what became of it and decides.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from amana.gate.values import Opened
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Language
from amana.post import letters, mime, settling
from amana.post.carrier import Carrier
from amana.post.letters import PROMOTIONAL, Words
from amana.post.models import Content, Message
from amana.post.parse import Parsed
from amana.post.settling import Fate
from amana.post.transports import Envelope
from amana.post.wording import words_of

State = Message.State
LOST_AFTER = timedelta(minutes=10)


def hand_over_opened(
    *,
    person: Opened,
    ref: str,
    kind: str,
    purpose: str,
    words: Words,
    language: Language,
    carrier: Carrier,
    in_reply_to: str = "",
    erased: bool = False,
) -> Message.State:
    """Hand one message to a person the gate has just released and return its state; once for each `ref`.

    `erased` leaves the customer out of the row, for the certificate that names nobody. Promotions never go
    this way. Raises ValueError for one, and for an address that cannot be written to.
    """
    return _hand_over(
        customer=None if erased else person.customer,
        to=person.values["email"],
        name=person.values.get("name", ""),
        links=dict(person.links),
        ref=ref,
        kind=kind,
        purpose=purpose,
        words=words,
        language=language,
        carrier=carrier,
        in_reply_to=in_reply_to,
    )


def answer(
    *, mail: Parsed, ref: str, kind: str, content: UUID, carrier: Carrier, purpose: str = "service"
) -> Message.State | None:
    """Answer whoever wrote, known or not, in the words everybody gets; None for a machine (RFC 3834)."""
    if mail.automatic:
        return None
    words = words_of(Content.objects.get(pk=content), mail.language, "")
    return _hand_over(
        customer=None,
        to=mail.sender,
        name="",
        links={},
        ref=ref,
        kind=kind,
        purpose=purpose,
        words=words,
        language=mail.language,
        carrier=carrier,
        in_reply_to=mail.message_id,
    )


def notify(*, to: str, ref: str, words: Words, language: Language, carrier: Carrier) -> Message.State:
    """Tell a member of staff that something waits, once for each `ref`. The words name no customer.

    Staff are not customers: no purpose is served, and the gate is not asked. Raises ValueError for an address that
    cannot be written to.
    """
    return _hand_over(
        customer=None,
        to=to,
        name="",
        links={},
        ref=ref,
        kind="notice",
        purpose="",
        words=words,
        language=language,
        carrier=carrier,
        in_reply_to="",
    )


def give_up_lost() -> int:
    """Call unconfirmed what was handed over directly by a process that is gone; return how many."""
    lost = Message.objects.filter(batch=None, state=State.TAKEN, taken_at__lt=clock.now() - LOST_AFTER)
    return lost.update(state=State.UNCONFIRMED, reason="crash")


def _hand_over(
    *,
    customer: CustomerId | None,
    to: str,
    name: str,
    links: dict[str, str],
    ref: str,
    kind: str,
    purpose: str,
    words: Words,
    language: Language,
    carrier: Carrier,
    in_reply_to: str,
) -> Message.State:
    if kind in PROMOTIONAL:
        raise ValueError("promotions go through the outbox")
    number = _number(ref)
    draft = letters.draft(
        message=number, kind=kind, words=words, language=language, to=to, name=name, links=links,
        sender=carrier.sender, at=clock.now(), in_reply_to=in_reply_to,
    )  # fmt: skip
    content = mime.build(draft, signer=carrier.signer)
    found = _begin(number, customer=customer, ref=ref, kind=kind, purpose=purpose, language=language)
    if found is not None:
        return found
    with carrier.transport.open() as carriage:
        verdict = carriage.hand(Envelope(number, carrier.sender.return_path(number), to, content))
    fate = settling.fate_of(verdict, attempts=settling.ATTEMPTS)
    return _end(number, Fate(State.FAILED, fate.reason, fate.status) if fate.state == State.PLANNED else fate)


def _number(ref: str) -> UUID:
    """Return the message's number: the same for the same `ref`, and telling nobody anything."""
    digest = salted_hmac("amana.post.direct", ref, secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return UUID(bytes=digest[:16], version=4)


def _begin(
    number: UUID, *, customer: CustomerId | None, ref: str, kind: str, purpose: str, language: Language
) -> Message.State | None:
    at = clock.now()
    try:
        with transaction.atomic():
            Message.objects.create(
                id=number, customer=customer, ref=ref, kind=kind, purpose=purpose, channel="email",
                language=language, state=State.TAKEN, attempts=1, planned_at=at, taken_at=at,
            )  # fmt: skip
    except IntegrityError:
        return State(Message.objects.values_list("state", flat=True).get(pk=number))
    return None


def _end(number: UUID, fate: Fate) -> Message.State:
    at = clock.now()
    Message.objects.filter(pk=number, state=State.TAKEN).update(
        state=fate.state,
        reason=fate.reason,
        status=fate.status,
        handed_over_at=at if fate.state == State.HANDED_OVER else None,
        bounced_at=at if fate.state == State.BOUNCED else None,
    )
    return fate.state
