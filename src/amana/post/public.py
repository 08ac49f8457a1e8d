"""The demo's mailboxes, as a mail reader shows them. None of these pages exists outside the demo."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from amana.kernel.text import Language, reader_language
from amana.post import carrier, demo, mailbox
from amana.post.forms import LetterForm
from amana.post.transports import Outcome

View = Callable[..., HttpResponse]
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
# A mail reader's page: styles of the mail itself, and links that open outside of it. No script, no picture
# from afar.
_LETTER = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
# django-csp types its decorators for views that take a request alone.
_by_itself = cast(Callable[[View], View], csp(_LETTER))
_framing = cast(Callable[[View], View], csp_update({"frame-src": [SELF]}))


def demo_only(view: View) -> View:
    """Answer 404 outside the demo, and for a mailbox or mail that is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *parts: Any, **names: Any) -> HttpResponse:
        if not getattr(settings, "AMANA_DEMO", False):
            raise Http404
        try:
            return view(request, *parts, **names)
        except (ValueError, FileNotFoundError) as error:
            raise Http404 from error

    return guarded


@never_cache
@require_safe
@demo_only
def box_list(request: HttpRequest) -> HttpResponse:
    """List the mailboxes, the latest first."""
    sought = request.GET.get("q", "")[:200]
    boxes = mailbox.boxes(mailbox.root(), containing=sought)
    return render(request, "post/mailbox.html", {"boxes": boxes, "sought": sought})


@never_cache
@require_safe
@demo_only
def box(request: HttpRequest, key: str) -> HttpResponse:
    """List the mails of one mailbox."""
    lines = mailbox.lines(mailbox.root(), key=key)
    shown = {"address": mailbox.address_of(key), "key": key, "lines": lines}
    return render(request, "post/box.html", shown)


@never_cache
@require_safe
@demo_only
@_framing
def mail(request: HttpRequest, key: str, mail: str) -> HttpResponse:
    """Show one mail, its page in a frame of its own."""
    found = mailbox.read(mailbox.root(), key=key, mail=mail)
    return render(
        request, "post/letter.html", {"mail": found, "key": key, "address": mailbox.address_of(key)}
    )


@never_cache
@require_safe
@demo_only
@xframe_options_sameorigin
@_by_itself
def page(request: HttpRequest, key: str, mail: str) -> HttpResponse:
    """Serve the HTML of one mail by itself, where it can do nothing but be read."""
    html = mailbox.html(mailbox.root(), key=key, mail=mail)
    return HttpResponse(_opening_outside(html))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@demo_only
def write(request: HttpRequest, key: str) -> HttpResponse:
    """Write a mail from this mailbox to the service address."""
    address = mailbox.address_of(key)
    to = carrier.sender().service_address
    form = LetterForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _sent(address, to, form.cleaned_data):
            messages.success(request, gettext("Your mail has been sent."))
            return redirect("mailbox-box", key=key)
        status = 400 if form.errors else 503
        if not form.errors:
            form.add_error(None, gettext("The mail server did not take the mail. Please send it again."))
    return render(
        request, "post/write.html", {"form": form, "address": address, "to": to, "key": key}, status=status
    )


def _sent(address: str, to: str, given: dict[str, str]) -> bool:
    raw = demo.write(
        address=address, to=to, subject=given["subject"], text=given["text"], language=_language()
    )
    return demo.send(address=address, to=to, raw=raw).outcome is Outcome.HANDED_OVER


def _language() -> Language:
    return reader_language()


def _opening_outside(html: str) -> str:
    base = '<base target="_blank">'
    found = _HEAD.search(html)
    return f"{html[: found.end()]}{base}{html[found.end() :]}" if found else f"{base}{html}"
