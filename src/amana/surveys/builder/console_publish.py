"""Look through a survey before it is published, publish it, and read what earlier versions asked."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import actions, differing, outlining, pages, queries, readiness, shown, typed
from amana.surveys.builder.pages import MARKETING, READERS
from amana.surveys.builder.queries import Draft, PublishedVersion
from amana.surveys.definition import checking
from amana.surveys.definition.document import Definition
from amana.surveys.definition.problems import Problem


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do before publishing: in which part and field, what, and the page that mends it."""

    where: str
    field: str
    what: str
    address: str
    grade: str


@dataclass(frozen=True, slots=True)
class AskedShown:
    """One category of the policy a survey asks for, in words."""

    label: str
    questions: str
    sealed: bool
    sensitive: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class Published:
    """One published version with who published it, in words."""

    version: PublishedVersion
    by: str
    questions: int


@dataclass(frozen=True, slots=True)
class StepShown:
    """One state of the draft, with what it changed of the one before."""

    number: int
    stands: bool
    by: str
    draft: queries.Step
    lines: tuple[differing.DifferenceShown, ...]


@never_cache
@require_safe
@roles(*READERS)
def ready(request: StaffRequest, number: int) -> HttpResponse:
    """Show what is missing, what the survey asks under which category, and what a new version would change."""
    return _ready(request, number)


@never_cache
@require_POST
@roles(MARKETING)
def publish(request: StaffRequest, number: int) -> HttpResponse:
    """Publish the draft as it was looked through."""
    try:
        made = actions.publish(
            staff=request.staff.staff, survey=number, at=pages.posted_number(request, "at")
        )
    except Refusal as refusal:
        return _ready(request, number, refusal)
    version = queries.get_version(made)
    messages.success(
        request, _("Version %(number)s is published. It never changes.") % {"number": version.number}
    )
    return HttpResponseRedirect(reverse("survey-places", args=[number]))


@never_cache
@require_safe
@roles(*READERS)
def versions(request: StaffRequest, number: int) -> HttpResponse:
    """List the published versions."""
    made = queries.versions(number)
    names = pages.names_of(request, {each.published_by for each in made})
    found = [Published(each, names[each.published_by], len(each.definition.names)) for each in made]
    page = {"head": pages.head(request, number), "tab": "versions", "versions": found}
    return render(request, "surveys/builder/versions.html", page)


@never_cache
@require_safe
@roles(*READERS)
def version(request: StaffRequest, number: int, version: int) -> HttpResponse:
    """Show one published version, and what it changed of the one before."""
    found = queries.versions(number)
    this = next((each for each in found if each.number == version), None)
    if this is None:
        raise Http404
    before = next((each for each in found if each.number == version - 1), None)
    page = {
        "head": pages.head(request, number),
        "tab": "versions",
        "version": this,
        "by": pages.name_of(request, this.published_by),
        "before": before,
        "differences": differing.differences(before.definition, this.definition) if before else (),
        "outline": outlining.outline(this.definition, (), ""),
        "rules": outlining.whole(this.definition),
    }
    return render(request, "surveys/builder/version.html", page)


@never_cache
@require_safe
@roles(MARKETING)
def history(request: StaffRequest, number: int) -> HttpResponse:
    """List every state of the draft, the newest first."""
    head = pages.head(request, number)
    page = {"head": head, "tab": "history", "steps": _steps(request, head.draft)}
    return render(request, "surveys/builder/history.html", page)


@never_cache
@require_POST
@roles(MARKETING)
def restore(request: StaffRequest, number: int) -> HttpResponse:
    """Make an earlier state the newest one."""
    actions.restore(staff=request.staff.staff, survey=number, number=pages.posted_number(request, "number"))
    messages.success(request, _("Brought back. What stood before is in the history too."))
    return HttpResponseRedirect(reverse("survey-history", args=[number]))


def _ready(request: StaffRequest, number: int, refusal: Refusal | None = None) -> HttpResponse:
    head = pages.head(request, number)
    definition = head.draft.definition
    text = policy.current()
    problems = readiness.problems(definition)
    before = head.version.definition if head.version else None
    page = {
        "head": head,
        "tab": "ready",
        "todo": [_todo(head.draft, each) for each in problems if each.grade != "advice"],
        "advice": [_todo(head.draft, each) for each in problems if each.grade == "advice"],
        "ready": not checking.stops(problems) and not head.same,
        "asked": [_asked(each, definition) for each in readiness.asked(definition, text.policy)],
        "policy": text.version.number,
        "differences": differing.differences(before, definition) if before else (),
        "questions": len(definition.names),
        "refusal": refusal.message_in(reader_language()) if refusal else "",
    }
    return render(request, "surveys/builder/ready.html", page, status=refusal.status if refusal else 200)


def _todo(draft: Draft, problem: Problem) -> Todo:
    definition = draft.definition
    name = problem.question or _section_at(definition, problem.path)
    at = typed.path_of(definition, name)
    field = problem.path[len(at) :].lstrip(".")
    address = (
        reverse("survey-part", args=[draft.id, name]) if name else reverse("survey-design", args=[draft.id])
    )
    focus = field.replace(".", "-").replace("_", "-")
    return Todo(
        where=_label(definition, problem.question, name),
        field=differing.field_label(field),
        what=problem.message.in_(reader_language()),
        address=f"{address}?focus={focus}" if focus else address,
        grade=problem.grade,
    )


def _label(definition: Definition, question: str, name: str) -> str:
    found = definition.find(question) if question else None
    if found is not None:
        return shown.label_of(found, definition)
    return _section_label(definition, name) if name else _("The whole survey")


def _section_at(definition: Definition, path: str) -> str:
    steps = path.split(".")
    inside = steps[0] == "sections" and len(steps) > 1
    return definition.sections[int(steps[1])].name if inside else ""


def _section_label(definition: Definition, name: str) -> str:
    return next(shown.section_label(each) for each in definition.sections if each.name == name)


def _asked(found: readiness.Asked, definition: Definition) -> AskedShown:
    questions = (definition.find(name) for name in found.questions)
    comma = "، " if reader_language() == "ar" else ", "
    return AskedShown(
        label=shown.said(found.wording) or found.name,
        questions=comma.join(shown.label_of(each, definition) for each in questions if each is not None),
        sealed=found.sealed,
        sensitive=found.sensitive,
        listed=found.listed,
    )


def _steps(request: StaffRequest, draft: Draft) -> list[StepShown]:
    found = queries.history(draft.id, most=60)
    by_number = {step.number: step for step in found}
    names = pages.names_of(request, {step.made_by for step in found[:50]})
    rows = []
    for step in found[:50]:
        parent = by_number.get(step.parent)
        lines = differing.differences(parent.definition, step.definition) if parent else ()
        rows.append(StepShown(step.number, step.number == draft.revision, names[step.made_by], step, lines))
    return rows
