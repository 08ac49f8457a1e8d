"""The senders of events: their keys, made, replaced and closed; each change stands in the ledger."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction

from amana.collect.models import Source
from amana.kernel import clock
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.ledger import actions as ledger

WRITE_KEY_BYTES: Final = 18
SERVER_KEY_BYTES: Final = 32
DEMO: Final = "Demo shop"

register(
    "source_unknown",
    Bilingual(ar="لا يوجد مصدر بهذا الرقم، أو أنه أُغلق.", en="There is no such source, or it was closed."),
    404,
)
register(
    "source_origin_malformed",
    Bilingual(
        ar="عنوان الموقع يُكتب بلا مسار، مثل https://shop.example",
        en="A site is written without a path, as in https://shop.example",
    ),
)


class SourceRefused(Refusal):
    """A source cannot be made or changed as asked."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A source as others see it. The server key is known to nobody here."""

    id: int
    name: str
    write_key: str
    origins: tuple[str, ...]
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Made:
    """A source just made or given a new server key, with the key to hand over once."""

    sender: Sender
    server_key: str


def make(*, name: str, origins: Sequence[str] = (), by: int = 0) -> Made:
    """Make a source. `by` is the staff number, 0 for the machine itself. Raises SourceRefused."""
    key = _new_server_key()
    with transaction.atomic():
        row = Source.objects.create(
            name=name,
            write_key=_new_write_key(),
            server_key_hash=hashed(key),
            origins=[origin(text) for text in origins],
            created_at=clock.now(),
        )
        ledger.note(event="collect.source_made", payload={"source": row.pk, "by": by})
    return Made(_sender(row), key)


def replace_write_key(*, source: int, by: int) -> Sender:
    """Give a source another public key; pages with the old one are refused from now on. Raises SourceRefused."""
    return _change(source, by, event="collect.write_key_replaced", write_key=_new_write_key())


def replace_server_key(*, source: int, by: int) -> Made:
    """Give a source another secret key and return it; the old one is refused from now on. Raises SourceRefused."""
    key = _new_server_key()
    return Made(_change(source, by, event="collect.server_key_replaced", server_key_hash=hashed(key)), key)


def close(*, source: int, by: int) -> Sender:
    """Close a source for good: both its keys are refused from now on. Raises SourceRefused."""
    return _change(source, by, event="collect.source_closed", closed_at=clock.now())


def demo_key() -> str:
    """Return the write key of the demo's source, made at the first call."""
    found = Source.objects.filter(name=DEMO, closed_at=None).order_by("id").first()
    return found.write_key if found else make(name=DEMO).sender.write_key


def listed() -> tuple[Sender, ...]:
    """Return every source, open ones first, then by name."""
    rows = sorted(
        Source.objects.all(), key=lambda row: (row.closed_at is not None, row.name.casefold(), row.pk)
    )
    return tuple(_sender(row) for row in rows)


def get(source: int) -> Sender:
    """Return one source, also a closed one. Raises SourceRefused."""
    row = Source.objects.filter(pk=source).first()
    if row is None:
        raise SourceRefused.of("source_unknown")
    return _sender(row)


def hashed(server_key: str) -> bytes:
    """Return what is kept of a server key. It is random and long, so that no slow hash is needed."""
    return sha256(server_key.encode()).digest()


def origin(text: str) -> str:
    """Read the address of a site as browsers send it in `Origin` (RFC 6454, section 6.2). Raises SourceRefused."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        raise SourceRefused.of("source_origin_malformed") from None
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise SourceRefused.of("source_origin_malformed")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc if port != usual else parts.hostname}"


def _change(source: int, by: int, *, event: str, **values: object) -> Sender:
    with transaction.atomic():
        row = Source.objects.select_for_update().filter(pk=source, closed_at=None).first()
        if row is None:
            raise SourceRefused.of("source_unknown")
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        ledger.note(event=event, payload={"source": row.pk, "by": by})
    return _sender(row)


def _new_write_key() -> str:
    return f"w{secrets.token_hex(WRITE_KEY_BYTES)}"


def _new_server_key() -> str:
    return f"s{secrets.token_hex(SERVER_KEY_BYTES)}"


def _sender(row: Source) -> Sender:
    return Sender(row.pk, row.name, row.write_key, tuple(row.origins), row.created_at, row.closed_at)
