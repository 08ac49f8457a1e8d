"""The editor: one part of a survey at a time, with its problems and its looks while it is written."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amana.kernel.refusal import Refusal
from amana.retailer.guard import roles
from amana.surveys.builder import (
    actions,
    differing,
    editing,
    looks,
    pages,
    partforms,
    queries,
    readiness,
    shown,
    typed,
)  # fmt: skip
from amana.surveys.builder.looks import Look
from amana.surveys.builder.pages import MARKETING, StaffRequest
from amana.surveys.builder.partforms import PartForm
from amana.surveys.builder.queries import Draft
from amana.surveys.builder.refusals import Changed
from amana.surveys.builder.typed import WHOLE
from amana.surveys.definition import changes
from amana.surveys.definition.document import Definition
from amana.surveys.definition.problems import DefinitionInvalid, Problem

Problems = Collection[Problem]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(MARKETING)
def design(request: StaffRequest, number: int) -> HttpResponse:
    """Edit what holds for the whole survey."""
    return _edit(request, number, WHOLE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(MARKETING)
def part(request: StaffRequest, number: int, name: str) -> HttpResponse:
    """Edit one section or one question."""
    return _edit(request, number, name)


@never_cache
@require_POST
@roles(MARKETING)
def check(request: StaffRequest, number: int, name: str = WHOLE) -> HttpResponse:
    """Tell what is wrong with what is being typed, and show how it will look; keep nothing."""
    made, called = queries.get_draft(number).definition, name
    try:
        made, called = typed.typed(request.POST, made, name)
        problems: Problems = readiness.problems(made)
    except DefinitionInvalid as invalid:
        problems = _within(made, name, invalid)
    page = {
        "form": _form(made, called, problems, values=request.POST.dict()),
        "looks": _looks(made, called),
    }
    return render(request, "surveys/builder/live.html", page)


@never_cache
@require_POST
@roles(MARKETING)
def change(request: StaffRequest, number: int) -> HttpResponse:
    """Add, move, duplicate or delete a part, whatever else was changed meanwhile."""
    step, shows = request.POST.get("step", ""), [WHOLE]

    def stepped(definition: Definition) -> Definition:
        made, shows[0] = typed.stepped(request.POST, definition)
        return made

    # Nobody's words go with a part that they wrote after this page was opened.
    at = pages.posted_number(request, "at") if step == "delete" else None
    try:
        actions.edit(staff=request.staff.staff, survey=number, change=stepped, at=at)
    except Refusal as refusal:
        messages.error(request, refusal.message_in(shown.reader_language()))
        return _to(number, request.POST.get("part", ""), "")
    said = {"delete": _("Deleted. Undo brings it back."), "duplicate": _("Duplicated.")}
    if step in said:
        messages.success(request, said[step])
    first = {"add-section": "title", "add-question": "label"}.get(step)
    return _to(number, shows[0], f"{first}-{shown.reader_language()}" if first else step)


@never_cache
@require_POST
@roles(MARKETING)
def undo(request: StaffRequest, number: int) -> HttpResponse:
    """Go one step back."""
    return _walk(request, number, "undo")


@never_cache
@require_POST
@roles(MARKETING)
def redo(request: StaffRequest, number: int) -> HttpResponse:
    """Go one step forward again."""
    return _walk(request, number, "redo")


def _walk(request: StaffRequest, number: int, way: str) -> HttpResponse:
    step = actions.undo if way == "undo" else actions.redo
    name = request.POST.get("part", "")
    before = queries.get_draft(number).definition
    try:
        step(survey=number, at=pages.posted_number(request, "at"))
    except Refusal as refusal:
        messages.error(request, refusal.message_in(shown.reader_language()))
        return _to(number, name, way)
    after = queries.get_draft(number).definition
    messages.success(request, _("One step back.") if way == "undo" else _("One step forward."))
    # What came back or changed is what the author wants to see.
    parts = [each.part for each in changes.changes(before, after) if each.sort != "removed"]
    return _to(number, parts[0] if parts and name not in parts else name, way)


def _edit(request: StaffRequest, number: int, name: str) -> HttpResponse:
    if request.method == "POST":
        return _save(request, number, name)
    draft = queries.get_draft(number)
    if not typed.stands(draft.definition, name):
        # Undone or deleted since the link was made: the survey itself is still there.
        return _to(number, WHOLE, "")
    problems = readiness.problems(draft.definition)
    form = _form(draft.definition, name, problems, focus=request.GET.get("focus", ""))
    return _page(request, draft, name, form, problems)


def _save(request: StaffRequest, number: int, name: str) -> HttpResponse:
    draft, at, called = queries.get_draft(number), pages.posted_number(request, "at"), [name]

    def change(definition: Definition) -> Definition:
        made, called[0] = typed.typed(request.POST, definition, name)
        return made

    try:
        made = actions.edit(staff=request.staff.staff, survey=number, change=change, at=at)
    except DefinitionInvalid as invalid:
        problems = _within(draft.definition, name, invalid)
        form = _form(draft.definition, name, problems, values=request.POST.dict())
        return _page(request, draft, name, form, problems, status=422)
    except Changed as changed:
        return _conflict(request, number, name, changed)
    if made != draft.revision:
        messages.success(request, _("Saved."))
        if at != draft.revision:
            messages.info(
                request, _("A colleague changed other parts while you were writing. Both are kept.")
            )
    return _to(number, called[0], _focus(request))


def _focus(request: StaffRequest) -> str:
    """Return where the keyboard goes on after a button was pressed."""
    button = request.POST.get("do", "")
    what, _dash, how = button.partition("-")
    if how == "add":
        count = len({key.split(".")[1] for key in request.POST if key.startswith(f"{what}.")})
        text = "message" if what == "quotas" else "label"
        return f"{what}-{count}-{text}-{shown.reader_language()}"
    if button == "pipe":
        return f"label-{shown.reader_language()}"
    return button.removeprefix("pick:").replace("_", "-") or "save"


def _conflict(request: StaffRequest, number: int, name: str, changed: Changed) -> HttpResponse:
    """Show what was typed beside what a colleague made of the same part; saving again keeps what was typed."""
    draft = queries.get_draft(number)
    told = changed.message_in(shown.reader_language())
    if not typed.stands(draft.definition, name):
        messages.error(request, told)
        return _to(number, WHOLE, "")
    base = queries.get_step(number, pages.posted_number(request, "at")).definition
    theirs = [each for each in changes.changes(base, draft.definition) if each.part == name]
    problems = readiness.problems(draft.definition)
    form = _form(draft.definition, name, problems, values=request.POST.dict())
    more = {
        "conflict": told,
        "theirs": differing.differences(theirs),
        "who": pages.name_of(request, changed.by),
    }
    return _page(request, draft, name, form, problems, status=409, more=more)


def _page(
    request: StaffRequest,
    draft: Draft,
    name: str,
    form: PartForm,
    problems: Problems,
    *,
    status: int = 200,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    definition = draft.definition
    page = {
        "head": pages.head_of(request, draft),
        "tab": "design",
        "form": form,
        "part": name,
        "sort": _sort(definition, name),
        "section": name if typed.is_section(definition, name) else _section_of(definition, name),
        "outline": shown.outline(definition, problems, name),
        "kinds": shown.kinds(),
        "looks": _looks(definition, name),
        "focus": request.GET.get("focus", ""),
        "wrong": sum(problem.grade == "wrong" for problem in problems),
        "missing": sum(problem.grade == "missing" for problem in problems),
        **(more or {}),
    }
    return render(request, "surveys/builder/edit.html", page, status=status)


def _sort(definition: Definition, name: str) -> str:
    if name == WHOLE:
        return "whole"
    return "section" if typed.is_section(definition, name) else "question"


def _section_of(definition: Definition, name: str) -> str:
    return editing.section_of(definition, name).name if name else ""


def _form(
    definition: Definition,
    name: str,
    problems: Problems,
    *,
    values: Mapping[str, str] | None = None,
    focus: str = "",
) -> PartForm:
    if name == WHOLE:
        return partforms.of_whole(definition, problems, values=values, focus=focus)
    if typed.is_section(definition, name):
        found = editing.get_section(definition, name)
        return partforms.of_section(found, definition, problems, values=values, focus=focus)
    question = editing.get_question(definition, name)
    return partforms.of_question(question, definition, problems, values=values, focus=focus)


def _looks(definition: Definition, name: str) -> tuple[Look, ...]:
    if name == WHOLE:
        return looks.whole(definition)
    if typed.is_section(definition, name):
        return looks.section(definition, editing.get_section(definition, name))
    return looks.question(definition, editing.get_question(definition, name))


def _within(definition: Definition, name: str, invalid: DefinitionInvalid) -> list[Problem]:
    """Return a part's problems as those of the whole survey."""
    at = typed.path_of(definition, name)
    return [
        Problem(f"{at}.{each.path}" if at else each.path, each.message, each.grade, name)
        for each in invalid.problems
    ]


def _to(number: int, name: str, focus: str) -> HttpResponse:
    address = reverse("survey-part", args=[number, name]) if name else reverse("survey-design", args=[number])
    return HttpResponseRedirect(f"{address}?{urlencode({'focus': focus})}" if focus else address)
