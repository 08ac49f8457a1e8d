"""What the post room keeps about a person: that messages were planned for them, and what became of these."""

from collections.abc import Mapping

from amana.gate.holdings import Holding
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual
from amana.post.models import Message
from amana.post.queries import messages_to

State = Message.State


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return every message to one customer: for what, by which means, when, and where it stands."""
    return {
        str(message.id): {
            "purpose": message.purpose,
            "channel": message.channel,
            "planned_at": message.planned_at.isoformat(),
            "state": message.state,
        }
        for message in messages_to(customer=customer, limit=100_000)
    }


def forget(customer: CustomerId) -> int:
    """Refuse what was planned for a customer and empty their number everywhere; return how many rows.

    The rows stay for the counts of a campaign and name nobody.
    """
    theirs = Message.objects.filter(customer=customer)
    theirs.filter(state=State.PLANNED).update(state=State.REFUSED, reason="erased")
    return theirs.update(customer=None)


HOLDING = Holding(
    room="post",
    title=Bilingual(ar="الرسائل التي أُرسلت إليك", en="Messages sent to you"),
    columns=frozenset({"public.post_message.customer"}),
    disclose=disclose,
    forget=forget,
)
