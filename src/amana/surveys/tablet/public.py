"""The tablet's page and what it keeps of us; the same for everybody, without a cookie."""

import json
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amana.kernel.text import reader_language
from amana.surveys.tablet import shell
from amana.surveys.taking import assets

# Browsers ask for these anew each time: what they keep is the worker's cache, which knows its own version.
FRESH = "no-cache"
View = Callable[..., HttpResponse]


def _same_for_all(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *arguments: str) -> HttpResponse:
        response = view(request, *arguments)
        response.headers["Cache-Control"] = FRESH
        setattr(response, "same_for_all", True)  # noqa: B010  (read by the middleware that sets headers)
        return response

    return answered


@require_safe
@_same_for_all
def tablet(request: HttpRequest) -> HttpResponse:
    """Show the page that a tablet in a shop runs."""
    return HttpResponse(shell.page(reader_language()))


@require_safe
@_same_for_all
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the page as an application, so that it may be installed."""
    return HttpResponse(json.dumps(shell.manifest()), content_type="application/manifest+json")


@require_safe
@_same_for_all
def worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker with the list of what it keeps."""
    kept = shell.shell()
    told = json.dumps({"version": kept.version, "files": kept.files})
    response = HttpResponse(f"self.SHELL = {told};\n{shell.worker()}", content_type=assets.TYPES["js"])
    # It lies outside the pages it serves, which are under their languages (Service Workers, section 4.1).
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@require_safe
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """Send the sheet or the script under the name that says what is in it."""
    for made in (shell.sheet(), shell.script()):
        if name == f"tablet-{made.mark}.{made.kind}":
            return assets.sent(request, made, kept=assets.FOR_EVER)
    raise Http404
