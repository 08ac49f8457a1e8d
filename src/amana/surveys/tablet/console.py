"""The tablets' pages in the console: the fleet, a new tablet, one tablet, and the posters with QR codes."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.kernel.refusal import Refusal
from amana.retailer.guard import StaffRequest, roles
from amana.retailer.queries import StaffSession
from amana.surveys.tablet import actions, queries, refusals, shown

ROLES: Final = ("administrator", "shop_manager")


class NameForm(forms.Form):
    """What a tablet is called."""

    name = forms.CharField(
        label=_("Name of the tablet"),
        max_length=60,
        help_text=_("Where it stands: by the till, at the fitting rooms."),
    )


class InviteForm(NameForm):
    """A new tablet: its name, and the shop it asks for."""

    shop = forms.TypedChoiceField(label=_("Shop"), coerce=int)

    def __init__(self, *arguments: Any, staff: StaffSession, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["shop"].choices = shown.shop_choices(staff.shops)  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """The shop a tablet asks for."""

    shop = forms.TypedChoiceField(label=_("Shop"), coerce=int)

    def __init__(self, *arguments: Any, staff: StaffSession, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["shop"].choices = shown.shop_choices(staff.shops)  # type: ignore[attr-defined]


@never_cache
@require_safe
@roles(*ROLES)
def fleet(request: StaffRequest) -> HttpResponse:
    """List the tablets and how they are; teach the first one."""
    return render(request, "surveys/tablet/fleet.html", {"fleet": shown.fleet(request.staff.shops)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(*ROLES)
def enrol(request: StaffRequest) -> HttpResponse:
    """Make a code for a new tablet, and show it once."""
    form = InviteForm(request.POST or None, staff=request.staff)
    if request.method == "POST" and form.is_valid():
        made = actions.invite(
            shop=form.cleaned_data["shop"], name=form.cleaned_data["name"], staff=request.staff.staff
        )
        # In the answer to the POST and nowhere else: only its fingerprint is kept.
        page = {"invitation": shown.invitation(made, form.cleaned_data["name"], form.cleaned_data["shop"])}
        return render(request, "surveys/tablet/code.html", page)
    return render(request, "surveys/tablet/enrol.html", {"form": form}, status=400 if form.is_bound else 200)


@never_cache
@require_safe
@roles(*ROLES)
def tablet(request: StaffRequest, number: UUID) -> HttpResponse:
    """Show one tablet."""
    return _page(request, number)


@never_cache
@require_POST
@roles(*ROLES)
def rename(request: StaffRequest, number: UUID) -> HttpResponse:
    """Call a tablet otherwise."""
    queries.get(number, request.staff.shops)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, number, name=form)
    actions.rename(device=number, name=form.cleaned_data["name"])
    messages.success(request, gettext("The tablet has its new name."))
    return HttpResponseRedirect(reverse("tablet-shown", args=[number]))


@never_cache
@require_POST
@roles(*ROLES)
def move(request: StaffRequest, number: UUID) -> HttpResponse:
    """Let a tablet ask for another shop."""
    queries.get(number, request.staff.shops)
    form = MoveForm(request.POST, staff=request.staff)
    if not form.is_valid():
        return _page(request, number, place=form)
    actions.move(device=number, shop=form.cleaned_data["shop"], staff=request.staff.staff)
    messages.success(request, gettext("The tablet is moved. It learns of it when it connects next."))
    return HttpResponseRedirect(reverse("tablet-shown", args=[number]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(*ROLES)
def revoke(request: StaffRequest, number: UUID) -> HttpResponse:
    """Ask whether a tablet is to be revoked, and do it."""
    found = queries.get(number, request.staff.shops)
    if request.method != "POST":
        return render(request, "surveys/tablet/revoke.html", {"row": shown.row(found)})
    actions.revoke(device=number, staff=request.staff.staff)
    messages.success(request, gettext("The tablet is revoked. Nothing more is taken in from it."))
    return HttpResponseRedirect(reverse("tablet-list"))


@never_cache
@require_POST
@roles(*ROLES)
def refused_seen(request: StaffRequest) -> HttpResponse:
    """Note that somebody looked at why answers were refused."""
    device, reason = _posted(request)
    actions.mark_seen(device=device, reason=reason, staff=request.staff.staff)
    messages.success(request, gettext("Noted. The answers are kept sealed for 30 more days."))
    return _back(device)


@never_cache
@require_POST
@roles(*ROLES)
def refused_again(request: StaffRequest) -> HttpResponse:
    """Let refused answers be judged once more."""
    device, reason = _posted(request)
    actions.retry(device=device, reason=reason, staff=request.staff.staff)
    messages.success(
        request, gettext("The answers are judged once more. What still cannot be taken in comes back here.")
    )
    return _back(device)


def _posted(request: StaffRequest) -> tuple[UUID | None, str]:
    """Return which refused answers are meant. Raises Refusal tablet_unknown unless they are this member's to see."""
    given = request.POST.get("device", "")
    try:
        device = UUID(given) if given else None
    except ValueError:
        raise Refusal.of(refusals.UNKNOWN) from None
    if device is not None:
        queries.get(device, request.staff.shops)
    elif request.staff.shops is not None:
        # What came by the web belongs to no tablet, and so to no shop's manager.
        raise Refusal.of(refusals.UNKNOWN)
    return device, request.POST.get("reason", "")


def _back(device: UUID | None) -> HttpResponse:
    return HttpResponseRedirect(reverse("tablet-shown", args=[device]) if device else reverse("tablet-list"))


def _page(
    request: StaffRequest, number: UUID, *, name: NameForm | None = None, place: MoveForm | None = None
) -> HttpResponse:
    found = queries.get(number, request.staff.shops)
    page = {
        "row": shown.row(found),
        "refused": shown.refused(number),
        "name": name or NameForm(initial={"name": found.name}),
        "place": place
        or MoveForm(staff=request.staff, initial={"shop": found.shop.id if found.shop else None}),
        "by": shown.colleague(request.staff, found.enrolled_by),
    }
    return render(request, "surveys/tablet/tablet.html", page, status=400 if name or place else 200)
