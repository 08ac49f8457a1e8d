"""What the event API has to know of the deployment: read every second, so that no event waits for it."""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db import Error, connection

from amana.collect import calendar, visitors
from amana.collect.judging import rules
from amana.collect.judging.rules import Rules
from amana.gate import standing
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.policy import queries as policy

EVERY_SECONDS: Final = 1.0
# What could not be read for so long is not believed any more.
BELIEVED_SECONDS: Final = 5.0
# So much may wait for the lake; beyond it senders wait, before the disk is full.
MOST_INBOX_BYTES: Final = 8 * 1024**3
LOOPBACK: Final = {"127.0.0.1": "127.0.0.1", "localhost": "localhost", "::1": "[::1]"}
_SOURCES: Final = """SELECT id, write_key, server_key_hash, origins::text
FROM public.collect_source WHERE closed_at IS NULL"""
_INBOX: Final = (
    """SELECT pg_relation_size('public.collect_inbox_0') + pg_relation_size('public.collect_inbox_1')"""
)


@dataclass(frozen=True, slots=True)
class Known:
    """An open source."""

    id: int
    write_key: str
    origins: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the deployment stands, read at `read_at` (monotonic seconds). `refusal`: why nothing is taken in now."""

    refusal: Refusal | None = None
    full: bool = False
    rules: Rules | None = None
    by_write_key: Mapping[str, Known] = field(default_factory=dict)
    by_server_key: Mapping[bytes, Known] = field(default_factory=dict)
    salts: visitors.Salts = field(default_factory=dict)
    zone: dt.tzinfo = dt.UTC
    read_at: float = float("-inf")

    @property
    def stale(self) -> bool:
        """Tell whether this was read too long ago."""
        return time.monotonic() - self.read_at > BELIEVED_SECONDS


def read() -> Standing | None:
    """Read how the deployment stands, on a thread's own connection; None where the database is away."""
    try:
        return _read()
    except Error:
        connection.close()
        return None


def leave() -> None:
    """Close this thread's connection."""
    connection.close()


def _read() -> Standing:
    refusal = standing.find_refusal()
    try:
        published = policy.current()
        allow_list = rules.of(published.version)
    except Refusal as unpublished:
        return Standing(refusal=refusal or unpublished, read_at=time.monotonic())
    zone = calendar.zone_of(published.policy.controller.country)
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES)
        sources = cursor.fetchall()
        cursor.execute(_INBOX)
        (waiting,) = cursor.fetchone()
    known = [
        (Known(number, write_key, _origins(origins, allow_list)), bytes(server_key))
        for number, write_key, server_key, origins in sources
    ]
    return Standing(
        refusal=refusal,
        full=waiting > MOST_INBOX_BYTES,
        rules=allow_list,
        by_write_key={one.write_key: one for one, _ in known},
        by_server_key={server_key: one for one, server_key in known},
        salts=visitors.salts(clock.now().astimezone(zone).date()),
        zone=zone,
        read_at=time.monotonic(),
    )


def _origins(stored: str, allow_list: Rules) -> frozenset[str]:
    own: list[str] = msgspec.json.decode(stored)
    return frozenset(own) if own else allow_list.origins | own_origins(settings.AMANA_PUBLIC_URL)


def own_origins(address: str) -> frozenset[str]:
    """Return the origins of our own pages: on this machine alone, each name it has for itself."""
    scheme, host, port = address.partition("://")[0], urlsplit(address).hostname, urlsplit(address).port
    if host not in LOOPBACK:
        return frozenset({address})
    return frozenset(f"{scheme}://{name}" + (f":{port}" if port else "") for name in LOOPBACK.values())
