"""What the desk keeps about a person: that they wrote, when, and what it was about. The words are the gate's."""

from collections.abc import Mapping

from django.db.models import Q

from amana.desk.models import Conversation, Letter
from amana.gate.holdings import Holding
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return the conversations of one customer: when they wrote, what it was taken for, where it stands."""
    theirs = Conversation.objects.filter(
        Q(customer=customer) | Q(owner=customer) | Q(letters__customer=customer)
    ).distinct()
    return {
        str(one.pk): {
            "received_at": one.received_at.isoformat(),
            "intent": one.intent,
            "state": one.state,
            "language": one.language,
        }
        for one in theirs.order_by("received_at")
    }


def forget(customer: CustomerId) -> int:
    """Empty the customer's number and the mark of their address everywhere, and close; return how many rows.

    The rows stay for the service levels and name nobody.
    """
    theirs = Conversation.objects.filter(Q(customer=customer) | Q(owner=customer))
    theirs.exclude(state=Conversation.State.DONE).update(
        state=Conversation.State.DONE, closed_at=clock.now(), task=None
    )
    marks = [bytes(mark) for mark in theirs.values_list("sender", flat=True) if mark is not None]
    Conversation.objects.filter(sender__in=marks).update(sender=None)
    owned = Conversation.objects.filter(owner=customer).update(owner=None)
    wrote = Conversation.objects.filter(customer=customer).update(customer=None)
    return owned + wrote + Letter.objects.filter(customer=customer).update(customer=None)


HOLDING = Holding(
    room="desk",
    title=Bilingual(ar="مراسلاتك مع خدمة العملاء", en="Your correspondence with customer service"),
    columns=frozenset(
        {
            "public.desk_conversation.customer",
            "public.desk_conversation.owner",
            "public.desk_letter.customer",
        }
    ),
    disclose=disclose,
    forget=forget,
)
