"""What the door has to know of the deployment: read every second, so that no answer waits for it."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db import Error, connection
from joserfc.jwk import ECKey

from amana.gate import standing
from amana.kernel.refusal import Refusal
from amana.policy import queries as policy
from amana.surveys.intake import keys

log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 1.0
# What could not be read for so long is not believed any more.
BELIEVED_SECONDS: Final = 5.0
# So many envelopes may wait for the worker, or so many bytes of more than a few; beyond, senders wait.
MOST_WAITING: Final = 300_000
MOST_WAITING_BYTES: Final = 8 * 1024**3
FEW: Final = 5_000
# So many answers are kept of a device after it was revoked: all it can have had, and no more than that.
MOST_OF_A_REVOKED: Final = 20_000
_DEVICES: Final = """SELECT d.id, d.shop, d.key::text, d.revoked_at IS NOT NULL,
    CASE WHEN d.revoked_at IS NULL THEN 0 ELSE
        (SELECT count(*) FROM public.surveys_refused r WHERE r.device = d.id) END
FROM public.surveys_device d"""
_WAITING: Final = """SELECT (SELECT count(*) FROM (SELECT FROM public.surveys_envelope LIMIT %s) AS first),
    pg_total_relation_size('public.surveys_envelope')"""


@dataclass(frozen=True, slots=True)
class Tablet:
    """A device that may send: its public key, and whether it was revoked; `full` when no more is kept of it."""

    id: UUID
    shop: int
    key: ECKey
    revoked: bool
    full: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the deployment stands, read at `read_at` (monotonic seconds). `refusal`: why nothing is taken in now."""

    refusal: Refusal | None = None
    full: bool = False
    kids: frozenset[str] = frozenset()
    tablets: Mapping[UUID, Tablet] = field(default_factory=dict)
    read_at: float = float("-inf")

    @property
    def stale(self) -> bool:
        """Tell whether this was read too long ago."""
        return time.monotonic() - self.read_at > BELIEVED_SECONDS


def read() -> Standing | None:
    """Read how the deployment stands, on a thread's own connection; None where the database is away."""
    try:
        return _read()
    except Error as error:
        log.warning("answers: how the deployment stands could not be read (%s)", type(error).__name__)
        connection.close()
        return None


def _read() -> Standing:
    refusal = standing.find_refusal()
    if refusal is None and policy.find_version() is None:
        refusal = Refusal.of("policy_not_published")
    with connection.cursor() as cursor:
        cursor.execute(_DEVICES)
        tablets = [
            Tablet(number, shop, _key(key), revoked, kept >= MOST_OF_A_REVOKED)
            for number, shop, key, revoked, kept in cursor.fetchall()
        ]
        cursor.execute(_WAITING, [MOST_WAITING + 1])
        waiting, size = cursor.fetchone()
    return Standing(
        refusal=refusal,
        full=waiting > MOST_WAITING or (size > MOST_WAITING_BYTES and waiting > FEW),
        kids=keys.known_kids(),
        tablets={tablet.id: tablet for tablet in tablets},
        read_at=time.monotonic(),
    )


@lru_cache(maxsize=100_000)
def _key(jwk: str) -> ECKey:
    return ECKey.import_key(json.loads(jwk))
