"""Carry a survey in and out: JSON and XLSForm; what cannot be carried over is shown before anything is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from amana.kernel.text import reader_language
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import actions, outlining, pages, queries, shown
from amana.surveys.builder.outlining import OutlinePart
from amana.surveys.builder.pages import MARKETING, READERS
from amana.surveys.definition import parsing, writing
from amana.surveys.definition.problems import DefinitionInvalid
from amana.surveys.xlsform import reading as workbooks_in
from amana.surveys.xlsform import writing as workbooks
from amana.surveys.xlsform.losses import Loss
from amana.surveys.xlsform.refusals import FormRefused

MOST_BYTES = 5_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was not carried over or not understood: where it stood, and what it was."""

    at: str
    what: str


@dataclass(frozen=True, slots=True)
class Found:
    """A survey read from a file, not kept yet. `kept` is its JSON, for keeping it."""

    title: str
    sections: int
    questions: int
    outline: tuple[OutlinePart, ...]
    notes: tuple[Note, ...]
    kept: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(MARKETING)
def take_in(request: StaffRequest) -> HttpResponse:
    """Read a file and show what it holds; keep it only when asked to."""
    page: dict[str, object] = {}
    try:
        if "kept" in request.POST:
            return _keep(request)
        upload = request.FILES.get("file")
        if request.method == "POST" and upload is not None:
            page["found"] = _found(upload.read(MOST_BYTES + 1))
        elif request.method == "POST":
            page["problems"] = [Note("", _("Please choose a file first."))]
    except DefinitionInvalid as invalid:
        language = reader_language()
        page["problems"] = [Note(each.path, each.message.in_(language)) for each in invalid.problems[:50]]
    except FormRefused as refused:
        page["problems"] = [Note("", refused.message_in(reader_language()))]
    return render(request, "surveys/builder/import.html", page, status=422 if "problems" in page else 200)


@never_cache
@require_safe
@roles(*READERS)
def export(request: StaffRequest, number: int, kind: str) -> HttpResponse:
    """Hand over the draft as a file; first tell what such a file cannot hold."""
    draft = queries.get_draft(number)
    if kind == "json":
        return _file(writing.dumps(draft.definition).encode(), f"{draft.slug}.json", "application/json")
    if kind != "xlsx":
        raise Http404
    version = queries.latest(number)
    made = workbooks.write(
        draft.definition, form_id=draft.slug, version=str(version.number) if version else ""
    )
    if made.lost and "anyway" not in request.GET:
        page = {"head": pages.head_of(request, draft), "tab": "ready", "notes": _notes(made.lost)}
        return render(request, "surveys/builder/lost.html", page)
    return _file(made.content, f"{draft.slug}.xlsx", XLSX)


@never_cache
@require_safe
@roles(*READERS)
def export_version(request: StaffRequest, number: int, version: int) -> HttpResponse:
    """Hand over a published version as JSON."""
    for each in queries.versions(number):
        if each.number == version:
            body = writing.dumps(each.definition).encode()
            return _file(body, f"{each.slug}-{version}.json", "application/json")
    raise Http404


def _keep(request: StaffRequest) -> HttpResponse:
    definition = parsing.loads(request.POST.get("kept", ""))
    made = actions.create(staff=request.staff.staff, definition=definition)
    messages.success(request, _("Kept as a new draft. Nobody is asked anything until you publish it."))
    return HttpResponseRedirect(reverse("survey-design", args=[made]))


def _found(raw: bytes) -> Found:
    read = workbooks_in.read(raw)
    definition = parsing.parse(read.definition)
    return Found(
        title=shown.title_of(definition),
        sections=len(definition.sections),
        questions=len(definition.names),
        outline=outlining.outline(definition, (), ""),
        notes=_notes(read.lost),
        kept=writing.dumps(definition),
    )


def _notes(lost: Sequence[Loss]) -> tuple[Note, ...]:
    return tuple(Note(each.place, each.what.in_(reader_language())) for each in lost)


def _file(body: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
