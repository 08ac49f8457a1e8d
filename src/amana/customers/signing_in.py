"""Signing in: an address, a link mailed to it, a button. No password, and the same answer for every address."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amana.customers import actions, limits, returning, sessions
from amana.customers.forms import AddressForm
from amana.customers.links import look, private
from amana.gate import actions as gate
from amana.kernel.text import reader_language

METHODS = ["GET", "HEAD", "POST"]
LINKS_AN_HOUR = 30


@never_cache
@require_http_methods(METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    """Mail a sign-in link to an address; the answer is the same whether the address is known or not."""
    asking = returning.asked(request.GET)
    if request.method != "POST":
        if "sent" not in request.GET and sessions.find(request) is not None:
            return HttpResponseRedirect(f"{reverse('me')}{asking.query}")
        page = {"form": AddressForm(), "sent": "sent" in request.GET}
        return render(request, "customers/sign_in.html", page)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "customers/sign_in.html", {"form": form}, status=400)
    try:
        limits.check(act="sign_in", address=str(request.META.get("REMOTE_ADDR", "")), most=LINKS_AN_HOUR)
        actions.send_sign_in_link(address=form.cleaned_data["email"])
    except limits.TooManyVisits as refusal:
        form.add_error(None, refusal.message_in(reader_language()))
        return render(request, "customers/sign_in.html", {"form": form}, status=refusal.status)
    response = HttpResponseRedirect(f"{reverse('sign-in')}?sent=1", status=303)
    returning.remember(response, asking)
    return response


@csrf_exempt
@require_http_methods(METHODS)
@private
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by the link of a mail, and lead back to where it was asked for. A GET only shows the button."""
    look(token, "sign_in")
    asking = returning.find(request)
    if request.method != "POST":
        page = {"asking": asking}
        return returning.permit(render(request, "customers/enter.html", page), asking or returning.Asking())
    with transaction.atomic():
        signed = gate.sign_in(token)
        sessions.end(request)
        secret = sessions.start(signed)
    address = reverse("me")
    if asking is not None and asking.back:
        address = returning.leading(
            asking, customer=signed.customer, includes_before=request.POST.get("before") == "on"
        )
    response = HttpResponseRedirect(address, status=303)
    sessions.give(response, secret)
    returning.forget(response)
    return response
