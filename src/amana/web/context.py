"""What every page knows: the brand, the reader's language and the other one, and for staff the menu."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject

from amana.kernel.text import direction, reader_language
from amana.web import branding
from amana.web.menus import menu


def page(request: HttpRequest) -> Mapping[str, Any]:
    """Return brand, language, direction, other_language, other_address and, for staff, staff and menu."""
    language = reader_language()
    other = "en" if language == "ar" else "ar"
    staff = getattr(request, "staff", None)
    return {
        "brand": SimpleLazyObject(branding.brand),
        "language": language,
        "direction": direction(language),
        "other_language": other,
        "other_address": translate_url(request.get_full_path(), other),
        "staff": staff,
        "menu": menu(staff.roles, request.path) if staff else [],
    }
