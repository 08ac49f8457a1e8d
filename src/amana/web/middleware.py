"""What every answer passes: refusals made readable, headers, the browser's privacy signal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from amana.kernel.refusal import Refusal
from amana.kernel.text import DEFAULT_LANGUAGE, Language, find_language

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
        """Answer a refusal; leave everything else to be a bug."""
        return refused(request, exception) if isinstance(exception, Refusal) else None


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page or JSON that says why."""
    language = reader_language()
    message = refusal.message_in(language)
    if not request.accepts("text/html"):
        return JsonResponse({"code": refusal.code, "message": message}, status=refusal.status)
    return render(
        request, "web/refusal.html", {"message": message, "code": refusal.code}, status=refusal.status
    )


def reader_language() -> Language:
    """Return the language this answer is written in."""
    return find_language(get_language() or "") or DEFAULT_LANGUAGE


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
        return response
