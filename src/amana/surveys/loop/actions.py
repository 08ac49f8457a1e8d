"""Do something about a case: take it over, give it, note, hand it up to head office, resolve it, open it again."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from amana.kernel import clock
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.queries import StaffSession
from amana.surveys.loop import alerts, queries
from amana.surveys.loop.refusals import LoopRefused
from amana.surveys.models import Case, CaseStep, Reply

State = Case.State
REASONS: Final = ("answered", "mended", "explained", "no_answer", "not_ours", "mistake")
LONGEST: Final = 4000
AT_ONCE: Final = 500


def take_over(*, staff: StaffSession, case: UUID) -> None:
    """Make somebody the owner of a case, also from a colleague. Raises LoopRefused."""
    with transaction.atomic():
        found = _open_row(staff, case)
        _own(found, staff.staff)
        _step(found, "taken", staff.staff)


def give(*, staff: StaffSession, case: UUID, to: int) -> CaseStep:
    """Give a case to a colleague who has cases of its shop. Raises LoopRefused."""
    with transaction.atomic():
        found = _open_row(staff, case)
        may = {one.id for one in retailer.to_tell(session=settings.AMANA_SYSTEM_TOKEN, shop=found.shop)}
        if to not in may:
            raise LoopRefused.of("case_colleague_unknown")
        _own(found, to)
        return _step(found, "given", staff.staff, other=to)


def note(*, staff: StaffSession, case: UUID, text: str) -> None:
    """Keep a few words for colleagues beside a case. Raises LoopRefused."""
    written = checked(text)
    with transaction.atomic():
        _step(queries.row(staff, case, locked=True), "note", staff.staff, text=written)


def escalate(*, staff: StaffSession, case: UUID, text: str) -> None:
    """Hand a case up to head office, saying why. Raises LoopRefused."""
    written = checked(text)
    with transaction.atomic():
        found = _open_row(staff, case)
        if found.escalated_at is not None:
            raise LoopRefused.of("case_escalated")
        _hand_up(found, staff.staff, written)


def escalate_late() -> int:
    """Hand up what nobody answered so long after its deadline as the policy allows; return how many.

    What waits only for its customer to confirm an address was answered as far as we can.
    """
    after, now = policy.current().policy.surveys.escalate_after, clock.now()
    waiting = Reply.objects.filter(state__in=[Reply.State.WAITING, Reply.State.SENDING]).values("case")
    count = 0
    with transaction.atomic():
        rows = (
            Case.objects.select_for_update(skip_locked=True)
            .filter(state=State.OPEN, escalated_at=None, due_at__lt=now)
            .exclude(pk__in=waiting)
        )
        for found in rows.order_by("due_at")[:AT_ONCE]:
            if after.after(found.due_at) <= now:
                _hand_up(found, None, "")
                count += 1
    return count


def resolve(*, staff: StaffSession, case: UUID, reason: str, text: str = "") -> None:
    """Settle a case for a reason. Raises LoopRefused."""
    if reason not in REASONS:
        raise LoopRefused.of("case_reason_missing")
    with transaction.atomic():
        found = _open_row(staff, case)
        close(found, reason=reason, staff=staff.staff, text=text.strip()[:LONGEST])


def close(found: Case, *, reason: str, staff: int | None, text: str = "") -> None:
    """Settle a case whose row the caller's transaction holds; a reply that has not left stays here."""
    found.state, found.resolution, found.resolved_at, found.task = State.RESOLVED, reason, clock.now(), None
    found.save(update_fields=["state", "resolution", "resolved_at", "task"])
    found.replies.filter(state=Reply.State.WAITING).update(
        state=Reply.State.REFUSED, reason="resolved", settled_at=clock.now()
    )
    _step(found, "resolved", staff, text=text)
    ledger.note(
        event="surveys.case_resolved", payload={"case": str(found.pk), "reason": reason, "staff": staff}
    )


def reopen(*, staff: StaffSession, case: UUID) -> None:
    """Take a resolved case up again; it is due anew from now. Raises LoopRefused."""
    with transaction.atomic():
        found = queries.row(staff, case, locked=True)
        if found.state != State.RESOLVED:
            raise LoopRefused.of("case_not_resolved")
        found.state, found.resolution, found.resolved_at = State.OPEN, "", None
        found.owner, found.task, found.escalated_at, found.head_told_at = staff.staff, None, None, None
        found.due_at = alerts.due_at(clock.now(), alerts.zone_of(found.shop))
        found.save()
        _step(found, "reopened", staff.staff)
        ledger.note(event="surveys.case_reopened", payload={"case": str(found.pk), "staff": staff.staff})


def checked(text: str) -> str:
    """Return what was written, without the blanks around it. Raises LoopRefused case_words_missing."""
    written = text.strip()[:LONGEST]
    if not written:
        raise LoopRefused.of("case_words_missing")
    return written


def owned(staff: StaffSession, case: UUID, *, locked: bool = False) -> Case:
    """Return the row of a case that is one's own and not resolved. Raises LoopRefused."""
    found = queries.row(staff, case, locked=locked)
    if found.state == State.RESOLVED:
        raise LoopRefused.of("case_resolved")
    if found.owner != staff.staff:
        raise LoopRefused.of("case_of_another")
    return found


def _open_row(staff: StaffSession, case: UUID) -> Case:
    found = queries.row(staff, case, locked=True)
    if found.state == State.RESOLVED:
        raise LoopRefused.of("case_resolved")
    return found


def _own(found: Case, staff: int | None) -> None:
    found.owner, found.task = staff, None
    found.save(update_fields=["owner", "task"])


def _hand_up(found: Case, staff: int | None, text: str) -> None:
    found.escalated_at, found.owner, found.task = clock.now(), None, None
    found.save(update_fields=["escalated_at", "owner", "task"])
    _step(found, "escalated", staff, text=text)
    ledger.note(event="surveys.case_escalated", payload={"case": str(found.pk), "staff": staff})


def _step(found: Case, kind: str, staff: int | None, *, other: int | None = None, text: str = "") -> CaseStep:
    return CaseStep.objects.create(case=found, kind=kind, staff=staff, other=other, text=text, at=clock.now())
