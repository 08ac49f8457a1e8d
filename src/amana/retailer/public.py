"""The doors of the console: signing in and out, and a password of one's own."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amana.kernel.refusal import Refusal
from amana.retailer import actions, queries
from amana.retailer.forms import PasswordForm, SignInForm
from amana.retailer.guard import find_token, give_token, take_token, wanted_page
from amana.retailer.queries import StaffSession
from amana.retailer.shown import tried


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session for whoever proves a password."""
    form = SignInForm(request.POST or None)
    done, status = tried(
        request, form, lambda: _come_in(request, form.cleaned_data["email"], form.cleaned_data["password"])
    )
    page = {"form": form, "next": wanted_page(request)}
    return done or render(request, "retailer/sign_in.html", page, status=status)


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
    if who.second == "code" and not who.must_change:
        return HttpResponseRedirect(reverse("staff-second-factor"))
    form = PasswordForm(request.POST or None)
    email = who.email

    def change() -> HttpResponse:
        new = form.cleaned_data["new"]
        actions.change_password(email=email, old=form.cleaned_data["old"], new=new, address=_address(request))
        return _come_in(request, email, new)

    done, status = tried(request, form, change)
    page = {"form": form, "must_change": who.must_change}
    return done or render(request, "retailer/password.html", page, status=status)


def _come_in(request: HttpRequest, email: str, password: str) -> HttpResponse:
    token = actions.sign_in(email=email, password=password, address=_address(request))
    who = queries.find_session(token)
    if who is None:
        raise Refusal.of("session_unknown")
    response = HttpResponseRedirect(_first_page(request, who))
    give_token(response, token, secure=request.is_secure())
    rotate_token(request)
    return response


def _first_page(request: HttpRequest, who: StaffSession) -> str:
    wanted = wanted_page(request)
    with translation.override(who.language):
        if who.must_change:
            return reverse("staff-password")
        if who.second:
            asked = urlencode({"next": wanted}) if wanted else ""
            return f"{reverse('staff-second-factor')}?{asked}".rstrip("?")
        return wanted or reverse("console-home")


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
