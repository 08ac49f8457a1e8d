"""A draft as it will be asked, by the very runner, to be tried: nothing that is answered there leaves the page."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import uuid4

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from amana.kernel.text import LANGUAGES, Language, reader_language
from amana.policy import queries as policy
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import looks, pages, queries, readiness
from amana.surveys.builder.pages import READERS
from amana.surveys.definition.compiling import Form
from amana.surveys.taking import asked, assets, words
from amana.surveys.taking.reading import Posted
from amana.surveys.taking.shown import Sheet

View = Callable[..., HttpResponse]
SCRIPTS = (*assets.RUNNER, "surveys/adopted.js", "surveys/trial.js")
_framing = cast(Callable[[View], View], csp_update({"frame-src": [SELF]}))
# Whatever its scripts would do, nothing goes out of it.
_closed = cast(
    Callable[[View], View],
    csp_replace({"frame-ancestors": [SELF], "connect-src": [NONE], "form-action": [NONE]}),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One language's frame of the preview."""

    language: Language
    label: str
    address: str


@never_cache
@require_safe
@roles(*READERS)
@_framing
def preview(request: StaffRequest, number: int) -> HttpResponse:
    """Show the whole survey in both directions at once: at work, or as it stands while a rule cannot be read."""
    head = pages.head(request, number)
    definition = head.draft.definition
    broken = any(problem.grade == "wrong" for problem in readiness.problems(definition))
    page = {"head": head, "tab": "preview"}
    if broken or not definition.names:
        sections = (looks.section(definition, each) for each in definition.sections)
        page["screens"] = [looks.whole(definition), *sections]
    else:
        page["runs"] = _frames(number)
    return render(request, "surveys/builder/preview.html", page)


@never_cache
@require_safe
@xframe_options_sameorigin
@_closed
@roles(*READERS)
def trial(request: StaffRequest, number: int) -> HttpResponse:
    """Serve the draft as it will be asked, in the page's language."""
    draft = queries.get_draft(number)
    language = reader_language()
    country, jurisdiction = asked.where(None)
    form = queries.trial_form(draft, country=country, jurisdiction=jurisdiction)
    sheet = Sheet(form, language, Posted(), str(draft.id))
    running = policy.current().version.number
    page = {
        "title": draft.definition.title.in_(language),
        "place": None,
        "framed": True,
        "sheet": assets.address(assets.sheet()),
        "say": words.table()[language],
        "code_page": "",
        "parts": sheet.parts(),
        "intro": sheet.text(form.get("intro")),
        "key": uuid4(),
        "version": 0,
        "policy": running,
        "under": words.told("version", language, n=sheet.digits(running)),
        "told": _told(form),
        "scripts": SCRIPTS,
    }
    return render(request, "surveys/builder/trial.html", page)


def _told(form: Form) -> str:
    said = {"form": form, "way": "link", "policy": _named("notice"), "code": _named("survey-code")}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _named(name: str, *parts: object) -> dict[Language, str]:
    found: dict[Language, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = reverse(name, args=parts)
    return found


def _frames(number: int) -> tuple[Frame, ...]:
    labels: dict[Language, str] = {"ar": _("Arabic"), "en": _("English")}
    return tuple(
        Frame(language, labels[language], address)
        for language, address in _named("survey-trial", number).items()
    )
