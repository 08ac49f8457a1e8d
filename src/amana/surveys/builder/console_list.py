"""The list of surveys, and how one begins: empty, from an example, as a copy, or from a file."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.policy import queries as policy
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import actions, editing, pages, queries, shown
from amana.surveys.builder.pages import MARKETING, READERS
from amana.surveys.definition import writing
from amana.surveys.definition.document import Definition, Text

COPY = Text(ar="(نسخة)", en="(copy)")


@never_cache
@require_safe
@roles(*READERS)
def survey_list(request: StaffRequest) -> HttpResponse:
    """List the surveys, or teach the first one."""
    running = policy.find_version()
    page = {
        "rows": _rows(request),
        "may_edit": MARKETING in request.staff.roles,
        # Said once for the page: whatever is written in digits would ask for it again.
        "country": policy.read(running).policy.controller.country if running else "",
    }
    return render(request, "surveys/builder/list.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(MARKETING)
def new(request: StaffRequest) -> HttpResponse:
    """Begin a survey: with its title in both languages, or as a copy of another."""
    if request.method != "POST":
        return render(request, "surveys/builder/new.html", {"rows": queries.drafts()})
    title = Text(
        ar=request.POST.get("title.ar", "").strip()[:200], en=request.POST.get("title.en", "").strip()[:200]
    )
    made = actions.create(staff=request.staff.staff, definition=_begun(title))
    messages.success(request, _("The draft is begun. Nobody is asked anything until you publish it."))
    return HttpResponseRedirect(reverse("survey-part", args=[made, "section_1"]) + "?focus=title-ar")


@never_cache
@require_POST
@roles(MARKETING)
def copy(request: StaffRequest, number: int) -> HttpResponse:
    """Begin a survey with the draft of another."""
    made = actions.copy(staff=request.staff.staff, survey=number, suffix=COPY)
    messages.success(request, _("Copied. The copy is a draft of its own."))
    return HttpResponseRedirect(reverse("survey-design", args=[made]))


@never_cache
@require_POST
@roles(MARKETING)
def delete(request: StaffRequest, number: int) -> HttpResponse:
    """Delete a survey that was never published."""
    actions.delete(survey=number)
    messages.success(request, _("The draft is deleted."))
    return HttpResponseRedirect(reverse("survey-list"))


def _begun(title: Text) -> Definition:
    blank = editing.blank()
    return Definition(title=title, sections=blank.sections)


def _rows(request: StaffRequest) -> list[shown.Row]:
    """Return the surveys as they are listed, by as many queries for one as for a hundred."""
    found, newest, placed = queries.drafts(), queries.newest(), queries.placed()
    names = pages.names_of(request, {draft.changed_by for draft in found})
    made = []
    for draft in found:
        version, digest = newest.get(draft.id, (None, ""))
        same = version is not None and digest == writing.fingerprint(draft.definition)
        row = shown.Row(
            id=draft.id,
            title=shown.title_of(draft.definition),
            slug=draft.slug,
            state=shown.state(draft, published=version is not None, placed=draft.id in placed, same=same),
            version=version,
            questions=len(draft.definition.names),
            draft=draft,
            changed_by=names[draft.changed_by],
        )
        made.append(row)
    return made
