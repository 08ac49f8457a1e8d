"""Open the words of a case's person, or their photo, through the gate, for the case's owner: each is a recorded use."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.retailer.queries import StaffSession
from amana.surveys import photo
from amana.surveys.intake import opinions
from amana.surveys.loop import actions
from amana.surveys.loop.alerts import PURPOSE
from amana.surveys.loop.refusals import LoopRefused
from amana.surveys.models import Case, Response

KIND: Final = "answer"
FIELD: Final = "opinion"
# What ends a task ends none of the owner's right to the case: another is planned, and recorded.
RENEWED: Final = frozenset({"task_expired", "task_spent", "task_unknown", "task_of_another"})


def read(*, staff: StaffSession, case: UUID) -> Mapping[str, str]:
    """Return what a case's person wrote, by question. Raises LoopRefused, GateRefused.

    Read is by leave to use what was said; where somebody gave only an address to be written to about it, by that
    leave, which stands once the address is confirmed.
    """
    found = actions.owned(staff, case)
    texts = Response.objects.filter(pk=found.response).values_list("texts", flat=True).first()
    if found.customer is None or not texts:
        raise LoopRefused.of("case_words_sealed")
    for channel in _leaves(found):
        said = _opened(staff, found, channel)
        if said:
            return opinions.unpack(said, texts)
    raise LoopRefused.of("case_words_sealed")


def look(*, staff: StaffSession, case: UUID) -> str:
    """Return the photo a case's person sent, a JPEG in base64, by the same leave. Raises LoopRefused, GateRefused."""
    found = actions.owned(staff, case)
    sent = Response.objects.filter(pk=found.response).exclude(photo="").exists()
    if found.customer is None or not sent:
        raise LoopRefused.of("case_photo_sealed")
    for channel in _leaves(found):
        seen = _seen(staff, found, CustomerId(found.customer), channel)
        if seen:
            return seen
    raise LoopRefused.of("case_photo_sealed")


def _leaves(found: Case) -> list[str | None]:
    return [*([None] if found.words else []), *found.channels]


def _seen(staff: StaffSession, found: Case, customer: CustomerId, channel: str | None) -> str:
    try:
        return photo.opened(
            session=staff.token, kind=KIND, purpose=PURPOSE, people=[customer], ref=f"case:{found.pk}",
            channel=channel,
        )  # fmt: skip
    except Refusal as refused:
        if refused.code != "person_unknown":
            raise
        return ""


def _opened(staff: StaffSession, found: Case, channel: str | None) -> str:
    try:
        return _open(staff, found, found.task or _plan(staff, found), channel)
    except Refusal as refused:
        if refused.code == "person_unknown":
            return ""
        if refused.code not in RENEWED:
            raise
    return _open(staff, found, _plan(staff, found), channel)


def _plan(staff: StaffSession, found: Case) -> int:
    people = [CustomerId(found.customer)] if found.customer else []
    found.task = gate.plan(
        session=staff.token, kind=KIND, purpose=PURPOSE, people=people, ref=f"case:{found.pk}"
    )
    Case.objects.filter(pk=found.pk, owner=staff.staff).update(task=found.task)
    return found.task


def _open(staff: StaffSession, found: Case, task: int, channel: str | None) -> str:
    opening = gate.open(session=staff.token, purpose=PURPOSE, fields=[FIELD], task=task, channel=channel)
    return next((one.values[FIELD] for one in opening.people if FIELD in one.values), "")
