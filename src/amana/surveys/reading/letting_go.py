"""Let go of what was read: when its person is erased or no longer allows it, and when its time is over."""

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from amana.gate import queries as gate
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.policy import queries as policy
from amana.surveys.models import Candidate, Signal, Theme, Waiting

CHUNK: Final = 5_000
OPEN: Final = (Candidate.State.FOUND, Candidate.State.HELD)
COLUMNS: Final = frozenset(
    {
        "public.surveys_waiting.customer",
        "public.surveys_theme.customer",
        "public.surveys_signal.customer",
        "public.surveys_candidate.customer",
    }
)


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return what was read out of one customer's words, and what of them is kept back and why."""
    found: dict[str, object] = {}
    for theme in Theme.objects.filter(customer=customer).order_by("id"):
        found[f"theme {theme.pk}"] = {
            "theme": theme.theme,
            "sentiment": theme.sentiment,
            "day": theme.day.isoformat(),
        }
    for signal in Signal.objects.filter(customer=customer).order_by("id"):
        found[f"wish {signal.pk}"] = {"about": signal.about, "product": signal.product, "size": signal.size}
    for one in Candidate.objects.filter(customer=customer).order_by("id"):
        found[f"kept back {one.pk}"] = {"why": one.kind, "state": one.state, "until": one.due_at.isoformat()}
    if Waiting.objects.filter(customer=customer).exists():
        found["waiting"] = {"texts": Waiting.objects.filter(customer=customer).count()}
    return found


def forget(customer: CustomerId) -> int:
    """Remove what was read out of a customer's words and what waits to be read; return how many rows went."""
    return _remove([customer])


def drop(responses: Collection[UUID]) -> int:
    """Remove all that was read or chosen in these responses, as when they are no longer to be counted."""
    theirs = Q(response__in=responses)
    _end_candidates(theirs)
    return sum(model.objects.filter(theirs).delete()[0] for model in (Waiting, Theme, Signal))


def let_go() -> int:
    """Remove what was read out of words whose person no longer allows that; return how many rows went."""
    gone = 0
    for model, purpose in (
        (Theme, "feedback"),
        (Waiting, "feedback"),
        (Signal, "product_fit"),
        (Signal, "feedback"),
    ):
        people = model.objects.filter(customer__isnull=False).values_list("customer", flat=True).distinct()
        for chunk in _chunks(people.order_by("customer").iterator(CHUNK)):
            lapsed = gate.lapsed(session=settings.AMANA_SYSTEM_TOKEN, purpose=purpose, people=chunk)
            if lapsed:
                gone += model.objects.filter(customer__in=lapsed).delete()[0]
    return gone


def end_retention() -> int:
    """Remove what was read or chosen longer ago than the policy keeps it; return how many rows went."""
    running = policy.current().policy
    kept, today = running.surveys.retention, clock.today(running.controller.country)
    before = today - (kept.after(today) - today)
    return sum(model.objects.filter(day__lt=before).delete()[0] for model in (Waiting, Theme, Signal))


@transaction.atomic
def _remove(customers: Collection[CustomerId]) -> int:
    theirs = Q(customer__in=customers)
    ended = _end_candidates(theirs)
    return ended + sum(model.objects.filter(theirs).delete()[0] for model in (Waiting, Theme, Signal))


def _end_candidates(theirs: Q) -> int:
    now = clock.now()
    Candidate.objects.filter(theirs, state__in=OPEN).update(state=Candidate.State.GONE, settled_at=now)
    return Candidate.objects.filter(theirs, customer__isnull=False).update(customer=None, task=None)


def _chunks(people: Iterable[UUID | None]) -> Iterable[list[CustomerId]]:
    waiting = (CustomerId(person) for person in people if person is not None)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
