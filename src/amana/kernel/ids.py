"""Name people by random numbers that say nothing about them."""

import os
import re
from collections.abc import Callable
from typing import NewType
from uuid import RFC_4122, UUID

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

CustomerId = NewType("CustomerId", UUID)

_CANONICAL = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)

register(
    "customer_id_invalid",
    Bilingual(
        ar="هذا ليس رقم عميل صحيحًا. يُرجى نسخه كاملًا كما ورد.",
        en="This is not a customer id. Please copy it whole, as it was given.",
    ),
    status=404,
)


class CustomerIdRefused(Refusal):
    """Say that a text is not a customer id."""


def new(*, randomness: Callable[[int], bytes] = os.urandom) -> CustomerId:
    """Make a customer id from 16 bytes of `randomness` (RFC 9562, version 4)."""
    return CustomerId(UUID(bytes=randomness(16), version=4))


def parse(text: str) -> CustomerId:
    """Read a customer id in the hyphenated form of RFC 9562, section 4; upper case is accepted.

    Raises CustomerIdRefused for anything else, also for UUIDs that are not random ones.
    """
    stripped = text.strip()
    if _CANONICAL.fullmatch(stripped):
        value = UUID(stripped)
        if value.variant == RFC_4122 and value.version == 4:
            return CustomerId(value)
    raise CustomerIdRefused.of("customer_id_invalid")
