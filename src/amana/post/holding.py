"""What the post room keeps about a person: that messages were planned for them, and what became of these."""

from collections.abc import Mapping

from amana.kernel.ids import CustomerId
from amana.post.models import Message
from amana.post.queries import Posted, messages_to

# Columns of this room that name a person, as `table.column`.
COLUMNS = ("post_message.customer",)
State = Message.State


def disclose(customer: CustomerId) -> tuple[Posted, ...]:
    """Return every message to one customer."""
    return messages_to(customer=customer, limit=100_000)


def forget(customer: CustomerId) -> Mapping[str, int]:
    """Refuse what was planned for a customer and empty their number everywhere; return how many rows.

    The rows stay for the counts of a campaign and name nobody.
    """
    theirs = Message.objects.filter(customer=customer)
    theirs.filter(state=State.PLANNED).update(state=State.REFUSED, reason="erased")
    return {"post_message": theirs.update(customer=None)}
