"""Every text of a survey in Arabic and English side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amana.kernel.text import reader_language
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import actions, differing, pages, queries, shown, stepping, translating
from amana.surveys.builder.pages import MARKETING
from amana.surveys.builder.queries import Draft
from amana.surveys.builder.refusals import Changed
from amana.surveys.definition import texts
from amana.surveys.definition.document import Definition, Text
from amana.surveys.definition.problems import DefinitionInvalid


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text: its key, where it stands in words, what is written in each language, and what is missing."""

    key: str
    what: str
    text: Text
    long: bool
    missing: str


@dataclass(frozen=True, slots=True)
class TextGroup:
    """The texts of one part."""

    label: str
    rows: tuple[TextRow, ...]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(MARKETING)
def side_by_side(request: StaffRequest, number: int) -> HttpResponse:
    """Write every text in both languages at once."""
    if request.method != "POST":
        return _page(request, queries.get_draft(number), {})
    at = pages.posted_number(request, "at")
    before = texts.texts(queries.get_step(number, at).definition)
    # Only what this author changed: the rest may be newer than this page.
    posted = translating.posted(request.POST, before)
    changed = {key: text for key, text in posted.items() if before[key] != text}
    try:
        saved = actions.save(
            staff=request.staff.staff,
            survey=number,
            change=lambda definition: texts.replaced(definition, changed),
            at=at,
            part=translating.PART,
        )
    except DefinitionInvalid as invalid:
        told = pages.told_of(invalid)
        return _page(request, queries.get_draft(number), changed, told=told, status=422)
    except Changed as refused:
        told = refused.message_in(reader_language())
        return _page(request, queries.get_draft(number), changed, told=told, status=409)
    return _after(request, number, at=at, saved=saved)


def _after(request: StaffRequest, number: int, *, at: int, saved: actions.Saved) -> HttpResponse:
    """Go a step back or forward where that button was pressed, once what was written is kept."""
    button, made = request.POST.get("do", ""), saved.number != saved.before
    stepping.tell_together(request, at=at, saved=saved)
    if button in ("undo", "redo"):
        stepping.walk(request, number, at=saved.number if made else at)
    elif made:
        messages.success(request, _("Saved."))
    given = {"only": "open"} if request.GET.get("only") == "open" else {}
    asked = urlencode(given | {"focus": button or "save"})
    return HttpResponseRedirect(f"{reverse('survey-texts', args=[number])}?{asked}")


def _page(
    request: StaffRequest, draft: Draft, typed: Mapping[str, Text], *, told: str = "", status: int = 200
) -> HttpResponse:
    """Show the texts that stand, with what was typed and could not be kept, and why not."""
    stand = texts.texts(draft.definition)
    written = stand | {key: text for key, text in typed.items() if key in stand}
    only = request.GET.get("only") == "open"
    page = {
        "head": pages.head_of(request, draft),
        "tab": "texts",
        "groups": _groups(draft.definition, written, only=only),
        "left": translating.left(written),
        "all": len(written),
        "only": only,
        "conflict": told,
        "focus": request.GET.get("focus", ""),
    }
    return render(request, "surveys/builder/texts.html", page, status=status)


def _groups(definition: Definition, written: dict[str, Text], *, only: bool) -> tuple[TextGroup, ...]:
    found: dict[str, list[TextRow]] = {}
    for key, text in written.items():
        part, _slash, rest = key.partition("/")
        if only and text.whole:
            continue
        group = part if rest else ""
        what = differing.field_label((rest or key).replace("/", "."))
        long = rest == "" and key != "title"
        found.setdefault(group, []).append(TextRow(key, what, text, long, translating.missing(text)))
    return tuple(TextGroup(_label(definition, name), tuple(rows)) for name, rows in found.items())


def _label(definition: Definition, name: str) -> str:
    question = definition.find(name)
    if question is not None:
        return shown.label_of(question, definition)
    section = next((each for each in definition.sections if each.name == name), None)
    if section is not None:
        return shown.section_label(section)
    return _("Quotas") if name else _("The whole survey")
