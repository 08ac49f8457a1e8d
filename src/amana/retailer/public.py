"""The doors of the console: signing in and out, and a password of one's own."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amana.kernel.refusal import Refusal
from amana.retailer import actions, queries
from amana.retailer.forms import PasswordForm, SignInForm
from amana.retailer.guard import find_token, give_token, take_token
from amana.retailer.shown import explain


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session for whoever proves a password."""
    form = SignInForm(request.POST or None)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            return _come_in(request, form.cleaned_data["email"], form.cleaned_data["password"])
        except Refusal as refusal:
            status = explain(form, refusal)
    return render(request, "retailer/sign_in.html", {"form": form, "next": _next(request)}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    token = find_token(request)
    if token is not None:
        actions.sign_out(session=token)
    response = HttpResponseRedirect(reverse("staff-sign-in"))
    take_token(response)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Replace one's own password, which ends every other session, and go on in a new one."""
    who = queries.find_session(find_token(request) or "")
    if who is None:
        return HttpResponseRedirect(reverse("staff-sign-in"))
    form = PasswordForm(request.POST or None)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            actions.change_password(email=who.email, old=old, new=new, address=_address(request))
            return _come_in(request, who.email, new)
        except Refusal as refusal:
            status = explain(form, refusal)
    return render(
        request, "retailer/password.html", {"form": form, "must_change": who.must_change}, status=status
    )


def _come_in(request: HttpRequest, email: str, password: str) -> HttpResponse:
    token = actions.sign_in(email=email, password=password, address=_address(request))
    who = queries.find_session(token)
    if who is None:
        raise Refusal.of("session_unknown")
    with translation.override(who.language):
        target = reverse("staff-password" if who.must_change else "console-home")
    response = HttpResponseRedirect(target if who.must_change else _next(request) or target)
    give_token(response, token, secure=request.is_secure())
    rotate_token(request)
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
