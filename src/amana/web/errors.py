"""Pages for what went wrong before any room could say so itself. They ask nothing of the database."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amana.kernel.text import direction, reader_language


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return _page(request, 400, _("This request cannot be read"), _("Please go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Answer 403, also when a form comes without its token."""
    return _page(
        request, 403, _("This page has expired"), _("Please go back, load the page anew and send it again.")
    )


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _page(
        request, 404, _("There is no such page"), _("The address may be mistyped, or the page has moved.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return _page(
        request,
        500,
        _("Something went wrong on our side"),
        _("Please try again. What you sent may not have reached us."),
    )


def _page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    language = reader_language()
    words = {"title": title, "message": message, "language": language, "direction": direction(language)}
    return render(request, "web/error.html", words, status=status)
