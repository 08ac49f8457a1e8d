"""Short codes: by one, whoever answered may add later who they are. Only a keyed hash of it is kept."""

import re
import secrets
from datetime import timedelta
from typing import Final

from django.utils.crypto import salted_hmac

from amana.kernel import clock
from amana.kernel.digits import to_western
from amana.surveys.models import Response

# No letter or digit that is mistaken for another: 25 to the power of 8 codes, and guessing is slowed down.
LETTERS: Final = "234789ACDEFGHJKMNPQRTVWXY"
LENGTH: Final = 8
VALID: Final = timedelta(days=30)
_WRITTEN: Final = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015\u2212_.\u200b-\u200f\u2066-\u2069\u061c]")


def make() -> str:
    """Return a new code, drawn at random."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read(text: str) -> str | None:
    """Return a code as it is meant, however it was typed: in any digits, small letters, with spaces; or None."""
    plain = _BETWEEN.sub("", to_western(text)).upper()
    return plain if _WRITTEN.fullmatch(plain) else None


def digest(code: str) -> bytes:
    """Return what is kept of a code: without the deployment's secret nobody finds the code again by trying all."""
    return salted_hmac("amana.surveys.codes", code, algorithm="sha256").digest()


def find(code: str, *, locked: bool = False) -> Response | None:
    """Return the response a code belongs to while it is valid; the latest, should two people have drawn the same."""
    rows = Response.objects.select_for_update() if locked else Response.objects
    since = clock.now() - VALID
    return rows.filter(code=digest(code), received_at__gt=since).order_by("-received_at").first()


def drop_ended() -> int:
    """Empty the codes that are no longer valid; return how many."""
    ended = Response.objects.filter(code__isnull=False, received_at__lte=clock.now() - VALID)
    return ended.update(code=None)


def spelt(code: str) -> str:
    """Return a code as it is shown."""
    return f"{code[:4]}-{code[4:]}"
