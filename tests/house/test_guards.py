"""Every address passes a guard, and every console page names its roles."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from amana.retailer.guard import ROLES_ATTRIBUTE
from amana.web import guards


def patterns(found: list[URLPattern | URLResolver]) -> list[URLPattern]:
    """Return every pattern below these."""
    flat: list[URLPattern] = []
    for pattern in found:
        flat += patterns(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return flat


def test_every_address_passes_a_guard() -> None:
    assert guards.unguarded(get_resolver().url_patterns) == []


def test_an_unguarded_address_is_found() -> None:
    def planted(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert guards.unguarded([path("planted", planted)]) == ["planted"]


def test_every_console_page_names_its_roles() -> None:
    console = [
        page
        for page in patterns(get_resolver().url_patterns)
        if getattr(page.callback, guards.GUARD, None) == "console"
    ]
    assert [str(page.pattern) for page in console if not getattr(page.callback, ROLES_ATTRIBUTE, None)] == []
    assert len(console) > 5
