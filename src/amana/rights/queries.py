"""What may be asked about requests and certificates."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from amana.gate import forgetting
from amana.kernel.text import Language, find_language
from amana.ledger import queries as ledger
from amana.ledger.queries import Inclusion
from amana.policy import queries as policy
from amana.rights.models import Certificate, Request
from amana.rights.refusals import RightsRefused

State = Request.State
OPEN = (State.RECEIVED, State.CHALLENGED, State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and where it stands; `confirmed_at` is the gate's word, `certificate` a number."""

    id: UUID
    kind: str
    state: str
    reason: str
    task: int | None
    customer: UUID | None
    conversation: UUID | None
    language: Language
    opened_by: int
    opened_at: datetime
    due_at: datetime
    challenged_at: datetime | None
    confirmed_at: datetime | None
    closed_at: datetime | None
    certificate: str

    @property
    def is_open(self) -> bool:
        """Tell whether anybody still has to do something about it."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate: what it says, its signed form, and its proof in the ledger once there is one."""

    number: str
    issued_at: datetime
    content: Mapping[str, Any]
    signed: str
    inclusion: Inclusion | None


def get_request(number: UUID) -> Asked:
    """Return one request. Raises RightsRefused (404)."""
    found = Request.objects.select_related("certificate").filter(pk=number)
    for request in _asked(found):
        return request
    raise RightsRefused.of("request_unknown")


def of_conversation(conversation: UUID) -> tuple[Asked, ...]:
    """List the requests that came of one conversation, the latest first."""
    found = Request.objects.select_related("certificate").filter(conversation=conversation)
    return _asked(found.order_by("-opened_at"))


def open_requests(*, limit: int = 200) -> tuple[Asked, ...]:
    """List the requests somebody still has to do something about, the most urgent first."""
    found = Request.objects.select_related("certificate").filter(state__in=OPEN).order_by("due_at", "id")
    return _asked(found[:limit])


def closed_requests(*, limit: int = 50) -> tuple[Asked, ...]:
    """List the requests that are closed, the latest first."""
    found = Request.objects.select_related("certificate").exclude(state__in=OPEN).order_by("-closed_at", "id")
    return _asked(found[:limit])


def counts() -> Mapping[str, int]:
    """Count the requests by where they stand as they were kept; an open one may be confirmed meanwhile."""
    found = Request.objects.order_by().values_list("state").annotate(Count("id"))
    return {str(state): count for state, count in found}


def refusals() -> Mapping[str, int]:
    """Count the refused requests by reason."""
    refused = Request.objects.filter(state=State.REFUSED).order_by()
    return {str(reason): count for reason, count in refused.values_list("reason").annotate(Count("id"))}


def get_certificate(number: str) -> Issued:
    """Return a certificate by its number, written in any case. Raises RightsRefused (404)."""
    found = Certificate.objects.filter(number=number.strip().upper()[:40]).first()
    if found is None:
        raise RightsRefused.of("certificate_unknown")
    return Issued(
        number=found.number,
        issued_at=found.issued_at,
        content=json.loads(found.content),
        signed=found.signed,
        inclusion=ledger.find_inclusion(found.entry),
    )


def _asked(requests: Iterable[Request]) -> tuple[Asked, ...]:
    rows = list(requests)
    became = forgetting.asked([row.task for row in rows if row.task is not None])
    return tuple(_one(row, became.get(row.task or 0)) for row in rows)


def _one(row: Request, became: forgetting.Asked | None) -> Asked:
    confirmed_at = became.confirmed_at if became is not None else None
    pending = row.state in (State.CHALLENGED, State.EXPIRED)
    certificate = getattr(row, "certificate", None)
    return Asked(
        id=row.pk,
        kind=row.kind,
        state=str(State.CONFIRMED.value) if pending and confirmed_at is not None else row.state,
        reason=row.reason,
        task=row.task,
        customer=row.customer,
        conversation=row.conversation,
        language=find_language(row.language) or "ar",
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        due_at=row.due_at,
        challenged_at=row.challenged_at,
        confirmed_at=confirmed_at,
        closed_at=row.closed_at,
        certificate=certificate.number if certificate is not None else "",
    )


def days(jurisdiction: str, limit: str) -> int:
    """Return how many days the running policy states for a jurisdiction under this limit."""
    return int(policy.current().policy.jurisdictions[jurisdiction].limits[limit].value)
