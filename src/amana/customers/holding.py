"""What this room keeps about a person: browsers linked to them, merges with others, sessions that are open."""

from collections.abc import Mapping

from django.db import connection

from amana.customers.identity import queries
from amana.customers.models import Conflict, Edge, Handover, Session
from amana.gate.holdings import Holding
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return every link to a browser, every claim on one, every merge and every session of this very customer.

    Of somebody merged with them it says nothing but that it happened.
    """
    found: dict[str, object] = {}
    for edge in Edge.objects.filter(customer=customer).order_by("id").select_related("detachment"):
        ended = getattr(edge, "detachment", None)
        found[f"browser {edge.pk}"] = {
            "purpose": edge.purpose,
            "linked_at": edge.at.isoformat(),
            "made_by": edge.made_by,
            "source": edge.source,
            "policy": edge.policy,
            "includes_before": edge.includes_before,
            "ended_at": ended.at.isoformat() if ended else None,
        }
    for claim in Conflict.objects.filter(customer=customer).order_by("id"):
        found[f"claim {claim.pk}"] = {"made_by": claim.made_by, "at": claim.at.isoformat()}
    for number, session in enumerate(Session.objects.filter(customer=customer).order_by("opened_at"), 1):
        found[f"session {number}"] = {
            "opened_at": session.opened_at.isoformat(),
            "seen_at": session.seen_at.isoformat(),
        }
    for merge in queries.merges_of(customer):
        if customer in (merge.survivor, merge.other):
            found[f"merge {merge.id}"] = {
                "at": merge.at.isoformat(),
                "undone_at": merge.undone_at.isoformat() if merge.undone_at else None,
            }
    return found


def forget(customer: CustomerId) -> int:
    """Remove every edge, claim, merge and session of a customer; whoever was merged with them stays whole."""
    open_ones = Session.objects.filter(customer=customer).delete()[0]
    open_ones += Handover.objects.filter(customer=customer).delete()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.customers_forget(%s)", [customer])
        [gone] = cursor.fetchone()
    return int(gone) + open_ones


HOLDING = Holding(
    room="customers",
    title=Bilingual(ar="المتصفحات المرتبطة بك", en="Browsers linked to you"),
    columns=frozenset(
        {
            "public.customers_edge.customer",
            "public.customers_conflict.customer",
            "public.customers_merge.survivor",
            "public.customers_merge.other",
            "public.customers_identity.customer",
            "public.customers_open_conflict.customer",
            "public.customers_whole.customer",
            "public.customers_session.customer",
            "public.customers_handover.customer",
        }
    ),
    disclose=disclose,
    forget=forget,
)
