"""Keep what is being typed, by itself: the page says what became of it, and nobody's work is overwritten."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import actions, pages, queries, translating, typed
from amana.surveys.builder.actions import Change, Saved
from amana.surveys.builder.pages import MARKETING
from amana.surveys.builder.typed import WHOLE
from amana.surveys.definition import texts
from amana.surveys.definition.document import Definition
from amana.surveys.definition.problems import DefinitionInvalid

Told = Callable[[Saved], dict[str, Any]]


@never_cache
@require_POST
@roles(MARKETING)
def keep(request: StaffRequest, number: int, name: str = WHOLE) -> HttpResponse:
    """Save a part while it is written, under the name it has, and answer what the page says of it.

    `reload` tells that only what stands now can be built upon.
    """

    def change(definition: Definition) -> Definition:
        return typed.typed(request.POST, definition, name, naming=False)[0]

    def told(saved: Saved) -> dict[str, Any]:
        if name not in (WHOLE, request.POST.get("name", name)):
            words = _("Saved, except for the new name. “Save the draft” keeps that too.")
            return {"whole": False, "told": words}
        return {"whole": True, "told": _told(request, saved)}

    return _keep(request, number, change, name, told)


@never_cache
@require_POST
@roles(MARKETING)
def keep_texts(request: StaffRequest, number: int) -> HttpResponse:
    """Save the texts that were sent, and answer as `keep` does; with them what colleagues wrote in others meanwhile."""
    made: list[Definition] = []

    def change(definition: Definition) -> Definition:
        made.append(translating.with_posted(request.POST, definition))
        return made[-1]

    def told(saved: Saved) -> dict[str, Any]:
        now, theirs = texts.texts(made[0]), dict[str, str]()
        if saved.before != pages.posted_number(request, "at"):
            before = queries.get_step(number, pages.posted_number(request, "at")).definition
            theirs = translating.moved(texts.texts(before), now, request.POST)
        return {
            "whole": True, "told": _told(request, saved), "texts": theirs, "left": translating.left(now),
            "open": {key: translating.missing(text) for key, text in now.items()},
        }  # fmt: skip

    return _keep(request, number, change, translating.PART, told)


def _keep(request: StaffRequest, number: int, change: Change, part: str, told: Told) -> HttpResponse:
    at = pages.posted_number(request, "at")
    try:
        saved = actions.save(
            staff=request.staff.staff, survey=number, change=change, at=at, part=part, by_itself=True
        )
    except DefinitionInvalid as invalid:
        return _not_kept(pages.told_of(invalid), status=422)
    except Refusal as refusal:
        return _not_kept(refusal.message_in(reader_language()), status=refusal.status, reload=True)
    return JsonResponse({"at": saved.number, "undo": saved.undo, **told(saved)})


def _told(request: StaffRequest, saved: Saved) -> str:
    if saved.before in (saved.number, pages.posted_number(request, "at")):
        return _("Saved")
    return _("Saved. A colleague changed other parts; both are kept.")


def _not_kept(why: str, *, status: int, reload: bool = False) -> JsonResponse:
    return JsonResponse({"told": _("Not saved: %(why)s") % {"why": why}, "reload": reload}, status=status)
