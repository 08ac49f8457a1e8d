"""The marketer's pages: write, see who may receive it, send, watch it go, read what became of it."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from amana.campaigns import actions, letter, queries, shown
from amana.campaigns.forms import CampaignForm, initial_of
from amana.campaigns.guidance import guidance
from amana.campaigns.queries import Details
from amana.kernel.refusal import Refusal
from amana.kernel.text import find_language, reader_language
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest, roles

MARKETING = "marketing"
View = Callable[..., HttpResponse]
# A mail by itself: its own styles, no script, no picture from afar, links that lead nowhere.
_MAIL = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}
# django-csp types its decorators for views that take a request alone.
_by_itself = cast(Callable[[View], View], csp(_MAIL))
_framing = cast(Callable[[View], View], csp_update({"frame-src": [SELF]}))


@never_cache
@require_safe
@roles(MARKETING)
def campaign_list(request: StaffRequest) -> HttpResponse:
    """List the campaigns, or teach the first one."""
    rows = [shown.Row(found, shown.state(found)) for found in queries.campaigns()]
    return render(request, "campaigns/list.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(MARKETING)
def new(request: StaffRequest) -> HttpResponse:
    """Write a campaign."""
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create(staff=request.staff.staff, written=form.written)
        messages.success(request, gettext("The draft is saved. Nothing has been sent."))
        return _to(made)
    return _compose(request, form, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(MARKETING)
def edit(request: StaffRequest, number: UUID) -> HttpResponse:
    """Change the words of a draft."""
    found = queries.get_campaign(number)
    if not found.draft:
        raise Refusal.of("campaign_not_draft")
    form = CampaignForm(request.POST or None, initial=initial_of(found.written))
    if request.method == "POST" and form.is_valid():
        actions.edit(campaign=number, written=form.written)
        messages.success(request, gettext("The draft is saved. Nothing has been sent."))
        return _to(number)
    return _compose(request, form, found)


@never_cache
@require_POST
@roles(MARKETING)
def advice(request: StaffRequest) -> HttpResponse:
    """Say how what is being written will look in an inbox. Keeps nothing."""
    form = CampaignForm(request.POST)
    form.is_valid()
    return render(request, "campaigns/guidance.html", {"guidance": guidance(form.written)})


@never_cache
@require_safe
@roles(MARKETING)
@_framing
def campaign(request: StaffRequest, number: UUID) -> HttpResponse:
    """Show one campaign: a draft with its preview and next step, anything else with how far it is."""
    found = queries.get_campaign(number)
    page: dict[str, Any] = {"campaign": found, "state": shown.state(found)}
    if found.draft:
        page |= {"missing": shown.missing_words(found), "guidance": guidance(found.written)}
    else:
        page |= _standing(request, found) | {"sender": _name_of(request, found)}
    return render(request, "campaigns/campaign.html", page)


@never_cache
@require_safe
@xframe_options_sameorigin
@_by_itself
@roles(MARKETING)
def preview(request: StaffRequest, number: UUID, code: str) -> HttpResponse:
    """Serve the mail by itself, where it can do nothing but be looked at."""
    language = find_language(code)
    if language is None:
        raise Http404
    made = letter.preview(queries.get_campaign(number).written, language)
    return HttpResponse(made.html)


@never_cache
@require_safe
@roles(MARKETING)
def reach(request: StaffRequest, number: UUID) -> HttpResponse:
    """Show how many may receive it and how many may not, by reason."""
    found = queries.get_campaign(number)
    counted = queries.reach(session=request.staff.token)
    page = {
        "campaign": found,
        "reach": counted,
        "bars": shown.reach_bars(counted),
        "missing": shown.missing_words(found),
    }
    return render(request, "campaigns/reach.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(MARKETING)
def send(request: StaffRequest, number: UUID) -> HttpResponse:
    """Ask once more, with the number; then send."""
    found = queries.get_campaign(number)
    if not found.draft:
        return _to(number)
    refusal = None
    if request.method == "POST":
        try:
            planned = actions.send(
                session=request.staff.token, staff=request.staff.staff, campaign=number,
                confirmed=_confirmed(request),
            )  # fmt: skip
            messages.success(request, gettext("It is on its way. Messages: %(count)s") % {"count": planned})
            return _to(number)
        except Refusal as refused:
            refusal = refused
    counted = queries.reach(session=request.staff.token)
    page = {"campaign": found, "reach": counted, "missing": shown.missing_words(found)}
    if refusal is not None:
        page["refusal"] = refusal.message_in(reader_language())
    return render(request, "campaigns/send.html", page, status=refusal.status if refusal else 200)


@never_cache
@require_safe
@roles(MARKETING)
def progress(request: StaffRequest, number: UUID) -> HttpResponse:
    """Show how far it is, for the page that asks every second; ask it to load anew when the state has changed."""
    found = queries.get_campaign(number)
    if request.GET.get("state") != found.state:
        return HttpResponseClientRefresh()
    return render(request, "campaigns/progress.html", {"campaign": found, **_standing(request, found)})


@never_cache
@require_POST
@roles(MARKETING)
def pause(request: StaffRequest, number: UUID) -> HttpResponse:
    """Let nothing more leave."""
    actions.pause(staff=request.staff.staff, campaign=number)
    messages.success(request, gettext("Paused. What had left before cannot be called back."))
    return _to(number)


@never_cache
@require_POST
@roles(MARKETING)
def resume(request: StaffRequest, number: UUID) -> HttpResponse:
    """Go on where it was paused."""
    actions.resume(staff=request.staff.staff, campaign=number)
    messages.success(request, gettext("It goes on."))
    return _to(number)


@never_cache
@require_POST
@roles(MARKETING)
def stop(request: StaffRequest, number: UUID) -> HttpResponse:
    """Refuse for good what has not left."""
    stopped = actions.stop(staff=request.staff.staff, campaign=number)
    messages.success(
        request, gettext("Stopped. Messages that will not leave: %(count)s") % {"count": stopped}
    )
    return _to(number)


@never_cache
@require_POST
@roles(MARKETING)
def duplicate(request: StaffRequest, number: UUID) -> HttpResponse:
    """Copy the words into a new draft."""
    name = queries.get_campaign(number).written.name
    copied = gettext("Copy of %(name)s") % {"name": name}
    made = actions.duplicate(staff=request.staff.staff, campaign=number, name=copied[:120])
    return HttpResponseRedirect(reverse("campaign-edit", args=[made]))


@never_cache
@require_POST
@roles(MARKETING)
def delete(request: StaffRequest, number: UUID) -> HttpResponse:
    """Delete a draft."""
    actions.delete(campaign=number)
    messages.success(request, gettext("The draft is deleted."))
    return HttpResponseRedirect(reverse("campaign-list"))


@never_cache
@require_safe
@roles(MARKETING)
def report_csv(request: StaffRequest, number: UUID) -> HttpResponse:
    """Hand over the counts as a CSV file. Nobody's identity is in it."""
    found = queries.get_campaign(number)
    # Without the mark, spreadsheets read Arabic as Latin-1.
    text = shown.as_csv(found, queries.report(found))
    name = f"campaign-{found.id}.csv"
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _compose(request: StaffRequest, form: CampaignForm, found: Details | None) -> HttpResponse:
    written = form.written if form.is_bound else found.written if found else form.written
    page = {"form": form, "campaign": found, "guidance": guidance(written)}
    return render(request, "campaigns/compose.html", page, status=400 if form.is_bound else 200)


def _standing(request: StaffRequest, found: Details) -> dict[str, Any]:
    counted = queries.report(found)
    page = {"report": counted, "bars": shown.report_bars(counted), "waits": shown.waits(found)}
    # Counted once all is settled: while it goes, this page asks every second.
    if found.resolved_at:
        page["opted_out"] = queries.opted_out(found, session=request.staff.token)
    return page


def _name_of(request: StaffRequest, found: Details) -> str:
    language = reader_language()
    people = retailer.colleagues(session=request.staff.token)
    return next((one.name.in_(language) for one in people if one.id == found.sent_by), "")


def _confirmed(request: StaffRequest) -> int:
    given = request.POST.get("confirmed", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else 0


def _to(number: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("campaign", args=[number]))
