"""What all pages behind a link share: they leak nothing, and say no in one way."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amana.gate import queries as gate
from amana.gate.refusals import GateRefused
from amana.gate.values import Link
from amana.kernel.refusal import Refusal

View = Callable[..., HttpResponse]

# One and the same answer: whether a link was never made, is of another kind or its person is gone, nobody
# learns.
UNKNOWN = frozenset({"link_invalid", "link_wrong_scope", "person_unknown"})
ENDED = frozenset({"link_expired", "link_stale"})


def private(view: View) -> View:
    """Keep a page's address out of other sites, caches and search engines; answer refusals in one way."""

    @wraps(view)
    def guarded(request: HttpRequest, *parts: Any, **names: Any) -> HttpResponse:
        try:
            response = view(request, *parts, **names)
        except Refusal as refusal:
            if refusal.code not in UNKNOWN | ENDED:
                raise
            response = problem(request, ended=refusal.code in ENDED)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def problem(request: HttpRequest, *, ended: bool) -> HttpResponse:
    """Say that a link does not hold, and how to get another one."""
    # Whoever wanted to sign in wants the same again, and not the preferences.
    signing_in = getattr(request.resolver_match, "url_name", "") == "link-sign-in"
    page = {"ended": ended, "signing_in": signing_in}
    return render(request, "customers/problem.html", page, status=410 if ended else 404)


def look(token: str, *scopes: str) -> Link:
    """Return what a link is for; changes nothing. Raises GateRefused unless it holds for one of `scopes`."""
    link = gate.look_at_link(token)
    if link.scope not in scopes:
        raise GateRefused.of("link_wrong_scope")
    if link.expired:
        raise GateRefused.of("link_expired")
    return link
