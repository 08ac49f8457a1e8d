"""The console's pages of results, for those who may read them, each their own shops."""

import dataclasses
import datetime as dt
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.kernel import clock
from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import queries as builder
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.definition.document import Question
from amana.surveys.reading import panel, small
from amana.surveys.reading.asked import DAYS, Asked, asked, shops
from amana.surveys.reading.shown import Reader
from amana.surveys.results import figures, files, panels, shown

READERS: Final = ("analyst", "marketing", "shop_manager", "data_protection_officer")
# Who reaches the survey's own pages; a manager comes from the shop's.
DESIGNERS: Final = frozenset({"marketing", "analyst", "data_protection_officer"})


@never_cache
@require_safe
@roles(*READERS)
def results(request: StaffRequest, number: int) -> HttpResponse:
    """Show what a survey found out."""
    versions, wanted, who = _versions(number), asked(request.GET, request.staff), _reader()
    found = figures.by_answer(number, wanted)
    before = figures.by_answer(number, _before(wanted))
    step = shown.step_of(wanted)
    page = _around(request, wanted, who) | {
        "number": number,
        "title": panels.text(versions[0].definition.title, who),
        "address": reverse("survey-results", args=[number]),
        "query": wanted.query(),
        "cards": shown.cards(versions, found, before, who),
        "chart": shown.course(figures.by_day(number, wanted, "", step), wanted, step, who),
        "panels": panels.panels(versions, found, who),
        "themes": panel.themes(number, wanted, who),
        "any": shown.total(found).answers > 0,
        "may_design": bool(request.staff.roles & DESIGNERS),
    }
    return render(
        request, "surveys/results/results.html", page | _split(request, number, versions, wanted, who)
    )


@never_cache
@require_safe
@roles(*READERS)
def file(request: StaffRequest, number: int, kind: str) -> HttpResponse:
    """Hand over what the page shows as a file."""
    versions, wanted, who = _versions(number), asked(request.GET, request.staff), _reader()
    found = list(files.rows(panels.panels(versions, figures.by_answer(number, wanted), who), wanted))
    if kind == "xlsx":
        content = files.as_xlsx(found, who.language)
    else:
        content = files.as_parquet(found) if kind == "parquet" else files.as_csv(found).encode()
    name = f"{versions[0].slug}-{wanted.first.isoformat()}-{wanted.last.isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=files.TYPES[kind], headers=headers)


def _versions(number: int) -> tuple[PublishedVersion, ...]:
    found = builder.versions(number)
    if not found:
        raise Http404
    return found


def _before(wanted: Asked) -> Asked:
    """Return the period of the same length right before."""
    length = wanted.last - wanted.first + dt.timedelta(days=1)
    return dataclasses.replace(wanted, first=wanted.first - length, last=wanted.last - length)


def _split(
    request: StaffRequest, number: int, versions: tuple[PublishedVersion, ...], wanted: Asked, who: Reader
) -> dict[str, Any]:
    """Return one score by shop or by the answers to another question, as asked for."""
    measures, segments = shown.leading(versions), shown.segments(versions)
    measure = _named(measures, request.GET.get("measure", "")) or (measures[0] if measures else None)
    if measure is None:
        return {}
    by = request.GET.get("by", "")
    segment = _named(segments, by)
    if segment is None:
        found = figures.by_shop(number, wanted, measure.name)
        names = {str(one.id): one.name.in_(who.language) for one in shops(request.staff)}
    else:
        zone = clock.zone(who.country)
        found = figures.by_segment(number, wanted, measure.name, segment.name, zone=zone)
        names = {choice.name: panels.text(choice.label, who) for choice in segment.choices}
    return {
        "groups": shown.groups(found, names, measure.kind, who),
        "measures": [(one.name, panels.text(one.label, who), one is measure) for one in measures],
        "segments": [(one.name, panels.text(one.label, who), one is segment) for one in segments],
    }


def _named(questions: tuple[Question, ...], name: str) -> Question | None:
    return next((one for one in questions if one.name == name), None)


def _reader() -> Reader:
    language = reader_language()
    return Reader(language, policy.current().policy.controller.country)


def _around(request: StaffRequest, wanted: Asked, who: Reader) -> dict[str, Any]:
    """Return what the choice of period, shop and language needs."""
    kept = [(name, request.GET[name]) for name in ("by", "measure") if request.GET.get(name)]
    return {
        "asked": wanted,
        "kept": kept,
        "least": small.least(),
        "periods": [
            {
                "days": days,
                "query": wanted.query(days=days, **{"from": "", "to": ""}),
                "current": days == wanted.days,
            }
            for days in DAYS
        ],
        "shops": [
            (one.id, one.name.in_(who.language), one.id == wanted.shop) for one in shops(request.staff)
        ],
    }
