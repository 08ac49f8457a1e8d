"""The agents' pages: the queue, a conversation, and each thing that may be done with it."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from amana.desk import actions, queries, shown
from amana.desk.forms import AnswerForm, ExtensionForm, RefusalForm
from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, reader_language
from amana.post import carrier
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest, roles
from amana.rights import extending
from amana.rights import queries as rights_queries

AGENTS = ("service", "data_protection_officer")


@never_cache
@require_safe
@roles(*AGENTS)
def queue(request: StaffRequest) -> HttpResponse:
    """Show what waits for an answer, the most urgent first."""
    done = request.GET.get("show") == "done"
    rows = shown.queue_rows(queries.queue(done=done), names=_names(request), me=request.staff.staff)
    context = {"rows": rows, "done": done, "counts": shown.counted(queries.counts())}
    return render(request, "desk/queue.html", context)


@never_cache
@require_safe
@roles(*AGENTS)
def conversation(request: StaffRequest, number: UUID) -> HttpResponse:
    """Show one conversation; its mails only to whom it is assigned, and each time as a recorded use."""
    return _page(request, number)


@never_cache
@require_POST
@roles(*AGENTS)
def take(request: StaffRequest, number: UUID) -> HttpResponse:
    """Take a conversation over."""
    actions.take(staff=request.staff, conversation=number)
    return _back(number)


@never_cache
@require_POST
@roles(*AGENTS)
def answer(request: StaffRequest, number: UUID) -> HttpResponse:
    """Send an answer; what was typed stays where it cannot be sent."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, number, form=form, status=400)
    try:
        actions.answer(
            staff=request.staff,
            conversation=number,
            text=form.cleaned_data["text"],
            carrier=carrier.carrier(),
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message_in(reader_language()))
        return _page(request, number, form=form, status=refusal.status)
    messages.success(request, gettext("Your answer has been sent."))
    return _back(number)


@never_cache
@require_POST
@roles(*AGENTS)
def start_erasure(request: StaffRequest, number: UUID) -> HttpResponse:
    """Open a request to erase and have the owner of the address asked."""
    try:
        asked = actions.start_erasure(staff=request.staff, conversation=number)
    except Refusal as refusal:
        return _refused(request, number, refusal)
    if asked.task is None:
        messages.info(request, gettext("Nobody here has confirmed this address, so no mail went out."))
    else:
        messages.success(request, gettext("The owner of the address is being asked by mail."))
    return _back(number)


@never_cache
@require_safe
@roles(*AGENTS)
def review_erasure(request: StaffRequest, number: UUID, asked: UUID) -> HttpResponse:
    """Show what an erasure destroys, before the last step."""
    found = rights_queries.get_request(asked)
    if found.conversation != number or found.state != "confirmed":
        return _back(number)
    context = {"conversation": number, "asked": shown.request_card(found)}
    return render(request, "desk/erase.html", context)


@never_cache
@require_POST
@roles(*AGENTS)
def erase(request: StaffRequest, number: UUID, asked: UUID) -> HttpResponse:
    """Carry a confirmed request out."""
    try:
        certificate = actions.erase(staff=request.staff, conversation=number, request=asked)
    except Refusal as refusal:
        return _refused(request, number, refusal)
    done = gettext("Everything was erased. Certificate: {number}").format(number=certificate)
    messages.success(request, done)
    return _back(number)


@never_cache
@require_POST
@roles(*AGENTS)
def refuse(request: StaffRequest, number: UUID, asked: UUID) -> HttpResponse:
    """Close a request without carrying it out."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, number, refusal=form, status=400)
    try:
        actions.refuse_erasure(
            staff=request.staff, conversation=number, request=asked, reason=form.cleaned_data["reason"]
        )
    except Refusal as refusal:
        return _refused(request, number, refusal)
    messages.success(request, gettext("The request has been closed. Nothing was erased."))
    return _back(number)


@never_cache
@require_POST
@roles(extending.ROLE)
def extend(request: StaffRequest, number: UUID, asked: UUID) -> HttpResponse:
    """Put a request off once; its owner is told why."""
    try:
        actions.extend_erasure(
            staff=request.staff, conversation=number, request=asked, reason=request.POST.get("reason", "")
        )
    except Refusal as refusal:
        return _refused(request, number, refusal)
    messages.success(request, gettext("The request has more time. Its owner is told why by mail."))
    return _back(number)


@never_cache
@require_POST
@roles(*AGENTS)
def close(request: StaffRequest, number: UUID) -> HttpResponse:
    """Set a conversation aside as done."""
    actions.close(staff=request.staff, conversation=number)
    messages.success(request, gettext("The conversation is done. It can be reopened from its page."))
    return HttpResponseRedirect(reverse("desk"))


@never_cache
@require_POST
@roles(*AGENTS)
def reopen(request: StaffRequest, number: UUID) -> HttpResponse:
    """Put a conversation back into the queue."""
    actions.reopen(staff=request.staff, conversation=number)
    messages.success(request, gettext("The conversation is back in the queue."))
    return _back(number)


@never_cache
@require_POST
@roles(*AGENTS)
def raw(request: StaffRequest, number: UUID, letter: UUID) -> HttpResponse:
    """Hand over one mail byte for byte, as a file that nothing opens by itself; a recorded use like any reading."""
    for read in actions.read(staff=request.staff, conversation=number):
        if read.letter.id == letter and read.letter.incoming and read.raw:
            return HttpResponse(
                read.raw,
                content_type="application/octet-stream",
                headers={"Content-Disposition": f'attachment; filename="{letter}.eml"'},
            )
    return _back(number)


def _page(
    request: StaffRequest,
    number: UUID,
    *,
    form: Form | None = None,
    refusal: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    actions.link_owner(conversation=number)
    talk, names = queries.get_conversation(number), _names(request)
    mine = talk.staff == request.staff.staff
    if mine:
        letters = actions.read(staff=request.staff, conversation=number)
    else:
        letters = tuple(actions.Read(letter) for letter in queries.letters(number))
    officer = extending.ROLE in request.staff.roles
    asked = [
        shown.request_card(
            one, may_extend=officer and extending.is_possible(one, jurisdiction=talk.jurisdiction)
        )
        for one in rights_queries.of_conversation(number)
    ]
    context = {
        "talk": talk,
        "row": shown.queue_rows([talk], names=names, me=request.staff.staff)[0],
        "why": shown.why(talk),
        "mine": mine,
        "letters": shown.cards(letters, names=names),
        "asked": asked,
        "may_start": mine and not talk.erased and not any(one.is_open for one in asked),
        "form": form or AnswerForm(),
        "refusal": refusal or RefusalForm(),
        "extension": ExtensionForm(),
    }
    return render(request, "desk/conversation.html", context, status=status)


def _refused(request: StaffRequest, number: UUID, refusal: Refusal) -> HttpResponse:
    messages.error(request, refusal.message_in(reader_language()))
    return _page(request, number, status=refusal.status)


def _names(request: StaffRequest) -> dict[int, Bilingual]:
    return {one.id: one.name for one in retailer.colleagues(session=request.staff.token)}


def _back(number: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk-conversation", args=[number]))
