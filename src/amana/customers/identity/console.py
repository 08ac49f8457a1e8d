"""Staff's pages: the conflicts that wait, one customer's browsers and merges, each decision confirmed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.customers.identity import actions, queries, shown
from amana.customers.identity.forms import CustomerForm, ReasonForm
from amana.customers.shown import Reader
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, reader_language
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest, roles

DECIDERS = ("service", "data_protection_officer")


@never_cache
@require_safe
@roles(*DECIDERS)
def conflicts(request: StaffRequest) -> HttpResponse:
    """Show what waits for a decision, and open a customer by their number."""
    form = CustomerForm(request.GET if "customer" in request.GET else None)
    if form.is_bound and form.is_valid():
        return _to(form.cleaned_data["customer"])
    rows = shown.conflicts(queries.conflicts(), policy.current().policy, _reader())
    page = {"rows": rows, "form": form}
    return render(request, "customers/conflicts.html", page, status=400 if form.errors else 200)


@never_cache
@require_safe
@roles(*DECIDERS)
def customer(request: StaffRequest, number: UUID) -> HttpResponse:
    """Show one customer's browsers, merges and conflicts; never who they are."""
    return _page(request, CustomerId(number))


def _page(
    request: StaffRequest, who: CustomerId, *, form: CustomerForm | None = None, status: int = 200
) -> HttpResponse:
    running, reader = policy.current().policy, _reader()
    page: dict[str, Any] = {
        "customer": str(who),
        "whole": str(queries.whole_of(who)),
        "others": [str(one) for one in queries.together_with(who) if one != who],
        "browsers": shown.browsers(queries.pseudonyms_of_whole(who), running, reader),
        "merges": shown.merges(queries.merges_of(who), _names(request), reader),
        "conflicts": shown.conflicts(queries.conflicts(customer=who), running, reader),
        "form": form or CustomerForm(),
    }
    return render(request, "customers/identity.html", page, status=status)


@never_cache
@require_POST
@roles(*DECIDERS)
def detach(request: StaffRequest, number: UUID) -> HttpResponse:
    """Unlink a browser that was linked by one act."""
    for edge in request.POST.getlist("edge"):
        if edge.isascii() and edge.isdigit() and len(edge) < 19:
            actions.detach(edge=int(edge), customer=CustomerId(number), session=request.staff.token)
    messages.success(request, gettext("The browser is no longer linked."))
    return _to(CustomerId(number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(*DECIDERS)
def merge(request: StaffRequest, number: UUID) -> HttpResponse:
    """Ask for the reason, then hold somebody else to be this customer too."""
    survivor = CustomerId(number)
    other = CustomerForm(request.POST if request.method == "POST" else request.GET)
    if not other.is_valid():
        return _page(request, survivor, form=other, status=400)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    page = {"customer": str(survivor), "other": str(other.cleaned_data["customer"]), "form": form}
    if form.is_valid():
        try:
            actions.merge(
                survivor=survivor,
                other=other.cleaned_data["customer"],
                session=request.staff.token,
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message_in(reader_language()))
            return render(request, "customers/merge.html", page, status=refusal.status)
        messages.success(request, gettext("The two count as one person from now on."))
        return _to(survivor)
    return render(request, "customers/merge.html", page, status=400 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(*DECIDERS)
def undo(request: StaffRequest, number: UUID, made: int) -> HttpResponse:
    """Ask for the reason, then undo a merge."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    page = {"customer": str(number), "merge": made, "form": form}
    if form.is_valid():
        try:
            actions.undo(merge=made, session=request.staff.token, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error(None, refusal.message_in(reader_language()))
            return render(request, "customers/undo.html", page, status=refusal.status)
        messages.success(request, gettext("The merge is undone. Everybody has again what was theirs."))
        return _to(CustomerId(number))
    return render(request, "customers/undo.html", page, status=400 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(*DECIDERS)
def settle(request: StaffRequest, conflict: int) -> HttpResponse:
    """Ask for the reason, then leave a browser where it is or move it to whoever claimed it."""
    found = next((one for one in queries.conflicts() if one.id == conflict), None)
    if found is None:
        raise Refusal.of("conflict_unknown")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    [row] = shown.conflicts([found], policy.current().policy, _reader())
    if form.is_valid():
        outcome: actions.Settled = "moved" if request.POST.get("outcome") == "moved" else "kept"
        actions.settle(
            conflict=conflict,
            outcome=outcome,
            session=request.staff.token,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, gettext("The conflict is settled."))
        return HttpResponseRedirect(reverse("identity"))
    page = {"row": row, "form": form}
    return render(request, "customers/settle.html", page, status=400 if form.is_bound else 200)


def _to(who: CustomerId) -> HttpResponse:
    return HttpResponseRedirect(reverse("identity-customer", args=[who]))


def _reader() -> Reader:
    return Reader(reader_language(), policy.current().policy.controller.country)


def _names(request: StaffRequest) -> dict[int, Bilingual]:
    return {one.id: one.name for one in retailer.colleagues(session=request.staff.token)}
