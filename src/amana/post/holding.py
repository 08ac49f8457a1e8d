"""What the post room keeps about a person: that messages were planned for them, and that mails came in."""

from collections.abc import Mapping

from amana.gate.holdings import Holding
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual
from amana.post.models import Incoming, Message
from amana.post.queries import messages_to

State = Message.State


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return every message to one customer, where it stands, and when mails of theirs came in."""
    came = Incoming.objects.filter(customer=customer).order_by("received_at")
    sent: dict[str, object] = {
        str(message.id): {
            "purpose": message.purpose,
            "channel": message.channel,
            "planned_at": message.planned_at.isoformat(),
            "state": message.state,
        }
        for message in messages_to(customer=customer, limit=100_000)
    }
    received: dict[str, object] = {
        str(mail.pk): {"received_at": mail.received_at.isoformat()} for mail in came
    }
    return sent | received


def forget(customer: CustomerId) -> int:
    """Refuse what was planned for a customer and empty their number everywhere; return how many rows.

    The rows stay and name nobody: for a campaign's counts, and so that a mail delivered again stays gone.
    """
    theirs = Message.objects.filter(customer=customer)
    theirs.filter(state=State.PLANNED).update(state=State.REFUSED, reason="erased")
    mails = Incoming.objects.filter(customer=customer)
    mails.filter(handled_at=None).update(handled_at=clock.now(), outcome="erased")
    return theirs.update(customer=None) + mails.update(customer=None)


HOLDING = Holding(
    room="post",
    title=Bilingual(ar="الرسائل المتبادلة معك", en="Messages to and from you"),
    columns=frozenset({"public.post_message.customer", "public.post_incoming.customer"}),
    disclose=disclose,
    forget=forget,
)
