"""The front page, and the few addresses that belong to no room."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from amana.kernel.text import DEFAULT_LANGUAGE, find_language, reader_language
from amana.web import branding, colours, proofs
from amana.web.front import find_front


@require_safe
def by_language(request: HttpRequest) -> HttpResponse:
    """Lead to the front page in the reader's language, Arabic where none is known."""
    language = find_language(get_language_from_request(request)) or DEFAULT_LANGUAGE
    response = redirect(f"/{language}/")
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show what the retailer promises, and where to begin."""
    language = reader_language()
    shown = {"front": find_front(language, proofs.proofs), "shop": settings.AMANA_DEMO}
    return render(request, "web/front.html", shown)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer that the process and its database live."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """Colour the customers' pages with the brand's accent, in shades that can be read."""
    accent = branding.brand().accent
    at_night = _accents(colours.dark(accent))
    sheet = f"{_accents(colours.light(accent))}@media (prefers-color-scheme: dark) {{\n{at_night}}}\n"
    response = HttpResponse(sheet, content_type="text/css")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead to the mark."""
    return redirect(static("web/favicon.svg"), permanent=True)


def _accents(made: colours.Accent) -> str:
    return f":root {{ --accent: {made.accent}; --accent-ink: {made.ink}; --accent-wash: {made.wash}; }}\n"
