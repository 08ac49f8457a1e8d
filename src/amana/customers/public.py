"""The pages behind the links in people's mail. A GET shows a button; only a POST acts.

The forms carry no CSRF token. The link itself is the secret that a forger would need, and a page that
keeps its
address from other sites (`no-referrer`) makes browsers send `Origin: null`, which Django's check refuses.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amana.customers import actions, centre, lifting, limits
from amana.customers.forms import AddressForm
from amana.customers.links import UNKNOWN, look, private
from amana.gate import actions as gate
from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language
from amana.policy import queries as policy

METHODS = ["GET", "HEAD", "POST"]
LINKS_AN_HOUR = 30


@csrf_exempt
@require_http_methods(METHODS)
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address, or a wish made in the preference centre."""
    link = look(token, "confirm", "opt_in")
    if request.method != "POST":
        return render(request, "customers/confirm.html", {"wish": link.scope == "opt_in"})
    if link.scope == "opt_in":
        lifting.grant(token)
    else:
        gate.confirm(token, language=reader_language())
    return render(request, "customers/confirmed.html", {"wish": link.scope == "opt_in"})


@csrf_exempt
@require_http_methods(METHODS)
@private
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop what a message was about; also by a mail provider's one click (RFC 8058, section 3.2)."""
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        return _one_click(token)
    link = look(token, "opt_out")
    page = {"purpose": _purpose(link.purpose), "channel": _channel(link.channel)}
    if request.method != "POST":
        return render(request, "customers/unsubscribe.html", page)
    gate.opt_out(token, language=reader_language())
    return render(request, "customers/unsubscribed.html", page)


def _one_click(token: str) -> HttpResponse:
    try:
        gate.opt_out(token, language=reader_language())
    except Refusal as refusal:
        if refusal.code not in UNKNOWN:
            raise
        return HttpResponse("unknown link\n", content_type="text/plain", status=404)
    return HttpResponse("unsubscribed\n", content_type="text/plain")


def _purpose(name: str) -> str:
    found = policy.current().policy.purposes.get(name)
    return found.name.in_(reader_language()) if found else name


def _channel(name: str | None) -> str:
    found = policy.current().policy.channels.get(name or "")
    return found.by.in_(reader_language()) if found else ""


@csrf_exempt
@require_http_methods(METHODS)
@private
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a person allowed and who used their data; switch anything off at once, on by a mail."""
    look(token, "preferences")
    if request.method == "POST":
        done = centre.switch(token, request.POST)
        return HttpResponseRedirect(f"{reverse('link-preferences', args=[token])}?done={done}", status=303)
    page = centre.page(token, done=request.GET.get("done", ""))
    receipt = reverse("link-receipt", args=[token])
    return render(request, "customers/preferences.html", {**page, "receipt": receipt})


@csrf_exempt
@require_http_methods(METHODS)
@private
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm one's own request to be erased."""
    look(token, "erase")
    if request.method != "POST":
        return render(request, "customers/erase.html", {"days": _days()})
    gate.confirm_request(token)
    return render(request, "customers/erase_confirmed.html", {"days": _days()})


def _days() -> int:
    """Return the longest time any of the declared laws gives for an answer."""
    places = policy.current().policy.jurisdictions.values()
    return max(int(place.limits["request_days"].value) for place in places if "request_days" in place.limits)


@never_cache
@require_http_methods(METHODS)
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Send a preference link to an address; the answer is the same whether the address is known or not."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "customers/ask.html", {"form": form, "sent": "sent" in request.GET})
    if form.is_valid():
        try:
            limits.check(act="preferences", address=_network(request), most=LINKS_AN_HOUR)
            actions.send_preferences_link(address=form.cleaned_data["email"])
            return HttpResponseRedirect(f"{reverse('preferences')}?sent=1", status=303)
        except limits.TooManyVisits as refusal:
            form.add_error(None, refusal.message_in(reader_language()))
            return render(request, "customers/ask.html", {"form": form}, status=refusal.status)
    return render(request, "customers/ask.html", {"form": form}, status=400)


def _network(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
