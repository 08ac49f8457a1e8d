"""What a shop changed after what people said: written in both languages, published, taken back."""

from django.db import transaction

from amana.kernel import clock
from amana.ledger import actions as ledger
from amana.retailer.queries import StaffSession
from amana.surveys.definition.document import Text
from amana.surveys.loop import queries
from amana.surveys.loop.refusals import LoopRefused
from amana.surveys.models import Improvement

State = Improvement.State
LONGEST = 600


def write(*, staff: StaffSession, shop: int, text: Text, note: int | None = None) -> int:
    """Keep a note as a draft, anew or in place of one that is not public; return its number. Raises LoopRefused."""
    if not (text.ar.strip() or text.en.strip()):
        raise LoopRefused.of("case_words_missing")
    if not queries.may_see(staff, shop):
        raise LoopRefused.of("improvement_unknown")
    with transaction.atomic():
        found = Improvement(shop=shop) if note is None else queries.note_row(staff, note, locked=True)
        if found.state == State.PUBLISHED:
            raise LoopRefused.of("improvement_unknown")
        found.shop, found.text_ar, found.text_en = shop, text.ar.strip()[:LONGEST], text.en.strip()[:LONGEST]
        found.state, found.written_by, found.written_at = State.DRAFT, staff.staff, clock.now()
        found.save()
    return found.pk


def publish(*, staff: StaffSession, note: int) -> None:
    """Show a note to everybody. Raises LoopRefused."""
    with transaction.atomic():
        found = queries.note_row(staff, note, locked=True)
        if not (found.text_ar and found.text_en):
            raise LoopRefused.of("improvement_incomplete")
        _move(found, State.PUBLISHED, staff)


def withdraw(*, staff: StaffSession, note: int) -> None:
    """Take a note back; it stays among ourselves. Raises LoopRefused."""
    with transaction.atomic():
        _move(queries.note_row(staff, note, locked=True), State.WITHDRAWN, staff)


def _move(found: Improvement, state: Improvement.State, staff: StaffSession) -> None:
    if found.state == state:
        return
    found.state = state
    if state == State.PUBLISHED:
        found.published_at = clock.now()
    else:
        found.withdrawn_at = clock.now()
    found.save(update_fields=["state", "published_at", "withdrawn_at"])
    event = "surveys.improvement_published" if state == State.PUBLISHED else "surveys.improvement_withdrawn"
    ledger.note(event=event, payload={"note": found.pk, "shop": found.shop, "staff": staff.staff})
