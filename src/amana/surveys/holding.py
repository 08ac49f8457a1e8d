"""What the surveys keep about a person: how they rated a visit."""

from collections.abc import Mapping

from amana.gate.holdings import Holding
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual
from amana.surveys.models import Response


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return every rating one customer gave."""
    found = Response.objects.filter(customer=customer).order_by("answered_at", "id")
    return {
        str(response.pk): {
            "shop": response.shop,
            "answers": response.answers,
            "answered_at": response.answered_at.isoformat(),
            "policy": response.policy,
        }
        for response in found
    }


def forget(customer: CustomerId) -> int:
    """Empty a customer's number wherever it stands; return how many ratings no longer lead to anybody."""
    return Response.objects.filter(customer=customer).update(customer=None)


HOLDING = Holding(
    room="surveys",
    title=Bilingual(ar="تقييماتك لزياراتك", en="How you rated your visits"),
    columns=frozenset({"public.surveys_response.customer"}),
    disclose=disclose,
    forget=forget,
)
