"""What the rights room keeps about a person: which requests they made, and when."""

from collections.abc import Mapping

from amana.gate.holdings import Holding
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual
from amana.rights.models import Request

State = Request.State


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return each request of one customer and where it stands."""
    found = Request.objects.filter(customer=customer).order_by("opened_at")
    return {
        str(request.pk): {
            "kind": request.kind,
            "state": request.state,
            "opened_at": request.opened_at.isoformat(),
            "due_at": request.due_at.isoformat(),
        }
        for request in found
    }


def forget(customer: CustomerId) -> int:
    """Empty the customer's number in every request of theirs and close what was open; return how many rows.

    It runs in the transaction that erases, so a request says `carried_out` exactly when it was.
    """
    theirs = Request.objects.filter(customer=customer)
    theirs.filter(state__in=[State.RECEIVED, State.CHALLENGED, State.CONFIRMED, State.EXPIRED]).update(
        state=State.CARRIED_OUT, closed_at=clock.now()
    )
    return theirs.update(customer=None)


HOLDING = Holding(
    room="rights",
    title=Bilingual(ar="طلباتك المتعلقة ببياناتك", en="Your requests about your data"),
    columns=frozenset({"public.rights_request.customer"}),
    disclose=disclose,
    forget=forget,
    keeps=Bilingual(
        ar="شهادة الحذف نفسها وتاريخ الطلب، من غير اسم ولا عنوان، لإثبات أن الطلب نُفّذ",
        en="The certificate itself and the date of the request, without name or address, as its proof",
    ),
)
