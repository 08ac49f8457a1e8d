"""Take longer over a request, once, as far as the policy states for its place; its owner is told why by mail."""

import json
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from amana.gate import actions as gate
from amana.gate.refusals import GateRefused
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.policy import queries as policy
from amana.post import actions as post
from amana.post import queries as post_queries
from amana.retailer import queries as retailer
from amana.rights import queries, words
from amana.rights.models import Request
from amana.rights.queries import Asked
from amana.rights.refusals import RightsRefused

ROLE: Final = "data_protection_officer"
LIMIT: Final = "request_extension_days"


def is_possible(asked: Asked, *, jurisdiction: str) -> bool:
    """Tell whether a request may still be put off: its owner confirmed it, and its day has neither passed nor moved.

    A request nobody confirmed lapses by itself, and its owner could not be told.
    """
    return (
        asked.state == Request.State.CONFIRMED
        and asked.customer is not None
        and asked.due_at > clock.now()
        and queries.days(jurisdiction, LIMIT) > 0
        and post_queries.progress(ref=_ref(asked.id)).total == 0
    )


def extend(*, session: str, request: UUID, reason: str, jurisdiction: str) -> datetime:
    """Put a request off by the policy's `request_extension_days` and mail its owner why; return the new day.

    For the data protection officer. Raises GateRefused `role_refused`, RightsRefused (`reason_unknown`,
    `extension_refused`).
    """
    staff = retailer.find_session(session)
    if staff is None or ROLE not in staff.roles:
        raise GateRefused.of("role_refused")
    if reason not in words.EXTENSION_REASONS:
        raise RightsRefused.of("reason_unknown")
    with transaction.atomic():
        # Whoever asks second waits here, and finds the mail of the first.
        Request.objects.select_for_update().filter(pk=request).first()
        asked = queries.get_request(request)
        if asked.customer is None or not is_possible(asked, jurisdiction=jurisdiction):
            raise RightsRefused.of("extension_refused")
        until = asked.due_at + timedelta(days=queries.days(jurisdiction, LIMIT))
        Request.objects.filter(pk=request).update(due_at=until)
        _tell(CustomerId(asked.customer), request, session=session, reason=reason, until=until)
    return until


def _tell(customer: CustomerId, request: UUID, *, session: str, reason: str, until: datetime) -> None:
    """Plan the mail and record the extension in the person's own record."""
    content = post.write(
        subject=words.EXTENSION_SUBJECT,
        body=words.extension(reason, until, country=policy.current().policy.controller.country),
        reason=words.CHALLENGE_REASON,
    )
    post.plan(
        session=session, ref=_ref(request), kind="extension", purpose="rights", content=content, customers=[customer]
    )  # fmt: skip
    said = {"request": str(request), "reason": reason, "until": until.isoformat()}
    gate.note(customer=customer, event="request.extended", payload=json.dumps(said))


def _ref(request: UUID) -> str:
    return f"extension:{request}"
