"""Every text of a survey in Arabic and English side by side."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amana.kernel.text import reader_language
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import actions, differing, pages, queries, shown
from amana.surveys.builder.pages import MARKETING
from amana.surveys.builder.refusals import Changed
from amana.surveys.definition import texts
from amana.surveys.definition.document import Definition, Text
from amana.surveys.definition.parsing import MOST_LETTERS


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text: its key, where it stands in words, and what is written in each language."""

    key: str
    what: str
    text: Text
    long: bool


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
    draft = queries.get_draft(number)
    written, conflict = texts.texts(draft.definition), ""
    if request.method == "POST":
        posted = _posted(request.POST, written)
        try:
            _keep(request, number, posted)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(f"{reverse('survey-texts', args=[number])}{_open_only(request)}")
        except Changed as changed:
            conflict = changed.message_in(reader_language())
            written = written | posted
    only = request.GET.get("only") == "open"
    page = {
        "head": pages.head_of(request, draft),
        "tab": "texts",
        "groups": _groups(draft.definition, written, only=only),
        "open": sum(not text.whole for text in written.values()),
        "all": len(written),
        "only": only,
        "conflict": conflict,
    }
    return render(request, "surveys/builder/texts.html", page, status=409 if conflict else 200)


def _keep(request: StaffRequest, number: int, posted: dict[str, Text]) -> None:
    at = pages.posted_number(request, "at")
    before = texts.texts(queries.get_step(number, at).definition)
    # Only what this author changed: the rest may be newer than this page.
    changed = {key: text for key, text in posted.items() if before.get(key) != text}
    actions.edit(
        staff=request.staff.staff,
        survey=number,
        change=lambda definition: texts.replaced(definition, changed),
        at=at,
    )


def _posted(posted: QueryDict, written: dict[str, Text]) -> dict[str, Text]:
    def one(name: str, before: str) -> str:
        return posted.get(name, before).replace("\r\n", "\n").strip()[:MOST_LETTERS]

    return {
        key: Text(ar=one(f"{key}.ar", text.ar), en=one(f"{key}.en", text.en)) for key, text in written.items()
    }


def _open_only(request: StaffRequest) -> str:
    return "?only=open" if request.GET.get("only") == "open" else ""


def _groups(definition: Definition, written: dict[str, Text], *, only: bool) -> tuple[TextGroup, ...]:
    found: dict[str, list[TextRow]] = {}
    for key, text in written.items():
        part, _slash, rest = key.partition("/")
        if only and text.whole:
            continue
        group = part if rest else ""
        what = differing.field_label((rest or key).replace("/", "."))
        long = rest == "" and key != "title"
        found.setdefault(group, []).append(TextRow(key, what, text, long))
    return tuple(TextGroup(_label(definition, name), tuple(rows)) for name, rows in found.items())


def _label(definition: Definition, name: str) -> str:
    question = definition.find(name)
    if question is not None:
        return shown.label_of(question, definition)
    section = next((each for each in definition.sections if each.name == name), None)
    if section is not None:
        return shown.section_label(section)
    return _("Quotas") if name else _("The whole survey")
