"""Who may reach a page: one guard for each mount, and every mount denies by default."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse

from amana.customers import sessions
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.retailer import guard, queries

GUARD = "amana_guard"
View = Callable[..., HttpResponse]

register(
    "page_not_yours",
    Bilingual(ar="لا يشمل دورك هذه الصفحة.", en="Your role does not include this page."),
    403,
)


def console(pages: Iterable[URLPattern]) -> list[URLPattern]:
    """Guard the staff's pages: an open session, and one of the roles that the view names."""
    return [_guarded(page, _for_staff, "console") for page in pages]


def portal(pages: Iterable[URLPattern]) -> list[URLPattern]:
    """Guard the customers' own pages: somebody is signed in, and the view finds them as `request.mine`."""
    return [_guarded(page, _for_customer, "portal") for page in pages]


def public(pages: Iterable[URLPattern]) -> list[URLPattern]:
    """Mark pages that anybody may read."""
    return [_guarded(page, _as_it_is, "public") for page in pages]


def machines(pages: Iterable[URLPattern]) -> list[URLPattern]:
    """Mark addresses for machines; what they may do is decided by the view's own key or token."""
    return [_guarded(page, _as_it_is, "machines") for page in pages]


def unguarded(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    """Return every address that passed no guard."""
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += unguarded(pattern.url_patterns)
        elif getattr(pattern.callback, GUARD, None) is None:
            found.append(str(pattern.pattern))
    return found


def _guarded(page: URLPattern, protect: Callable[[View], View], name: str) -> URLPattern:
    callback = protect(page.callback)
    setattr(callback, GUARD, name)
    return URLPattern(page.pattern, callback, page.default_args, page.name)


def _as_it_is(view: View) -> View:
    @wraps(view)
    def reached(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return view(request, *arguments, **named)

    return reached


def _for_staff(view: View) -> View:
    needed: frozenset[str] = getattr(view, guard.ROLES_ATTRIBUTE, frozenset())

    @wraps(view)
    def reached(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        token = guard.find_token(request)
        staff = queries.find_session(token) if token else None
        if staff is None:
            return _to_sign_in(request)
        if staff.must_change:
            return redirect("staff-password")
        if staff.second:
            return redirect("staff-second-factor")
        if not needed & staff.roles:
            raise Refusal.of("page_not_yours")
        setattr(request, "staff", staff)  # noqa: B010  (Django's request has no such attribute of its own)
        response = view(request, *arguments, **named)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return reached


def _for_customer(view: View) -> View:
    @wraps(view)
    def reached(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        mine = sessions.find(request)
        if mine is None:
            query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
            response: HttpResponse = redirect(f"{reverse('sign-in')}{query}")
            sessions.take(response)
            return response
        setattr(request, "mine", mine)  # noqa: B010  (Django's request has no such attribute of its own)
        response = view(request, *arguments, **named)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return reached


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and from there back, where a page can be fetched again.

    A fragment that htmx fetched would swallow the sign-in page: it is told to leave the page instead.
    """
    address = reverse("staff-sign-in")
    if request.method == "GET" and not request.headers.get("HX-Request"):
        address = f"{address}?{urlencode({'next': request.get_full_path()})}"
    response: HttpResponse = redirect(address)
    if request.headers.get("HX-Request"):
        response = HttpResponse(headers={"HX-Redirect": address})
    guard.take_token(response)
    return response
