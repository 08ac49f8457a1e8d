"""The sources of website events, for administrators: made, shown with their public key, given new keys, closed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.collect import queries, sources
from amana.collect.sources import Made, Sender
from amana.kernel import clock, dates
from amana.kernel.refusal import Refusal
from amana.kernel.text import Language, reader_language
from amana.policy import queries as policy
from amana.retailer.guard import StaffRequest, roles

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as the pages show it; `kept` and `dropped` are today's events (UTC)."""

    id: int
    name: str
    write_key: str
    origins: tuple[str, ...]
    made_on: str
    open: bool
    kept: int
    dropped: int


class SourceForm(forms.Form):
    """A name, and the sites whose pages may send; none means those of the policy."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As colleagues call it: the shop, the app.")
    )
    origins = forms.CharField(
        label=_("Sites"),
        required=False,
        help_text=_("One on each line, as in https://shop.example. Left empty: the sites the policy names."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
    )

    def clean_origins(self) -> list[str]:
        """Read each line as a site."""
        try:
            return [sources.origin(line) for line in self.cleaned_data["origins"].split()]
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message_in(_language())) from refusal


@never_cache
@require_safe
@roles(ADMINISTRATOR)
def source_list(request: StaffRequest) -> HttpResponse:
    """List the sources with what came from each today."""
    return render(request, "collect/sources.html", {"rows": _rows(sources.listed())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(ADMINISTRATOR)
def source_add(request: StaffRequest) -> HttpResponse:
    """Make a source and show, once, its secret key."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = sources.make(
            name=form.cleaned_data["name"], origins=form.cleaned_data["origins"], by=request.staff.staff
        )
        return _hand_over(request, made)
    return render(request, "collect/source_add.html", {"form": form}, status=400 if form.is_bound else 200)


@never_cache
@require_safe
@roles(ADMINISTRATOR)
def source_shown(request: StaffRequest, number: int) -> HttpResponse:
    """Show one source: its public key, how a page sends with it, and what may be changed."""
    [row] = _rows([sources.get(number)])
    page = {
        "row": row,
        "address": settings.AMANA_PUBLIC_URL,
        "sites": row.origins or policy.current().policy.website.origins,
    }
    return render(request, "collect/source.html", page)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def source_write_key(request: StaffRequest, number: int) -> HttpResponse:
    """Replace the public key."""
    sources.replace_write_key(source=number, by=request.staff.staff)
    messages.success(
        request, gettext("The public key is new. Pages with the old one are refused from now on.")
    )
    return HttpResponseRedirect(reverse("source", args=[number]))


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def source_server_key(request: StaffRequest, number: int) -> HttpResponse:
    """Replace the secret key and show the new one, once."""
    return _hand_over(request, sources.replace_server_key(source=number, by=request.staff.staff))


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def source_close(request: StaffRequest, number: int) -> HttpResponse:
    """Close a source for good."""
    sources.close(source=number, by=request.staff.staff)
    messages.success(request, gettext("The source is closed. What it sent stays."))
    return HttpResponseRedirect(reverse("source-list"))


def _hand_over(request: HttpRequest, made: Made) -> HttpResponse:
    # Shown in the answer to the POST and nowhere else: only its hash is kept.
    page = {"name": made.sender.name, "number": made.sender.id, "key": made.server_key}
    return render(request, "collect/source_key.html", page)


def _rows(senders: Sequence[Sender]) -> tuple[SourceRow, ...]:
    today = clock.now().date()
    counted = queries.counted_by_source(first=today, last=today)
    country = policy.current().policy.controller.country
    return tuple(
        SourceRow(
            id=sender.id,
            name=sender.name,
            write_key=sender.write_key,
            origins=sender.origins,
            made_on=dates.relative(sender.created_at, now=clock.now(), country=country, language=_language()),
            open=sender.closed_at is None,
            kept=counted.get(sender.id, (0, 0))[0],
            dropped=counted.get(sender.id, (0, 0))[1],
        )
        for sender in senders
    )


def _language() -> Language:
    return reader_language()
