"""Slow down whoever tries too often, without keeping where they came from."""

from datetime import timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from amana.customers.models import Visit
from amana.kernel import addresses, clock
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

WINDOW = timedelta(hours=1)

register(
    "too_many_visits",
    Bilingual(
        ar="وصلتنا محاولات كثيرة من شبكتك. يُرجى الانتظار قليلًا ثم إعادة المحاولة؛ لم نفقد شيئًا مما كتبته.",
        en="Too many attempts came from your network. Please wait a little and try again; what you"
        " wrote is still here.",
    ),
    429,
)


class TooManyVisits(Refusal):
    """Say that a network has to wait."""


def check(*, act: str, address: str, most: int) -> None:
    """Count one attempt at `act` from a network address and refuse beyond `most` an hour.

    Raises TooManyVisits. Without an address (a proxy's Unix socket) nothing is counted.
    """
    network = addresses.truncated(address)
    if network and _count(f"{act}|{network}") > most:
        raise TooManyVisits.of("too_many_visits")


def is_first(what: str) -> bool:
    """Tell whether something happens for the first time within an hour, and remember that it did."""
    return _seen(what) == 1


def _count(what: str) -> int:
    hour = int(clock.now().timestamp() // WINDOW.total_seconds())
    return _seen(f"{what}|{hour}")


def _seen(what: str) -> int:
    at = clock.now()
    digest = salted_hmac("amana.customers.limits", what, algorithm="sha256").digest()
    Visit.objects.filter(ends_at__lte=at).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.customers_visit AS v (digest, count, ends_at) VALUES (%s, 1, %s)"
            " ON CONFLICT (digest) DO UPDATE SET count = v.count + 1 RETURNING v.count",
            [digest, at + WINDOW],
        )
        [count] = cursor.fetchone()
    return int(count)
