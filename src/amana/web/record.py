"""How the public record stands, and who cosigns it: for those who answer for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.ledger import queries as ledger
from amana.ledger import witness
from amana.ledger.queries import Counts, PublishedCheckpoint
from amana.retailer.guard import roles

ANSWERABLE: Final = ("auditor", "data_protection_officer", "administrator")
# Witnesses are asked every minute: one that is behind for longer does not answer, or refuses.
LATE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness, and how far it has cosigned: None where it never did. `behind` counts entries it has not seen."""

    name: str
    size: int | None
    at: datetime | None
    behind: int
    late: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The record: its entries, its newest signed checkpoint, the key that signs, and its witnesses."""

    counts: Counts
    checkpoint: PublishedCheckpoint | None
    key: str | None
    witnesses: tuple[Cosigner, ...]


@never_cache
@require_safe
@roles(*ANSWERABLE)
def record(request: HttpRequest) -> HttpResponse:
    """Show the record, and whether its witnesses keep up with it."""
    return render(request, "web/record.html", {"standing": standing()})


def standing() -> Standing:
    """Return how the record stands now. Raises Refusal `witnesses_malformed`."""
    newest = ledger.find_checkpoint()
    asked = witness.parse(settings.AMANA_WITNESSES)
    return Standing(
        ledger.count_entries(), newest, ledger.find_key(), tuple(_cosigner(one, newest) for one in asked)
    )


def _cosigner(asked: witness.Witness, newest: PublishedCheckpoint | None) -> Cosigner:
    seen = ledger.find_witnessed(asked.key.id.hex())
    behind = (newest.size if newest else 0) - (seen.size if seen else 0)
    since = newest is not None and seen is not None and newest.at - seen.at > LATE
    return Cosigner(
        asked.key.name,
        seen.size if seen else None,
        seen.at if seen else None,
        behind,
        late=behind > 0 and (seen is None or since),
    )
