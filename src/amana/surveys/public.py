"""The survey of a shop, for anybody."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from amana.customers import actions as customers
from amana.customers import limits
from amana.customers.links import look, private
from amana.kernel.refusal import Refusal
from amana.kernel.text import DEFAULT_LANGUAGE, find_language
from amana.surveys import actions, queries
from amana.surveys.forms import SurveyForm
from amana.surveys.queries import Survey

ANSWERS_AN_HOUR = 300
NOT_ASKED = {"csrfmiddlewaretoken"}
CONTACT = ("name", "email", "mobile", "birth_date", "gender", "nationality", "city")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask about a visit, and take the answer in once."""
    found = queries.get_survey(slug, find_language(get_language() or "") or DEFAULT_LANGUAGE)
    if request.method != "POST":
        return _page(request, SurveyForm(survey=found, initial={"key": uuid4(), "policy": found.policy}))
    posted = request.POST.copy()
    changed = _renew(posted, found)
    form = SurveyForm(posted, survey=found)
    valid = form.is_valid()
    if changed:
        form.add_error(
            None,
            gettext(
                "The privacy policy changed while you were writing, so nothing was sent. Please"
                " read the permissions"
                " again; everything else is as you wrote it."
            ),
        )
        return _page(request, form, status=409)
    if _refuse_undeclared(request, form) or not valid:
        return _page(request, form, status=400)
    return _take(request, form)


def _take(request: HttpRequest, form: SurveyForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        limits.check(act="survey", address=str(request.META.get("REMOTE_ADDR", "")), most=ANSWERS_AN_HOUR)
        customer = actions.answer(
            survey=form.survey,
            key=given["key"],
            rating=int(given["rating"]),
            values=form.values,
            allowed=form.allowed,
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message_in(form.survey.language))
        return _page(request, form, status=refusal.status)
    link = customers.receipt_link(customer=customer) if customer else None
    slug = form.survey.shop.slug
    after = (
        reverse("survey-thanks-receipt", args=[slug, link]) if link else reverse("survey-thanks", args=[slug])
    )
    return HttpResponseRedirect(after, status=303)


def _renew(posted: QueryDict, found: Survey) -> bool:
    """Give a form its number where it has none; untick what was ticked under another policy and say so."""
    try:
        UUID(posted.get("key", ""))
    except ValueError:
        posted["key"] = str(uuid4())
    if posted.get("policy") == str(found.policy):
        return False
    for name in [name for name in posted if name.startswith("allow-")]:
        del posted[name]
    posted["policy"] = str(found.policy)
    return True


def _refuse_undeclared(request: HttpRequest, form: SurveyForm) -> bool:
    """Refuse by name whatever the form does not ask. Tell whether there was anything."""
    extra = sorted({*request.POST, *request.FILES} - set(form.fields) - NOT_ASKED)
    if extra:
        comma = "، " if form.survey.language == "ar" else ", "
        names = comma.join(name[:40] for name in extra[:5])
        form.add_error(
            None,
            gettext("The privacy policy does not list this, so nothing was kept: %(names)s")
            % {"names": names},
        )
    return bool(extra)


def _page(request: HttpRequest, form: SurveyForm, status: int = 200) -> HttpResponse:
    found = form.survey
    page = {
        "form": form,
        "shop": found.shop.name.in_(found.language),
        "faces": _faces(form),
        "contact": [form[name] for name in CONTACT if name in form.fields],
        "opinion": form["opinion"] if "opinion" in form.fields else None,
        "served": [(served, [form[p.field] for p in served.permissions]) for served in found.served],
        "gpc": found.honours_gpc and request.headers.get("Sec-GPC") == "1",
        "version": found.policy,
    }
    response = render(request, "surveys/survey.html", page, status=status)
    patch_vary_headers(response, ["Sec-GPC"])
    return response


def _faces(form: SurveyForm) -> Sequence[Any]:
    """Return the radio buttons of the rating, from worst to best."""
    return list(form["rating"].subwidgets)


@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank somebody who told nothing of themselves."""
    found = queries.get_survey(slug, find_language(get_language() or "") or DEFAULT_LANGUAGE)
    return render(request, "surveys/thanks.html", {"shop": found.shop.name.in_(found.language)})


@require_safe
@private
def thanks_with_receipt(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Thank somebody, and hand them the receipt of what they agreed to. The same for every address."""
    look(token, "receipt")
    found = queries.get_survey(slug, find_language(get_language() or "") or DEFAULT_LANGUAGE)
    page = {"shop": found.shop.name.in_(found.language), "receipt": reverse("link-receipt", args=[token])}
    return render(request, "surveys/thanks.html", page)
