"""The officer's page of what was kept back: what it may tell, where it came from, when it goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest, roles, wanted_page
from amana.surveys import photo
from amana.surveys.intake import opinions
from amana.surveys.intake.opinions import OPINION
from amana.surveys.models import Candidate, Response
from amana.surveys.photo import PHOTO, showing
from amana.surveys.reading import keeping_back
from amana.surveys.reading.keeping_back import CandidateRefused

OFFICER: Final = "data_protection_officer"
MOST: Final = 200
SETTLED: Final = 20
State = Candidate.State


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


@showing
@never_cache
@require_POST
@roles(OFFICER)
def opened(request: StaffRequest, number: int) -> HttpResponse:
    """Open one text or photo to decide on it; its person sees that it was opened."""
    one = _held(number)
    assert one.customer is not None
    asked = {
        "session": request.staff.token, "kind": "request", "purpose": "rights", "ref": f"surveys:kept-{one.pk}",
    }  # fmt: skip
    people = [CustomerId(one.customer)]
    pictured = one.field == PHOTO
    page = {
        "kept": _kept([one])[0],
        "pictured": pictured,
        "photo": photo.opened(**asked, people=people) if pictured else "",
        "texts": [] if pictured else _texts(one, **asked, people=people),
    }
    return render(request, "surveys/reading/kept_back_open.html", page)


def _texts(
    one: Candidate, *, session: str, kind: str, purpose: str, people: list[CustomerId], ref: str
) -> list[str]:
    task = gate.plan(session=session, kind=kind, purpose=purpose, people=people, ref=ref)
    opening = gate.open(session=session, purpose=purpose, fields=[OPINION], task=task)
    packed = opening.people[0].values.get(OPINION, "") if opening.people else ""
    names = Response.objects.filter(pk=one.response).values_list("texts", flat=True).first() or []
    return list(opinions.unpack(packed, names or ["words"]).values()) if packed else []


@require_POST
@roles("analyst", "shop_manager", "service")
def report(request: StaffRequest, response: UUID) -> HttpResponse:
    """Have a text or a photo of one's own shops kept back that tells what nobody asked for."""
    within = Q(pk=response) if request.staff.shops is None else Q(pk=response, shop__in=request.staff.shops)
    if not Response.objects.filter(within).exists():
        raise CandidateRefused.of("candidate_unknown")
    field, kind = request.POST.get("field", ""), request.POST.get("kind", "")
    keeping_back.report(response=response, field=field, kind=kind, staff=request.staff.staff)
    messages.success(
        request, _("It is kept back within seconds, and the data protection officer decides on it.")
    )
    return redirect(wanted_page(request) or "console-home")


@require_POST
@roles(OFFICER)
def free(request: StaffRequest, number: int) -> HttpResponse:
    """Free a text or a photo as a false alarm."""
    keeping_back.release(session=request.staff.token, staff=request.staff.staff, candidate=number)
    return redirect("survey-kept-back")


@require_POST
@roles(OFFICER)
def delete(request: StaffRequest, number: int) -> HttpResponse:
    """Delete a text or a photo before it is due."""
    keeping_back.purge(session=request.staff.token, staff=request.staff.staff, candidate=number)
    return redirect("survey-kept-back")


def _held(number: int) -> Candidate:
    one = Candidate.objects.filter(pk=number, state=State.HELD, customer__isnull=False).first()
    if one is None:
        raise CandidateRefused.of("candidate_settled")
    return one


def _kept(rows: Iterable[Candidate]) -> list[Kept]:
    running = policy.current().policy
    language = reader_language()
    shops = {shop.id: shop.name.in_(language) for shop in retailer.shops(include_closed=True)}
    kinds = {kind: rule.wording.in_(language) for kind, rule in running.surveys.sensitive.items()}
    fields = {name: category.wording.in_(language) for name, category in running.categories.items()}
    return [
        Kept(
            row,
            kinds.get(row.kind, row.kind),
            fields.get(row.field, row.field),
            shops.get(row.shop or 0, "–"),
        )
        for row in rows
    ]
