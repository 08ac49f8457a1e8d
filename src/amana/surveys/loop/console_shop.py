"""A manager's day on a phone, and the notes of what a shop changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.kernel import clock, dates
from amana.kernel.refusal import Refusal
from amana.retailer.guard import StaffRequest, roles
from amana.retailer.queries import Shop
from amana.surveys.definition.document import Text
from amana.surveys.loop import improvements, queries, shown, today
from amana.surveys.loop.console import READERS, reader
from amana.surveys.loop.refusals import LoopRefused
from amana.surveys.loop.shown import Reader
from amana.surveys.reading.shown import Reader as ResultsReader


@never_cache
@require_safe
@roles("shop_manager")
def my_shop(request: StaffRequest) -> HttpResponse:
    """Show one of somebody's shops today."""
    shops, who = queries.shops(request.staff), reader(request)
    if not shops:
        return render(request, "surveys/loop/today.html", {"day": None, "shops": ()})
    shop = _wanted(request, shops)
    found = today.day(request.staff, shop, ResultsReader(who.language, shop.country))
    page = {
        "day": found,
        "name": shop.name.in_(who.language),
        "date": dates.long_date(clock.now().date(), country=shop.country, language=who.language),
        "rows": [shown.row(one, who) for one in found.cases],
        "notes": [_note(one, who) for one in found.notes],
        "shops": [(one.slug, one.name.in_(who.language), one == shop) for one in shops],
        "country": shop.country,
    }
    return render(request, "surveys/loop/today.html", page)


def _wanted(request: StaffRequest, shops: tuple[Shop, ...]) -> Shop:
    """Return the shop that is asked for, the first where none is. Raises LoopRefused for one of another's."""
    slug = request.GET.get("shop", "")
    if not slug:
        return shops[0]
    found = next((shop for shop in shops if shop.slug == slug), None)
    if found is None:
        raise LoopRefused.of("case_unknown")
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(*READERS)
def notes(request: StaffRequest) -> HttpResponse:
    """List what shops changed, and write it."""
    if request.method == "POST":
        return _write(request)
    return _page(request, _edited(request))


def _write(request: StaffRequest) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("ar", "en", "shop", "note")}
    note, shop = _number(typed["note"]), _number(typed["shop"])
    try:
        made = improvements.write(
            staff=request.staff, shop=shop or 0, text=Text(ar=typed["ar"], en=typed["en"]), note=note
        )
        if request.POST.get("do") == "publish":
            improvements.publish(staff=request.staff, note=made)
            messages.success(request, _("The note is public now."))
        else:
            messages.success(request, _("The draft is kept. Nobody outside sees it."))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _page(request, typed, refusal)
    return HttpResponseRedirect(reverse("improvement-list"))


@never_cache
@require_POST
@roles(*READERS)
def publish(request: StaffRequest, number: int) -> HttpResponse:
    """Show a note to everybody."""
    try:
        improvements.publish(staff=request.staff, note=number)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _page(request, {}, refusal)
    messages.success(request, _("The note is public now."))
    return HttpResponseRedirect(reverse("improvement-list"))


@never_cache
@require_POST
@roles(*READERS)
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    """Take a note back."""
    improvements.withdraw(staff=request.staff, note=number)
    messages.success(request, _("The note is taken back. It can be published again."))
    return HttpResponseRedirect(reverse("improvement-list"))


def _edited(request: StaffRequest) -> dict[str, str]:
    """Return a draft's texts where one is asked for."""
    number = _number(request.GET.get("note", ""))
    if number is None:
        return {}
    found = queries.note_row(request.staff, number)
    return {
        "ar": found.text_ar,
        "en": found.text_en,
        "shop": str(found.shop),
        "note": str(found.pk) if found.state != "published" else "",
    }


def _page(request: StaffRequest, typed: dict[str, str], refusal: Refusal | None = None) -> HttpResponse:
    who = reader(request)
    own = None if request.staff.shops is None else sorted(request.staff.shops)
    page = {
        "notes": [_note(one, who) for one in queries.notes(own)],
        "shops": [
            (str(one.id), one.name.in_(who.language), str(one.id) == typed.get("shop"))
            for one in queries.shops(request.staff)
        ],
        "typed": typed,
        "problem": refusal.message_in(who.language) if refusal else "",
        "longest": improvements.LONGEST,
    }
    return render(request, "surveys/loop/notes.html", page, status=refusal.status if refusal else 200)


def _note(one: queries.Note, who: Reader) -> dict[str, Any]:
    state, mark = shown.NOTES[one.state]
    shop = who.shops.get(one.shop)
    return {
        "note": one,
        "text": one.text.in_(who.language) or one.text.ar or one.text.en,
        "state": state,
        "mark": mark,
        "shop": who.shop(one.shop),
        "by": who.colleague(one.written_by),
        "slug": shop.slug if shop else "",
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
