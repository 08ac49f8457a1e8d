"""The pages of one's own second factor; some are reached by a session that opens nothing else yet."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amana.kernel import clock, dates
from amana.kernel.text import reader_language
from amana.retailer import codes, factors, queries
from amana.retailer.forms import CodeForm
from amana.retailer.guard import find_token, wanted_page
from amana.retailer.queries import StaffSession
from amana.retailer.shown import tried

Page = Callable[[HttpRequest, StaffSession], HttpResponse]
METHODS = ["GET", "HEAD", "POST"]


def _for_own_account(page: Page) -> Callable[[HttpRequest], HttpResponse]:
    """Let in whoever proved a password of their own, with or without a second factor."""

    @wraps(page)
    def reached(request: HttpRequest) -> HttpResponse:
        who = queries.find_session(find_token(request) or "")
        if who is None or who.must_change:
            return HttpResponseRedirect(reverse("staff-password" if who else "staff-sign-in"))
        return page(request, who)

    return reached


@never_cache
@require_http_methods(METHODS)
@_for_own_account
def second_factor(request: HttpRequest, who: StaffSession) -> HttpResponse:
    """Ask for the code where the session lacks it; otherwise show how one's second factor stands."""
    if who.second != "code":
        return _standing(request, who, CodeForm())
    form = CodeForm(request.POST or None)

    def prove() -> HttpResponse:
        factors.prove(session=who.token, code=form.cleaned_data["code"])
        return HttpResponseRedirect(wanted_page(request) or reverse("console-home"), status=303)

    done, status = tried(request, form, prove)
    page = {"form": form, "next": wanted_page(request)}
    return done or render(request, "retailer/factor_code.html", page, status=status)


@never_cache
@require_POST
@_for_own_account
def begin(request: HttpRequest, who: StaffSession) -> HttpResponse:
    """Make a secret, and lead to the page that shows it."""
    factors.begin(session=who.token)
    return HttpResponseRedirect(reverse("staff-factor-setup"), status=303)


@never_cache
@require_http_methods(METHODS)
@_for_own_account
def set_up(request: HttpRequest, who: StaffSession) -> HttpResponse:
    """Show the secret that waits, and take it into use by its first code."""
    form = CodeForm(request.POST or None)
    done, status = tried(
        request,
        form,
        lambda: _shown_once(request, factors.confirm(session=who.token, code=form.cleaned_data["code"])),
    )
    if done:
        return done
    own = factors.get_own(session=who.token)
    if own.waiting is None:
        return HttpResponseRedirect(reverse("staff-second-factor"), status=303)
    issuer = queries.brand().name.en
    page = {
        "form": form,
        "qr": codes.qr(
            codes.key_uri(own.waiting, issuer=issuer, email=own.email), title=gettext("Code to scan")
        ),
        "key": " ".join(codes.base32(own.waiting)[at : at + 4] for at in range(0, 32, 4)),
    }
    return render(request, "retailer/factor_setup.html", page, status=status)


@never_cache
@require_POST
@_for_own_account
def renew_codes(request: HttpRequest, who: StaffSession) -> HttpResponse:
    """Replace the recovery codes and show the new ones once."""
    form = CodeForm(request.POST)
    done, status = tried(
        request,
        form,
        lambda: _shown_once(request, factors.renew_codes(session=who.token, code=form.cleaned_data["code"])),
    )
    return done or _standing(request, who, form, status=status)


@never_cache
@require_POST
@_for_own_account
def remove(request: HttpRequest, who: StaffSession) -> HttpResponse:
    """Give up one's second factor."""
    form = CodeForm(request.POST)

    def give_up() -> HttpResponse:
        factors.remove(session=who.token, code=form.cleaned_data["code"])
        return HttpResponseRedirect(reverse("staff-second-factor"), status=303)

    done, status = tried(request, form, give_up)
    return done or _standing(request, who, form, status=status)


def _standing(request: HttpRequest, who: StaffSession, form: CodeForm, status: int = 200) -> HttpResponse:
    own = factors.get_own(session=who.token)
    since = own.confirmed_at and dates.relative(
        own.confirmed_at, now=clock.now(), country=queries.home_country(), language=reader_language()
    )
    page = {"form": form, "since": since, "codes_left": own.codes_left, "demanded": own.demanded,
            "needed": who.second == "enrolment"}  # fmt: skip
    return render(request, "retailer/second_factor.html", page, status=status)


def _shown_once(request: HttpRequest, made: tuple[str, ...]) -> HttpResponse:
    # In the answer to the POST and nowhere else: only what is made of them is kept.
    return render(request, "retailer/recovery_codes.html", {"codes": made})
