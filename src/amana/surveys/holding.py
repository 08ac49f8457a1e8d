"""What the surveys keep about a person: how they rated a visit."""

from collections.abc import Mapping

from amana.gate.holdings import Holding
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual
from amana.surveys.loop import ending
from amana.surveys.models import Response
from amana.surveys.reading import letting_go
from amana.surveys.taking import invitations


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return every rating one customer gave, and what was read out of their words."""
    found = Response.objects.filter(customer=customer).order_by("answered_at", "id")
    answered = {
        str(response.pk): {
            "shop": response.shop,
            "answers": response.answers,
            "answered_at": response.answered_at.isoformat(),
            "policy": response.policy,
        }
        for response in found
    }
    invited = list(invitations.disclose(customer))
    return {
        **answered,
        **letting_go.disclose(customer),
        **ending.disclose(customer),
        **({"invitations": invited} if invited else {}),
    }


def forget(customer: CustomerId) -> int:
    """Empty a customer's number wherever it stands; return how many ratings no longer lead to anybody."""
    gone = letting_go.forget(customer) + invitations.forget(customer) + ending.forget(customer)
    return gone + Response.objects.filter(customer=customer).update(customer=None)


HOLDING = Holding(
    room="surveys",
    title=Bilingual(ar="تقييماتك لزياراتك", en="How you rated your visits"),
    columns=letting_go.COLUMNS
    | ending.COLUMNS
    | {"public.surveys_response.customer", "public.surveys_invitation.customer"},
    disclose=disclose,
    forget=forget,
)
