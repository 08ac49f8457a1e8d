"""Where a survey is open: shop by shop and way by way, with the addresses that lead to it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.retailer import codes
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest, roles
from amana.retailer.queries import Shop
from amana.surveys.builder import actions, addresses, pages, queries, shown
from amana.surveys.builder.pages import MARKETING, READERS
from amana.surveys.builder.queries import Draft, Place


@dataclass(frozen=True, slots=True)
class WayShown:
    """One way of answering, and whether it is open."""

    name: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One shop, or all of them without a number. `own` tells that the shop has a line of its own."""

    key: str
    label: str
    region: str
    own: bool
    ways: tuple[WayShown, ...]
    addresses: tuple[addresses.Address, ...]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(*READERS)
def places(request: StaffRequest, number: int) -> HttpResponse:
    """Show where a survey is open, and change it."""
    head = pages.head(request, number)
    refusal = None
    if request.method == "POST" and head.may_edit:
        try:
            _place(request.POST, head.draft, request.staff.staff)
            messages.success(request, _("Saved. It holds from now on."))
            return HttpResponseRedirect(reverse("survey-places", args=[number]))
        except Refusal as refused:
            refusal = refused
    page = {
        "head": head,
        "tab": "places",
        "everywhere": _everywhere(head.draft),
        "shops": [_shop(head.draft, shop) for shop in retailer.shops()],
        "refusal": refusal.message_in(reader_language()) if refusal else "",
    }
    return render(request, "surveys/builder/places.html", page, status=refusal.status if refusal else 200)


@never_cache
@require_POST
@roles(MARKETING)
def close(request: StaffRequest, number: int) -> HttpResponse:
    """Close a survey everywhere."""
    actions.close(staff=request.staff.staff, survey=number)
    messages.success(request, _("Closed everywhere. Its answers stay."))
    return HttpResponseRedirect(reverse("survey-places", args=[number]))


@never_cache
@require_POST
@roles(MARKETING)
def reopen(request: StaffRequest, number: int) -> HttpResponse:
    """Open a closed survey where it was open."""
    actions.reopen(staff=request.staff.staff, survey=number)
    messages.success(request, _("Open again where it was open before."))
    return HttpResponseRedirect(reverse("survey-places", args=[number]))


@never_cache
@require_safe
@roles(*READERS)
def qr(request: StaffRequest, number: int, shop: str) -> HttpResponse:
    """Draw the QR code that leads to a survey in a shop."""
    found = queries.get_draft(number)
    address = addresses.url_of(found.slug, retailer.get_shop(shop).slug, "qr")
    drawn = codes.qr(address, title=address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return HttpResponse(drawn, content_type="image/svg+xml")


def _place(posted: QueryDict, draft: Draft, staff: int) -> None:
    before = {place.shop: place for place in queries.places(draft.id)}
    actions.place(staff=staff, survey=draft.id, shop=None, ways=posted.getlist("all"))
    for shop in retailer.shops():
        key, own = f"shop-{shop.id}", before.get(shop.id)
        if f"{key}-own" not in posted:
            continue
        # Whoever changes a shop's ticks means that shop, also without saying so.
        ticked = own is None and set(posted.getlist(key)) != set(before[None].ways if None in before else ())
        if ticked or posted.get(f"{key}-own") == "own":
            actions.place(staff=staff, survey=draft.id, shop=shop.id, ways=posted.getlist(key))
        else:
            actions.unplace(staff=staff, survey=draft.id, shop=shop.id)


def _everywhere(draft: Draft) -> PlaceShown:
    found = _found(draft, None)
    return PlaceShown("all", _("All shops"), "", True, _ways(found), ())


def _shop(draft: Draft, shop: Shop) -> PlaceShown:
    language = reader_language()
    own, everywhere = _found(draft, shop.id), _found(draft, None)
    ways = _ways(own or everywhere)
    return PlaceShown(
        key=f"shop-{shop.id}",
        label=shop.name.in_(language),
        region=shop.region.in_(language),
        own=own is not None,
        ways=ways,
        addresses=addresses.of(draft.id, draft.slug, shop, tuple(each.name for each in ways if each.on)),
    )


def _found(draft: Draft, shop: int | None) -> Place | None:
    return next((each for each in queries.places(draft.id) if each.shop == shop), None)


def _ways(place: Place | None) -> tuple[WayShown, ...]:
    on = place.ways if place else ()
    return tuple(WayShown(name, str(label), name in on) for name, label in shown.WAYS.items())
