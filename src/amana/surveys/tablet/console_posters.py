"""The posters' pages in the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest, roles
from amana.retailer.queries import Shop
from amana.surveys.builder import queries as builder
from amana.surveys.tablet import posters, queries, refusals

ROLES: Final = ("administrator", "shop_manager", "marketing")
BY_CODE: Final = "qr"


@dataclass(frozen=True, slots=True)
class PosterRow:
    """A shop's poster; `open` when a survey may be answered by its code now."""

    slug: str
    name: str
    region: str
    address: str
    open: bool


@never_cache
@require_safe
@roles(*ROLES)
def poster_list(request: StaffRequest) -> HttpResponse:
    """List the shops' posters."""
    rows = [_row(shop) for shop in queries.reachable_shops(request.staff.shops)]
    page = {"rows": rows, "papers": posters.PAPERS, "shut": any(not row.open for row in rows)}
    return render(request, "surveys/tablet/posters.html", page)


@never_cache
@require_safe
@roles(*ROLES)
def poster(request: StaffRequest, slug: str, paper: str) -> HttpResponse:
    """Send one shop's poster. Raises Refusal shop_unknown, tablet_shop_not_yours."""
    shop = retailer.get_shop(slug)
    if request.staff.shops is not None and shop.id not in request.staff.shops:
        raise Refusal.of(refusals.SHOP)
    return _sent([shop], paper, f"poster-{slug}-{paper}.pdf")


@never_cache
@require_safe
@roles(*ROLES)
def poster_all(request: StaffRequest, paper: str) -> HttpResponse:
    """Send the posters of all shops in one file."""
    shops = queries.reachable_shops(request.staff.shops)
    if not shops:
        raise Refusal.of("shop_unknown")
    return _sent(shops, paper, f"posters-{paper}.pdf")


def _row(shop: Shop) -> PosterRow:
    language = reader_language()
    return PosterRow(
        slug=shop.slug,
        name=shop.name.in_(language),
        region=shop.region.in_(language),
        address=posters.place(shop).address,
        open=bool(builder.open_for(shop.id, BY_CODE)),
    )


def _sent(shops: Sequence[Shop], paper: str, name: str) -> HttpResponse:
    if paper not in posters.PAPERS:
        raise Refusal.of("shop_unknown")
    response = HttpResponse(posters.pdf(shops, paper=paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
