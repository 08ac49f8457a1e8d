"""The console's page of asking by itself: which survey follows which occasion, and how to put one on a website."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amana.kernel.text import Bilingual, reader_language
from amana.policy import queries as policy
from amana.policy.durations import Duration
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import queries as builder
from amana.surveys.builder.pages import MARKETING, READERS
from amana.surveys.models import Invitation
from amana.surveys.taking import invitations
from amana.surveys.taking.invitations import Occasion

OCCASIONS: Final[tuple[tuple[Occasion, Promise], ...]] = (
    ("purchase", _("After a purchase")),
    ("conversation", _("After a conversation with customer service")),
)


@dataclass(frozen=True, slots=True)
class Option:
    """A survey to choose."""

    id: int
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One occasion: what is asked after it, how much later, and how many wait and were sent."""

    occasion: str
    label: str
    later: str
    options: tuple[Option, ...]
    waiting: int
    sent: int


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(*READERS)
def rules(request: StaffRequest) -> HttpResponse:
    """Show which survey follows which occasion, and change it."""
    may_edit = MARKETING in request.staff.roles
    published = builder.newest()
    known = [draft for draft in builder.drafts() if draft.id in published and not draft.closed_at]
    if request.method == "POST" and may_edit:
        numbers = {str(draft.id): draft.id for draft in known}
        for occasion, _label in OCCASIONS:
            survey = numbers.get(request.POST.get(occasion, ""))
            if survey != invitations.rules().get(occasion):
                invitations.set_rule(staff=request.staff.staff, occasion=occasion, survey=survey)
        messages.success(request, gettext("Saved. It holds from now on."))
        return HttpResponseRedirect(reverse("survey-rules"))
    language = reader_language()
    told = policy.current().policy.surveys
    standing = invitations.rules()
    titles = [(draft.id, draft.slug, draft.definition.title.in_(language)) for draft in known]
    page: dict[str, Any] = {
        "may_edit": may_edit,
        "lines": [_line(occasion, str(label), titles, standing) for occasion, label in OCCASIONS],
        "between": _said(told.between),
        "example": _example(titles[0][1] if titles else "visit", language),
        "any": bool(titles),
    }
    return render(request, "surveys/rules.html", page)


def _line(occasion: str, label: str, titles: list[tuple[int, str, str]], standing: dict[str, int]) -> Line:
    delay = policy.current().policy.surveys.invites.get(f"after_{occasion}")
    rows = Invitation.objects.filter(occasion=occasion)
    return Line(
        occasion=occasion,
        label=label,
        later=_said(delay) if delay else "",
        options=tuple(
            Option(number, title, standing.get(occasion) == number) for number, _slug, title in titles
        ),
        waiting=rows.filter(state=Invitation.State.WAITING).count(),
        sent=rows.filter(state=Invitation.State.SENT).count(),
    )


def _said(duration: Duration) -> str:
    words: Bilingual = duration.words()
    return words.in_(reader_language())


def _example(slug: str, language: str) -> str:
    """Return what a website writes to show a survey."""
    host = settings.AMANA_PUBLIC_URL
    return (
        f'<script async src="{host}{reverse("survey-loader")}"></script>\n'
        f'<div data-amana-survey="{slug}" data-language="{language}"></div>'
    )
