"""The console's pages of results, for those who may read them, each their own shops."""

from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.builder import queries as builder
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.definition.document import Question
from amana.surveys.reading import panel, small
from amana.surveys.reading.asked import DAYS, Asked, asked, shops
from amana.surveys.reading.shown import Reader
from amana.surveys.results import figures, files, panels, shown, splits

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
    a_year = request.GET.get("against") == "year"
    before = figures.by_answer(number, splits.earlier(wanted, a_year=a_year))
    step = shown.step_of(wanted)
    page = _around(request, wanted, who) | {
        "number": number,
        "title": panels.text(versions[0].definition.title, who),
        "address": reverse("survey-results", args=[number]),
        "query": wanted.query(),
        "cards": shown.cards(versions, found, before, who),
        "chart": shown.course(figures.by_day(number, wanted, "", step), wanted, step, who),
        "panels": panels.panels(versions, found, who, before),
        "a_year": a_year,
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


def _split(
    request: StaffRequest, number: int, versions: tuple[PublishedVersion, ...], wanted: Asked, who: Reader
) -> dict[str, Any]:
    """Return one score in several groups, as asked for."""
    measures, by = shown.leading(versions), request.GET.get("by", "")
    measure = _named(measures, request.GET.get("measure", "")) or (measures[0] if measures else None)
    if measure is None:
        return {}
    own = {str(one.id): one.name.in_(who.language) for one in shops(request.staff)}
    found = splits.split(splits.Wanted(number, versions, wanted, measure, who, own), by)
    return {
        "groups": found.groups,
        "group_chart": found.chart,
        "measures": [(one.name, panels.text(one.label, who), one is measure) for one in measures],
        "segments": splits.choices(versions, who, by),
    }


def _named(questions: tuple[Question, ...], name: str) -> Question | None:
    return next((one for one in questions if one.name == name), None)


def _reader() -> Reader:
    language = reader_language()
    return Reader(language, policy.current().policy.controller.country)


def _around(request: StaffRequest, wanted: Asked, who: Reader) -> dict[str, Any]:
    """Return what the choice of period, shop and language needs."""
    kept = [(name, request.GET[name]) for name in ("by", "measure", "against") if request.GET.get(name)]
    return {
        "asked": wanted,
        "kept": kept,
        "again": "".join(f"&{urlencode({name: value})}" for name, value in kept if name != "against"),
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
