"""The page of codes: first the code, then who one is and what one allows; both optional, and the code is spent once."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amana.customers import actions as customers
from amana.customers import limits
from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.surveys.models import Response
from amana.surveys.taking import asked, codes, identity, person
from amana.surveys.taking.person import PersonForm

# A person mistypes a few times; whoever tries all of them would need centuries at this pace.
TRIES_AN_HOUR = 30


class CodeForm(forms.Form):
    """The code, however it is typed."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Eight letters and digits, as on the receipt or the last page of the survey."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then for the person, and add them to their answers."""
    if request.method != "POST":
        return _ask(request, CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=400)
    try:
        limits.check(act="survey_code", address=str(request.META.get("REMOTE_ADDR", "")), most=TRIES_AN_HOUR)
        found = identity.get(form.cleaned_data["code"])
    except Refusal as refusal:
        form.add_error("code", refusal.message_in(reader_language()))
        return _ask(request, form, status=refusal.status)
    return _person(request, found)


def _ask(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    return render(request, "surveys/code.html", {"form": form}, status=status)


def _person(request: HttpRequest, found: Response) -> HttpResponse:
    language = reader_language()
    shop = asked.find_shop(found.shop)
    country, jurisdiction = asked.where(shop)
    what = person.asking(language, country=country, jurisdiction=jurisdiction)
    written = codes.spelt(codes.read(request.POST["code"]) or "")
    if "policy" not in request.POST:
        empty = PersonForm(asking=what, initial={"code": written, "policy": what.policy})
        return _show(request, empty, written)
    posted = request.POST.copy()
    changed = posted["policy"] != str(what.policy)
    if changed:
        for name in [name for name in posted if name.startswith("allow-")]:
            del posted[name]
        posted["policy"] = str(what.policy)
    form = PersonForm(posted, asking=what)
    if changed:
        form.add_error(
            None,
            gettext(
                "The privacy policy changed while you were writing, so nothing was sent. Please"
                " read the permissions"
                " again; everything else is as you wrote it."
            ),
        )
        return _show(request, form, written, status=409)
    return _add(request, form, written) if form.is_valid() else _show(request, form, written, status=400)


def _add(request: HttpRequest, form: PersonForm, written: str) -> HttpResponse:
    language = reader_language()
    try:
        customer = identity.add(
            code=written,
            values=form.values,
            allowed=form.allowed,
            language=language,
            shown=form.asking.policy,
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message_in(language))
        return _show(request, form, written, status=refusal.status)
    link = customers.receipt_link(customer=customer)
    page = {"receipt": reverse("link-receipt", args=[link]) if link else ""}
    return render(request, "surveys/added.html", page)


def _show(request: HttpRequest, form: PersonForm, written: str, status: int = 200) -> HttpResponse:
    page: dict[str, Any] = {
        "form": form,
        "written": written,
        "contact": [form[name] for name in form.asking.fields],
        "served": [(served, [form[p.field] for p in served.permissions]) for served in form.asking.served],
        "version": form.asking.policy,
    }
    return render(request, "surveys/person.html", page, status=status)
