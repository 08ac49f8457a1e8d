"""Keep what is being typed, by itself: the page says what became of it, and nobody's work is overwritten."""

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import actions, pages, typed
from amana.surveys.builder.pages import MARKETING
from amana.surveys.builder.typed import WHOLE
from amana.surveys.definition.document import Definition
from amana.surveys.definition.problems import DefinitionInvalid


@never_cache
@require_POST
@roles(MARKETING)
def keep(request: StaffRequest, number: int, name: str = WHOLE) -> HttpResponse:
    """Save a part while it is written, under the name it has, and answer what the page says of it.

    `reload` tells that only what stands now can be built upon.
    """

    def change(definition: Definition) -> Definition:
        return typed.typed(request.POST, definition, name, naming=False)[0]

    at = pages.posted_number(request, "at")
    try:
        saved = actions.save(
            staff=request.staff.staff, survey=number, change=change, at=at, part=name, by_itself=True
        )
    except DefinitionInvalid as invalid:
        told = " ".join(dict.fromkeys(each.message.in_(reader_language()) for each in invalid.problems))
        return _not_kept(told, status=422)
    except Refusal as refusal:
        return _not_kept(refusal.message_in(reader_language()), status=refusal.status, reload=True)
    renamed = name not in (WHOLE, request.POST.get("name", name))
    return JsonResponse(
        {
            "at": saved.number,
            "undo": saved.undo,
            "whole": not renamed,
            "told": _told(renamed=renamed, together=saved.before not in (saved.number, at)),
        }
    )


def _told(*, renamed: bool, together: bool) -> str:
    if renamed:
        return _("Saved, except for the new name. “Save the draft” keeps that too.")
    return _("Saved. A colleague changed other parts; both are kept.") if together else _("Saved")


def _not_kept(why: str, *, status: int, reload: bool = False) -> JsonResponse:
    return JsonResponse({"told": _("Not saved: %(why)s") % {"why": why}, "reload": reload}, status=status)
