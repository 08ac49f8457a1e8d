"""Say which roles a console view needs, and carry the session's token in a cookie."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from amana.retailer.queries import StaffSession

SESSION_COOKIE = "amana_staff"
ROLES_ATTRIBUTE = "amana_roles"
TOKEN_SHAPE = re.compile(r"[0-9a-f]{64}")

View = TypeVar("View", bound=Callable[..., Any])


class StaffRequest(HttpRequest):
    """A request that passed the console's guard."""

    staff: StaffSession


def roles(*names: str) -> Callable[[View], View]:
    """Mark a console view with the roles that may open it (any one of them). Raises ValueError without names.

    The guard of the console's mount reads the mark and refuses views that have none.
    """
    if not names:
        raise ValueError("a console view names at least one role")

    def mark(view: View) -> View:
        setattr(view, ROLES_ATTRIBUTE, frozenset(names))
        return view

    return mark


def find_token(request: HttpRequest) -> str | None:
    """Return the session token the browser sent, or None when it sent nothing of that shape."""
    token = request.COOKIES.get(SESSION_COOKIE, "")
    return token if TOKEN_SHAPE.fullmatch(token) else None


def give_token(response: HttpResponse, token: str, *, secure: bool) -> None:
    """Set the session cookie: gone with the browser, unreadable to scripts, not sent by other sites."""
    response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="Lax", secure=secure)


def take_token(response: HttpResponse) -> None:
    """Remove the session cookie."""
    response.delete_cookie(SESSION_COOKIE, samesite="Lax")


def wanted_page(request: HttpRequest) -> str:
    """Return the page of ours that signing in was meant to lead to, or nothing: never one of somebody else."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""
