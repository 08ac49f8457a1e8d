"""The shop's pages. Each has its own language in its address, and a policy for scripts as strict as a browser knows."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from amana.customers import sessions
from amana.kernel.text import DEFAULT_LANGUAGE, Language, direction, find_language
from amana.surveys.builder import queries as surveys
from amana.web.shop import goods
from amana.web.shop.shown import card, cards, frame

View = Callable[..., HttpResponse]
LONGEST_WORDS = 100
# The survey that is asked after a purchase, where it is open.
AFTER = "product"
RULES = {
    "default-src": NONE,
    "script-src": SELF,
    "connect-src": SELF,
    "style-src": SELF,
    "img-src": SELF,
    "font-src": SELF,
    # The survey after a purchase.
    "frame-src": SELF,
    "form-action": SELF,
    "frame-ancestors": NONE,
    "base-uri": NONE,
    "require-trusted-types-for": "'script'",
    "trusted-types": NONE,
}


def in_demo(view: View) -> View:
    """Answer 404 outside the demo; inside it, in the language of the address and under RULES."""

    @wraps(view)
    def reached(request: HttpRequest, tongue: str, **named: str) -> HttpResponse:
        language = find_language(tongue)
        if not settings.AMANA_DEMO or language is None:
            raise Http404
        with translation.override(language):
            return view(request, language, **named)

    # The library's types know of views without arguments only.
    guarded: View = cast(Any, csp(RULES))(require_safe(reached))
    return guarded


@require_safe
def by_language(request: HttpRequest) -> HttpResponse:
    """Lead to the shop in the reader's language."""
    if not settings.AMANA_DEMO:
        raise Http404
    response = redirect("shop", find_language(get_language_from_request(request)) or DEFAULT_LANGUAGE)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@in_demo
def front(request: HttpRequest, language: Language) -> HttpResponse:
    """Show the departments and what people like."""
    return _page(request, language, "front", {"goods": cards(goods.favourites(), language)})


@in_demo
def department(request: HttpRequest, language: Language, name: str) -> HttpResponse:
    """Show the goods of a department."""
    found = goods.find_department(name)
    if found is None:
        raise Http404
    inside = goods.within(name)
    told = {"list_id": name, "category": name, "products": [good.item for good in inside]}
    words = {
        "title": found.name.in_(language),
        "line": found.line.in_(language),
        "goods": cards(inside, language),
        "told": json.dumps(told),
    }
    return _page(request, language, "department", words)


@in_demo
def good(request: HttpRequest, language: Language, name: str, item: str) -> HttpResponse:
    """Show one good, and others of its department."""
    found = goods.find(item)
    if found is None or found.department != name:
        raise Http404
    others = tuple(one for one in goods.within(name) if one is not found)
    return _page(
        request, language, "good", {"good": card(found, language), "others": cards(others, language)}
    )


@in_demo
def search(request: HttpRequest, language: Language) -> HttpResponse:
    """Show what was found, or what to look at where nothing was."""
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    found = goods.matching(words)
    shown = {"goods": cards(found, language), "favourites": cards(goods.favourites()[:4], language)}
    return _page(request, language, "search", shown, words=words)


@in_demo
def bag(request: HttpRequest, language: Language) -> HttpResponse:
    """Show the one thing that is in the bag: the address holds it, since nothing is kept."""
    return _page(request, language, "bag", _bought(request, language))


@in_demo
def thanks(request: HttpRequest, language: Language) -> HttpResponse:
    """Thank for an order that was none."""
    words = _bought(request, language)
    if "good" not in words:
        raise Http404
    asks = surveys.find_open(AFTER, None, "web") is not None
    return _page(request, language, "thanks", {**words, "asks": AFTER if asks else ""})


def _bought(request: HttpRequest, language: Language) -> dict[str, object]:
    found = goods.find(request.GET.get("item", ""))
    if found is None:
        return {}
    products = [{**found.item, "quantity": 1}]
    return {
        "good": card(found, language),
        "told": json.dumps({"products": products}),
        "told_order": json.dumps({"total": found.aed, "currency": "AED", "products": products}),
    }


def _page(
    request: HttpRequest, language: Language, name: str, shown: Mapping[str, object], *, words: str = ""
) -> HttpResponse:
    signed_in = sessions.find(request) is not None
    around = frame(language, path=request.get_full_path(), signed_in=signed_in, words=words)
    context = {"shop": around, "language": language, "direction": direction(language), **shown}
    response = render(request, f"web/shop/{name}.html", context)
    response.headers["Content-Language"] = language
    # Signed in or not shows on every page.
    response.headers["Cache-Control"] = "no-cache, private"
    return response
