"""What every answer passes: refusals made readable, headers, the browser's privacy signal."""

import logging
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual, direction, reader_language

log = logging.getLogger(__name__)
LOST: Final = (OperationalError, InterfaceError)

register(
    "unavailable",
    Bilingual(
        ar="الخدمة غير متاحة للحظات، ولم يضِع شيء مما أُرسل وتأكّد استلامه. يُرجى المحاولة بعد قليل.",
        en="The service is away for a moment. Nothing we confirmed was lost. Please try again shortly.",
    ),
    503,
)

Answer = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = "camera=(), microphone=(), geolocation=(), browsing-topics=(), interest-cohort=()"


class Refusals:
    """Turn a refusal into a page, or JSON for machines, in the reader's language."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal, and a lost database; leave everything else to be a bug."""
        if isinstance(exception, Refusal):
            return refused(request, exception)
        return unavailable(request, exception) if isinstance(exception, LOST) else None


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page or JSON that says why."""
    language = reader_language()
    message = refusal.message_in(language)
    if not request.accepts("text/html"):
        return JsonResponse({"code": refusal.code, "message": message}, status=refusal.status)
    return render(
        request, "web/refusal.html", {"message": message, "code": refusal.code}, status=refusal.status
    )


def unavailable(request: HttpRequest, lost: Exception) -> HttpResponse:
    """Return the page or JSON for a time without a database; it asks nothing of one, and the next request anew."""
    log.error("the database did not answer: %s", type(lost).__name__)
    connection.close()
    refusal = Refusal.of("unavailable")
    language = reader_language()
    message = refusal.message_in(language)
    headers = {"Retry-After": "5", "Cache-Control": "no-store"}
    if not request.accepts("text/html"):
        answer = {"code": refusal.code, "message": message}
        return JsonResponse(answer, status=refusal.status, headers=headers)
    words = {
        "title": _("Just a moment"),
        "message": message,
        "language": language,
        "direction": direction(language),
    }
    response = render(request, "web/error.html", words, status=refusal.status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


class Headers:
    """Set what browsers should be told with every answer, and note Global Privacy Control."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the request with `gpc`, pass it on, and complete the answer's headers."""
        setattr(request, "gpc", request.headers.get("Sec-GPC") == "1")  # noqa: B010  (an attribute of ours)
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(response, "same_for_all", False):
            # No language, no cookie: shared caches may keep one copy, and a compressed one.
            response.headers["Vary"] = "Accept-Encoding"
            del response.headers["Content-Language"]
        return response
