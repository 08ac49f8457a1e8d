"""A short-lived word that a browser carries from a page of ours to the retailer's website.

It says: whoever holds this browser has signed in as this customer. The tag hands it over once, with its anonymous
id; the server that takes events in reads it and attaches. It is random and names nobody. It is worth nothing after ten
minutes, a second time, or in another browser than the one that asked: an address that somebody else sends attaches
nothing.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.db import connection

from amana.customers.models import Handover
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

LASTS: Final = timedelta(minutes=10)
SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
# A browser that asks shows the end of its anonymous id, and keeps the rest to itself.
END: Final = 8
BROWSER: Final = re.compile(rf"[A-Za-z0-9-]{{{END}}}")
# A shorter id could be guessed from its end.
SHORTEST_ID: Final = 20

register(
    "handover_ended",
    Bilingual(
        ar="انتهت صلاحية الربط أو استُخدم من قبل أو طُلب من متصفح آخر. يُرجى تسجيل الدخول من الموقع مرة أخرى.",
        en="This has ended, was used before or was asked for by another browser. Please sign in from the website"
        " again.",
    ),
    410,
)


@dataclass(frozen=True, slots=True)
class Handed:
    """Whom a browser belongs to, and whether what was browsed before counts too."""

    customer: CustomerId
    includes_before: bool


def make(*, customer: CustomerId, browser: str, includes_before: bool) -> str:
    """Return a token for whoever is signed in; `browser` is the end of the asking browser's anonymous id."""
    at = clock.now()
    Handover.objects.filter(ends_at__lte=at).delete()
    token = secrets.token_urlsafe(32)
    Handover.objects.create(
        digest=_digest(token, browser),
        customer=customer,
        includes_before=includes_before,
        ends_at=at + LASTS,
    )
    return token


def take(token: str, *, anonymous_id: str) -> Handed:
    """Return whom a token stands for, once, within ten minutes, to the browser that asked. Raises Refusal."""
    found = None
    if SHAPE.fullmatch(token) and len(anonymous_id) >= SHORTEST_ID:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM public.customers_handover WHERE digest = %s AND ends_at > %s"
                " RETURNING customer, includes_before",
                [_digest(token, anonymous_id[-END:]), clock.now()],
            )
            found = cursor.fetchone()
    if found is None:
        raise Refusal.of("handover_ended")
    return Handed(CustomerId(found[0]), found[1])


def _digest(token: str, browser: str) -> bytes:
    return sha256(f"{token}|{browser}".encode("utf-8", "surrogatepass")).digest()
