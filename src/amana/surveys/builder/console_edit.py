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
from amana.kernel.text import reader_language
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import (
    actions,
    differing,
    editing,
    looks,
    outlining,
    pages,
    partforms,
    queries,
    readiness,
    shown,
    stepping,
    typed,
)  # fmt: skip
from amana.surveys.builder.looks import Look
from amana.surveys.builder.pages import MARKETING
from amana.surveys.builder.partforms import PartForm
from amana.surveys.builder.queries import Draft
from amana.surveys.builder.refusals import Changed
from amana.surveys.builder.typed import WHOLE
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
    if not typed.stands(made, name):
        # It was saved under another name, or deleted, while this was on its way.
        return HttpResponse(status=204)
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
    """Keep what was typed, then do what the pressed button says."""
    draft, at, called = queries.get_draft(number), pages.posted_number(request, "at"), [name]
    button = request.POST.get("do", "")
    if button == "step:delete":
        # What was typed in it goes with it; what a colleague wrote there meanwhile does not.
        return _step(request, number, name, at)

    def change(definition: Definition) -> Definition:
        made, called[0] = typed.typed(request.POST, definition, name)
        return made

    try:
        closes = name if typed.plain(button) else None
        saved = actions.save(staff=request.staff.staff, survey=number, change=change, at=at, part=closes)
    except DefinitionInvalid as invalid:
        problems = _within(draft.definition, name, invalid)
        form = _form(draft.definition, name, problems, values=request.POST.dict())
        return _page(request, draft, name, form, problems, status=422)
    except Changed as changed:
        return _conflict(request, number, name, changed)
    return _after(request, number, called[0], at=at, saved=saved)


def _after(request: StaffRequest, number: int, name: str, *, at: int, saved: actions.Saved) -> HttpResponse:
    """Do what the pressed button says, once what was typed is kept."""
    button, changed = request.POST.get("do", ""), saved.number != saved.before
    stepping.tell_together(request, at=at, saved=saved)
    if button in ("undo", "redo"):
        return _walk(request, number, name, saved.number if changed else at)
    if typed.steps(button):
        return _step(request, number, name, None)
    if button.startswith("go:"):
        return _to(number, button.removeprefix("go:"), "")
    if changed and button in ("", "save"):
        messages.success(request, _("Saved."))
    return _to(number, name, _focus(request))


def _step(request: StaffRequest, number: int, name: str, at: int | None) -> HttpResponse:
    """Add, move, duplicate or delete a part."""
    shows, button = [name], request.POST.get("do", "")

    def change(definition: Definition) -> Definition:
        made, shows[0] = typed.stepped(request.POST, definition, name)
        return made

    try:
        actions.edit(staff=request.staff.staff, survey=number, change=change, at=at)
    except Refusal as refusal:
        messages.error(request, refusal.message_in(reader_language()))
        return _to(number, name, "")
    if button == "step:delete":
        messages.success(request, _("Deleted. Undo brings it back."))
    first = f"{'title' if button == 'add-section' else 'label'}-{reader_language()}"
    added = button.startswith("add") or button == "step:duplicate"
    return _to(number, shows[0], first if added else button.removeprefix("step:"))


def _walk(request: StaffRequest, number: int, name: str, at: int) -> HttpResponse:
    """Go one step back or forward, and show what it changed."""
    parts = [each.part for each in stepping.walk(request, number, at=at) if each.sort != "removed"]
    return _to(number, parts[0] if parts and name not in parts else name, request.POST.get("do", ""))


def _focus(request: StaffRequest) -> str:
    """Return where the keyboard goes on after a button of the part was pressed."""
    button = request.POST.get("do", "")
    what, _dash, how = button.partition("-")
    if how == "add":
        count = len({key.split(".")[1] for key in request.POST if key.startswith(f"{what}.")})
        text = "message" if what == "quotas" else "label"
        return f"{what}-{count}-{text}-{reader_language()}"
    if what in ("choices", "rows"):
        move, _dash, at = how.partition("-")
        to = int(at) + {"up": -1, "down": 1}.get(move, 0) if at.isascii() and at.isdigit() else 0
        return f"{what}-{max(to - (move == 'remove'), 0)}-label-{reader_language()}"
    if button == "pipe":
        return f"label-{reader_language()}"
    return button.removeprefix("pick:").replace("_", "-") or "save"


def _conflict(request: StaffRequest, number: int, name: str, changed: Changed) -> HttpResponse:
    """Show what was typed beside what a colleague made of the same part; saving again keeps what was typed."""
    draft = queries.get_draft(number)
    told = changed.message_in(reader_language())
    if not typed.stands(draft.definition, name):
        messages.error(request, told)
        return _to(number, WHOLE, "")
    base = queries.get_step(number, pages.posted_number(request, "at")).definition
    problems = readiness.problems(draft.definition)
    form = _form(draft.definition, name, problems, values=request.POST.dict())
    more = {
        "conflict": told,
        "theirs": differing.differences(base, draft.definition, name),
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
        "outline": outlining.outline(definition, problems, name),
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
