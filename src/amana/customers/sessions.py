"""Keep somebody signed in: for 30 minutes without a page, for twelve hours at most.

The cookie holds a secret. What is kept has its hash, and the person's own link sealed under it: whoever reads the
table can neither sign in nor open the link.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b, sha256
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from amana.customers.models import Session
from amana.gate.values import SignedIn
from amana.kernel import clock
from amana.kernel.ids import CustomerId

COOKIE: Final = "amana_customer"
IDLE: Final = timedelta(minutes=30)
# As long as the link holds that signing in gives.
LONGEST: Final = timedelta(hours=12)
SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
# A key seals once: its nonce need not be random.
NONCE: Final = bytes(12)


@dataclass(frozen=True, slots=True)
class Mine:
    """Who is signed in, and the link by which their own pages read and change what stands."""

    customer: CustomerId
    own: str


class SignedInRequest(HttpRequest):
    """A request that passed the portal's guard."""

    mine: Mine


def start(signed: SignedIn) -> str:
    """Open a session for whoever spent a sign-in link, in the same transaction; return the secret of its cookie."""
    at = clock.now()
    Session.objects.filter(Q(ends_at__lte=at) | Q(seen_at__lte=at - IDLE)).delete()
    secret = secrets.token_urlsafe(32)
    Session.objects.create(
        digest=_digest(secret),
        customer=signed.customer,
        sealed=_seal(secret).encrypt(NONCE, signed.own.encode(), None),
        opened_at=at,
        seen_at=at,
        ends_at=at + LONGEST,
    )
    return secret


def find(request: HttpRequest) -> Mine | None:
    """Return who is signed in with this browser, or None; counts as a sign of life."""
    secret = request.COOKIES.get(COOKIE, "")
    if not SHAPE.fullmatch(secret):
        return None
    at = clock.now()
    live = Session.objects.filter(digest=_digest(secret), ends_at__gt=at, seen_at__gt=at - IDLE)
    found = live.first() if live.update(seen_at=at) else None
    if found is None:
        return None
    own = _seal(secret).decrypt(NONCE, bytes(found.sealed), None).decode()
    return Mine(CustomerId(found.customer), own)


def end(request: HttpRequest) -> None:
    """End this browser's session, if it has one."""
    secret = request.COOKIES.get(COOKIE, "")
    if SHAPE.fullmatch(secret):
        Session.objects.filter(digest=_digest(secret)).delete()


def give(response: HttpResponse, secret: str) -> None:
    """Set the cookie: gone with the browser, unreadable to scripts, not sent by other sites."""
    response.set_cookie(COOKIE, secret, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def take(response: HttpResponse) -> None:
    """Remove the cookie."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _seal(secret: str) -> AESGCM:
    return AESGCM(blake2b(secret.encode(), digest_size=32, person=b"amana.session").digest())
