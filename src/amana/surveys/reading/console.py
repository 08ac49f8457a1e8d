"""The console's pages of themes and demand: aggregate, but for single answers opened through the gate."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.reading import figures, pictures, shown, small, texts
from amana.surveys.reading import measured as quality
from amana.surveys.reading.asked import DAYS, Asked, asked, shops
from amana.surveys.reading.seasons import SEASONS
from amana.surveys.reading.shown import Reader, Table
from amana.surveys.reading.themes import LEARNT, THEMES

READERS: Final = ("analyst", "marketing", "shop_manager", "service")
OPENERS: Final = ("analyst", "shop_manager", "service")
BUYERS: Final = ("analyst", "marketing")
ABOUTS: Final = ("wanted", "size", "dislike", "like")
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def reader() -> Reader:
    """Return for whom the page being made is written."""
    language = reader_language()
    return Reader(language, policy.current().policy.controller.country)


@never_cache
@require_safe
@roles(*READERS)
def themes(request: StaffRequest) -> HttpResponse:
    """Show what people write about; with a theme asked for, that one by shop and month."""
    wanted, who = asked(request.GET, request.staff), reader()
    theme = request.GET.get("theme", "")
    page = _around(request, wanted, who) | {"address": reverse("survey-themes")}
    if theme in LEARNT:
        return render(request, "surveys/reading/theme.html", page | _theme(request, wanted, theme, who))
    table = shown.themes(figures.themes(wanted), wanted, reverse("survey-themes"), who)
    return render(request, "surveys/reading/themes.html", page | {"table": table})


def _theme(request: StaffRequest, wanted: Asked, theme: str, who: Reader) -> dict[str, Any]:
    everything = figures.theme_course(wanted, theme)
    blamed = figures.theme_course(wanted, theme, -1)
    name = who.text(THEMES[theme])
    return {
        "theme": theme,
        "name": name,
        "back": reverse("survey-themes") + wanted.query(),
        "table": shown.theme_shops(
            figures.theme_shops(wanted, theme), retailer.shops(include_closed=True), who
        ),
        "chart": shown.find_course(name, everything, who, (_("Criticism"), blamed)),
        "may_open": bool(request.staff.roles & set(OPENERS)),
    }


@never_cache
@require_POST
@roles(*OPENERS)
def opened(request: StaffRequest) -> HttpResponse:
    """Open one page of answers about a theme. Each is written down for its person to see."""
    wanted, who = asked(request.POST, request.staff), reader()
    theme = request.POST.get("theme", "")
    if theme not in LEARNT:
        raise Http404
    number = int(request.POST["page"]) if request.POST.get("page", "").isdigit() else 0
    found = texts.open_page(staff=request.staff, asked=wanted, theme=theme, page=number)
    names = {shop.id: shop.name.in_(who.language) for shop in retailer.shops(include_closed=True)}
    page = {
        "theme": theme,
        "name": who.text(THEMES[theme]),
        "texts": [(one, names.get(one.shop or 0, "")) for one in found],
        "back": reverse("survey-themes") + wanted.query(theme=theme),
        "kinds": [
            (kind, who.text(rule.wording))
            for kind, rule in policy.current().policy.surveys.sensitive.items()
            if kind != pictures.KIND
        ],
        "next": number + 1 if texts.more(wanted, theme, number) else None,
    }
    return render(request, "surveys/reading/texts.html", page | _around(request, wanted, who))


@never_cache
@require_safe
@roles(*READERS, "data_protection_officer")
def how(request: StaffRequest) -> HttpResponse:
    """Say how words are read, and how well it was measured to work."""
    found, who = quality.measured(), reader()
    rows = [
        (who.text(THEMES[theme]), [found.themes[language].get(theme) for language in ("ar", "en")])
        for theme in LEARNT
    ]
    page = {
        "rows": rows,
        "overall": [found.themes[language]["all"] for language in ("ar", "en")],
        "languages": [_("Arabic"), _("English")],
        "sentiments": [(_("Arabic"), found.sentiment["ar"]), (_("English"), found.sentiment["en"])],
        "sentences": found.sentences,
        "sensitive": [
            (_kind(kind, who), [found.sensitive[language].get(kind) for language in ("ar", "en")])
            for kind in found.sensitive["en"]
        ],
    }
    return render(request, "surveys/reading/how.html", page)


def _kind(kind: str, who: Reader) -> str:
    rule = policy.current().policy.surveys.sensitive.get(kind)
    return who.text(rule.wording) if rule else _("Any of these")


@never_cache
@require_safe
@roles(*BUYERS)
def demand(request: StaffRequest) -> HttpResponse:
    """Show buyers what is wanted, missing, disliked and liked."""
    wanted, who, about = asked(request.GET, request.staff), reader(), _about(request)
    address = reverse("survey-demand")
    lines = figures.demand(wanted, about)
    page = _around(request, wanted, who) | {
        "address": address,
        "about": about,
        "tabs": [(name, f"{address}{wanted.query(about=one)}", one == about) for one, name in _tabs()],
        "table": shown.demand(about, lines, wanted, address, who),
        "query": wanted.query(),
        "seasons": [(code, who.text(name), code == wanted.season) for code, name in SEASONS.items()],
    }
    item = shown.find_item(lines, request.GET.get("item", ""))
    if item is None:
        return render(request, "surveys/reading/demand.html", page)
    every = retailer.shops(include_closed=True)
    name = shown.name_of(about, item, who)
    detail = {
        "name": name,
        "back": address + wanted.query(about=about),
        "tables": (
            shown.by_shop(figures.demand_shops(wanted, about, item), every, who),
            shown.by_season(figures.demand_seasons(wanted, about, item), who),
        ),
        "chart": shown.find_course(name, figures.demand_course(wanted, about, item), who),
    }
    return render(request, "surveys/reading/demand_item.html", page | detail)


@never_cache
@require_safe
@roles(*BUYERS)
def demand_file(request: StaffRequest, about: str, kind: str) -> HttpResponse:
    """Hand over one table of the demand as CSV or as a workbook."""
    if about not in ABOUTS:
        raise Http404
    wanted, who = asked(request.GET, request.staff), reader()
    table = shown.demand(about, figures.demand(wanted, about), wanted, "", who)
    return _file(table, wanted, who, kind)


def _file(table: Table, wanted: Asked, who: Reader, kind: str) -> HttpResponse:
    name = f"{table.file}-{wanted.first.isoformat()}-{wanted.last.isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if kind == "xlsx":
        return HttpResponse(
            shown.as_xlsx(table, wanted, who.language), content_type=WORKBOOK, headers=headers
        )
    # Without the mark, spreadsheets read Arabic as Latin-1.
    text = shown.as_csv(table, wanted)
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _about(request: HttpRequest) -> str:
    about = request.GET.get("about", "")
    return about if about in ABOUTS else ABOUTS[0]


def _tabs() -> tuple[tuple[str, str], ...]:
    return (
        ("wanted", _("Wanted and not found")),
        ("size", _("Sizes asked for")),
        ("dislike", _("Disliked")),
        ("like", _("Liked")),
    )


def _around(request: StaffRequest, wanted: Asked, who: Reader) -> dict[str, Any]:
    """Return what the choice of period, shop and language needs."""
    of_what = {name: request.GET[name] for name in ("theme", "about", "item") if request.GET.get(name)}
    return {
        "asked": wanted,
        "least": small.least(),
        "kept": tuple(of_what.items()),
        "periods": [
            {
                "days": days,
                "current": days == wanted.days,
                "query": wanted.query(days=days, **{"from": "", "to": ""}, **of_what),
            }
            for days in DAYS
        ],
        "shops": [(shop.id, who.text(shop.name), shop.id == wanted.shop) for shop in shops(request.staff)],
    }
