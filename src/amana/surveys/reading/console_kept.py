"""The officer's page of what was kept back: what it may tell, where it came from, when it goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.kernel.text import DEFAULT_LANGUAGE, find_language
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.guard import roles
from amana.retailer.queries import StaffSession
from amana.surveys.intake import opinions
from amana.surveys.models import Candidate, Response
from amana.surveys.reading import keeping_back
from amana.surveys.reading.keeping_back import CandidateRefused

OFFICER: Final = "data_protection_officer"
MOST: Final = 200
SETTLED: Final = 20
State = Candidate.State


class StaffRequest(HttpRequest):
    """A request that passed the console's guard."""

    staff: StaffSession


@dataclass(frozen=True, slots=True)
class Kept:
    """One candidate as the page shows it."""

    row: Candidate
    kind: str
    field: str
    shop: str


@never_cache
@require_safe
@roles(OFFICER)
def listed(request: StaffRequest) -> HttpResponse:
    """List what is kept back, what goes first at the top, and what was settled last."""
    held = Candidate.objects.filter(state__in=(State.FOUND, State.HELD)).order_by("due_at", "id")
    settled = Candidate.objects.exclude(state__in=(State.FOUND, State.HELD)).order_by("-settled_at", "-id")
    page = {
        "held": _kept(held[:MOST]),
        "count": held.count(),
        "settled": _kept(settled[:SETTLED]),
        "rules": policy.current().policy.surveys.sensitive.values(),
    }
    return render(request, "surveys/reading/kept_back.html", page)


@never_cache
@require_POST
@roles(OFFICER)
def opened(request: StaffRequest, number: int) -> HttpResponse:
    """Open one text to decide on it; its person sees that it was read."""
    one = _held(number)
    assert one.customer is not None
    task = gate.plan(
        session=request.staff.token, kind="request", purpose="rights", people=[CustomerId(one.customer)],
        ref=f"surveys:kept-back:{one.pk}",
    )  # fmt: skip
    opening = gate.open(session=request.staff.token, purpose="rights", fields=[one.field], task=task)
    packed = opening.people[0].values.get(one.field, "") if opening.people else ""
    names = Response.objects.filter(pk=one.response).values_list("texts", flat=True).first() or []
    photo = one.field != "opinion"
    texts = [] if photo or not packed else list(opinions.unpack(packed, names or ["words"]).values())
    page = {"kept": _kept([one])[0], "texts": texts, "photo": packed if photo else ""}
    return render(request, "surveys/reading/kept_back_open.html", page)


@require_POST
@roles(OFFICER)
def free(request: StaffRequest, number: int) -> HttpResponse:
    """Free a text as a false alarm."""
    keeping_back.release(session=request.staff.token, staff=request.staff.staff, candidate=number)
    return redirect("survey-kept-back")


@require_POST
@roles(OFFICER)
def delete(request: StaffRequest, number: int) -> HttpResponse:
    """Delete a text before it is due."""
    keeping_back.purge(session=request.staff.token, staff=request.staff.staff, candidate=number)
    return redirect("survey-kept-back")


def _held(number: int) -> Candidate:
    one = Candidate.objects.filter(pk=number, state=State.HELD, customer__isnull=False).first()
    if one is None:
        raise CandidateRefused.of("candidate_settled")
    return one


def _kept(rows: Iterable[Candidate]) -> list[Kept]:
    running = policy.current().policy
    language = find_language(translation.get_language() or "") or DEFAULT_LANGUAGE
    shops = {shop.id: shop.name.in_(language) for shop in retailer.shops(include_closed=True)}
    return [
        Kept(
            row,
            running.surveys.sensitive[row.kind].wording.in_(language)
            if row.kind in running.surveys.sensitive
            else row.kind,
            running.categories[row.field].wording.in_(language)
            if row.field in running.categories
            else row.field,
            shops.get(row.shop or 0, "–"),
        )
        for row in rows
    ]
