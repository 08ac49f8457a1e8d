"""What the buttons of a case do. A refusal stands on the page, with what was typed."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from amana.kernel.refusal import Refusal
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.loop import actions, replies, telling
from amana.surveys.loop.console import READERS, page

Act = Callable[[StaffRequest, UUID], str]
View = Callable[[StaffRequest, UUID], HttpResponse]


def _button(act: Act) -> View:
    """Make a view of something that may be done about a case; what it returns is said to whoever did it."""

    @never_cache
    @require_POST
    @roles(*READERS)
    def view(request: StaffRequest, number: UUID) -> HttpResponse:
        try:
            said = act(request, number)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            typed = {name: request.POST.get(name, "") for name in ("reply", "note", "why", "done")}
            return page(request, number, typed=typed, refusal=refusal)
        if said:
            messages.success(request, said)
        return HttpResponseRedirect(reverse("case", args=[number]))

    view.__doc__ = act.__doc__
    return view


@_button
def take(request: StaffRequest, number: UUID) -> str:
    """Take a case over."""
    actions.take_over(staff=request.staff, case=number)
    return _("The case is yours.")


@_button
def give(request: StaffRequest, number: UUID) -> str:
    """Give a case to a colleague, who is told."""
    to = request.POST.get("to", "")
    step = actions.give(
        staff=request.staff, case=number, to=int(to) if to.isascii() and to.isdigit() and len(to) < 19 else 0
    )
    telling.tell_given(step)
    return _("The case is given, and your colleague is told by mail.")


@_button
def note(request: StaffRequest, number: UUID) -> str:
    """Keep a note among colleagues."""
    actions.note(staff=request.staff, case=number, text=request.POST.get("note", ""))
    return _("The note is kept.")


@_button
def escalate(request: StaffRequest, number: UUID) -> str:
    """Hand a case up to head office."""
    actions.escalate(staff=request.staff, case=number, text=request.POST.get("why", ""))
    return _("The case is with head office now, and they are told.")


@_button
def resolve(request: StaffRequest, number: UUID) -> str:
    """Resolve a case for a reason."""
    actions.resolve(
        staff=request.staff,
        case=number,
        reason=request.POST.get("reason", ""),
        text=request.POST.get("done", ""),
    )
    return _("The case is resolved. It can be opened again from its page.")


@_button
def reopen(request: StaffRequest, number: UUID) -> str:
    """Open a resolved case again."""
    actions.reopen(staff=request.staff, case=number)
    return _("The case is open again, and yours.")


@_button
def reply(request: StaffRequest, number: UUID) -> str:
    """Let a reply leave in ten seconds."""
    replies.reply(staff=request.staff, case=number, text=request.POST.get("reply", ""))
    return ""


@never_cache
@require_POST
@roles(*READERS)
def undo(request: StaffRequest, number: UUID, reply: UUID) -> HttpResponse:
    """Take a reply back; its text stands in the field again."""
    try:
        text = replies.undo(staff=request.staff, case=number, reply=reply)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return page(request, number, refusal=refusal)
    messages.success(request, _("The reply did not leave. Its text is back in the field."))
    return page(request, number, typed={"reply": text})
