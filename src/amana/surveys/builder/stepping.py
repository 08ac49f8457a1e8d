"""One step back or forward from a page of the builder."""

from django.contrib import messages
from django.utils.translation import gettext as _

from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.retailer.guard import StaffRequest
from amana.surveys.builder import actions, queries
from amana.surveys.definition import changes
from amana.surveys.definition.changes import Difference


def walk(request: StaffRequest, number: int, *, at: int) -> tuple[Difference, ...]:
    """Go the way the pressed button says from the state `at`, tell it, and return what changed: nothing if refused."""
    way = request.POST.get("do", "")
    before = queries.get_draft(number).definition
    try:
        (actions.undo if way == "undo" else actions.redo)(survey=number, at=at)
    except Refusal as refusal:
        messages.error(request, refusal.message_in(reader_language()))
        return ()
    after = queries.get_draft(number).definition
    messages.success(request, _("One step back.") if way == "undo" else _("One step forward."))
    return changes.changes(before, after)


def tell_together(request: StaffRequest, *, at: int, saved: actions.Saved) -> None:
    """Tell that what was typed was saved beside a colleague's work, where it was."""
    if saved.before not in (saved.number, at):
        messages.info(request, _("A colleague changed other parts while you were writing. Both are kept."))
