"""What a shop says it changed, for anybody who asks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amana.kernel.text import reader_language
from amana.retailer import queries as retailer
from amana.surveys.loop import queries


@require_safe
def changes(request: HttpRequest, shop: str) -> HttpResponse:
    """Show what a shop changed after what its visitors said, the newest first. Raises Refusal shop_unknown."""
    found = retailer.get_shop(shop)
    language = reader_language()
    page = {
        "shop": found.name.in_(language),
        "slug": found.slug,
        "country": found.country,
        "notes": [(one.text.in_(language), one.published_at) for one in queries.published(found.id)],
    }
    return render(request, "surveys/loop/changes.html", page)
