"""The brand that pages wear, read once a minute."""

import time

from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual
from amana.retailer import queries
from amana.retailer.queries import Brand

SECONDS = 60.0
# What pages wear before a brand is loaded: a refusal page must not be refused for want of one.
UNBRANDED = Brand(slug="amana", name=Bilingual("أمانة", "Amana"), accent="#0d6b58", service_address="")
_kept: dict[str, tuple[float, Brand]] = {}


def brand() -> Brand:
    """Return the brand, at most a minute old; the software's own name before one is loaded."""
    read_at, found = _kept.get("brand", (0.0, UNBRANDED))
    if found is UNBRANDED or time.monotonic() - read_at > SECONDS:
        try:
            found = queries.brand()
        except Refusal:
            return UNBRANDED
        _kept["brand"] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Read the brand anew at the next page."""
    _kept.clear()
