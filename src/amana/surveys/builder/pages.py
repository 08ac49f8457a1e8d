"""What the builder's pages have in common: who asks, the head of a survey, and who a colleague is."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest
from amana.surveys.builder import queries, shown
from amana.surveys.builder.queries import Draft, PublishedVersion
from amana.surveys.definition import writing
from amana.surveys.definition.problems import DefinitionInvalid

MARKETING = "marketing"
READERS = ("marketing", "analyst", "data_protection_officer")


@dataclass(frozen=True, slots=True)
class Head:
    """What every page of one survey shows on top. `by` is who changed the draft last, None for the reader."""

    draft: Draft
    title: str
    state: shown.State
    version: PublishedVersion | None
    same: bool
    by: str | None
    may_edit: bool


def head(request: StaffRequest, survey: int) -> Head:
    """Return the head of a survey's pages. Raises Refusal survey_unknown."""
    return head_of(request, queries.get_draft(survey))


def head_of(request: StaffRequest, draft: Draft) -> Head:
    """Return the head of the pages of a survey that is at hand."""
    version = queries.latest(draft.id)
    same = version is not None and version.hash == writing.fingerprint(draft.definition)
    placed = any(place.ways for place in queries.places(draft.id))
    return Head(
        draft=draft,
        title=shown.title_of(draft.definition),
        state=shown.state(draft, published=version is not None, placed=placed, same=same),
        version=version,
        same=same,
        by=None if draft.changed_by == request.staff.staff else name_of(request, draft.changed_by),
        may_edit=MARKETING in request.staff.roles,
    )


def name_of(request: StaffRequest, staff: int) -> str:
    """Return a colleague's name in the reader's language."""
    return names_of(request, {staff})[staff]


def names_of(request: StaffRequest, staff: Collection[int]) -> dict[int, str]:
    """Return colleagues' names in the reader's language, by one query at most."""
    language, me = reader_language(), request.staff.staff
    found = {each: _("A colleague") for each in staff}
    if found.keys() - {me}:
        try:
            people = retailer.colleagues(session=request.staff.token)
        except Refusal:
            people = ()
        found |= {each.id: each.name.in_(language) for each in people if each.id in found}
    return found | {me: request.staff.name.in_(language)}


def told_of(invalid: DefinitionInvalid) -> str:
    """Return what is wrong with what was typed, each fault once."""
    return " ".join(dict.fromkeys(each.message.in_(reader_language()) for each in invalid.problems))


def posted_number(request: HttpRequest, name: str) -> int:
    """Return a whole number of a form, 0 where there is none."""
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
