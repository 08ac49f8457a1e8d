"""Where somebody came from who wants to sign in, and the way back there.

Only to the origins that the policy names as the retailer's own website, and in the demo to its shop. A cookie of twenty
minutes remembers it until the link in the mail is opened: it tells the browser that asked from any other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from amana.customers.identity import tokens
from amana.kernel.ids import CustomerId
from amana.kernel.text import reader_language
from amana.policy import queries as policy

COOKIE: Final = "amana_asking"
SALT: Final = "amana.customers.returning"
# A little longer than the link in the mail holds.
LASTS: Final = timedelta(minutes=20)
LONGEST: Final = 2000
# What browsers drop or turn round before they look at an address.
_MISREAD: Final = re.compile(r"[\x00-\x20\\\x7f]")


@dataclass(frozen=True, slots=True)
class Asking:
    """The address to go back to, and the end of the asking browser's anonymous id, which it has with consent alone."""

    back: str = ""
    browser: str = ""

    @property
    def query(self) -> str:
        """Return it as the query of an address, with its question mark."""
        given = {"return": self.back, "browser": self.browser}
        words = urlencode({name: value for name, value in given.items() if value})
        return f"?{words}" if words else ""


def asked(given: Mapping[str, Any]) -> Asking:
    """Return what a query or a form says, as far as it is allowed."""
    browser = str(given.get("browser", ""))
    back = allowed(str(given.get("return", "")))
    return Asking(back, browser if back and tokens.BROWSER.fullmatch(browser) else "")


def allowed(address: str) -> str:
    """Return an address without its fragment if it is the retailer's own; else nothing."""
    if not address or len(address) > LONGEST or _MISREAD.search(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if f"{parts.scheme}://{parts.netloc}" in policy.current().policy.website.origins or _in_shop(address):
        return urlunsplit(parts._replace(fragment=""))
    return ""


def home() -> str:
    """Return where the website begins, for whoever came from nowhere; nothing where the policy names none."""
    if settings.AMANA_DEMO:
        return f"{reverse('shop-by-language')}{reader_language()}/"
    return next(iter(policy.current().policy.website.origins), "")


def leading(asking: Asking, *, customer: CustomerId, includes_before: bool) -> str:
    """Return the way back; with a word for the tag in its fragment where the browser has an anonymous id."""
    if not asking.browser:
        return asking.back
    token = tokens.make(customer=customer, browser=asking.browser, includes_before=includes_before)
    return f"{asking.back}#amana={token}"


def permit(response: HttpResponse, asking: Asking) -> HttpResponse:
    """Let a form of this page end on the website: browsers hold `form-action` against redirects too."""
    parts = urlsplit(asking.back)
    if parts.netloc:
        update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
        setattr(response, "_csp_update", update)  # noqa: B010  (what django-csp's own decorator sets)
    return response


def remember(response: HttpResponse, asking: Asking) -> None:
    """Remember in the browser who asked."""
    response.set_cookie(
        COOKIE,
        signing.dumps([asking.back, asking.browser], salt=SALT),
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def find(request: HttpRequest) -> Asking | None:
    """Return what this browser asked for, or None where it was another one."""
    try:
        back, browser = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return asked({"return": back, "browser": browser})


def forget(response: HttpResponse) -> None:
    """Forget who asked."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _in_shop(address: str) -> bool:
    return settings.AMANA_DEMO and address.startswith(reverse("shop-by-language"))
