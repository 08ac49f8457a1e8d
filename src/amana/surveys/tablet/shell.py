"""What a tablet keeps of us, so that it starts without a network: its page in both languages, with all it needs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from amana.kernel.refusal import Refusal
from amana.kernel.text import LANGUAGES, Language, direction
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.queries import Brand
from amana.surveys.taking import assets
from amana.surveys.taking.assets import Asset

SHEETS: Final = (*assets.SHEETS, "surveys/tablet.css")
SCRIPTS: Final = (
    *assets.RUNNER,
    *(f"surveys/{name}.js" for name in ("tablet-words", "store", "sync", "kiosk", "screens", "tablet")),
)
WORKER: Final = "surveys/worker.js"
FONTS: Final = ("web/fonts/plex-arabic-400.woff2", "web/fonts/plex-arabic-600.woff2")
ICON: Final = "web/favicon.svg"
# What the door may say of an envelope or a tablet; the words go with the page, which has no network to ask for them.
SAID: Final = (
    "answer_too_large", "envelope_unreadable", "envelope_forged", "envelope_sealed_otherwise", "envelopes_too_large",
    "envelopes_too_many", "intake_busy", "intake_unavailable", "device_unknown", "device_revoked", "device_unsigned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shell:
    """What the service worker keeps. `version` changes with anything in it; `files` are paths on this server."""

    version: str
    files: tuple[str, ...]


@cache
def sheet() -> Asset:
    """Return the tablet's style sheet."""
    return assets.styled(SHEETS)


@cache
def script() -> Asset:
    """Return the tablet's script."""
    return assets.joined(SCRIPTS)


@cache
def worker() -> str:
    """Return the service worker's own text, without what it is told."""
    found = finders.find(WORKER)
    if not isinstance(found, str):
        raise FileNotFoundError(WORKER)
    return Path(found).read_text("utf-8")


def software() -> str:
    """Return the name of the software that tablets should have by now."""
    return script().mark[:8]


def address(made: Asset) -> str:
    """Return where a browser fetches an asset; its content is in the name."""
    return reverse("tablet-asset", args=[f"tablet-{made.mark}.{made.kind}"])


def page(language: Language) -> str:
    """Return the tablet's page. Raises Refusal before a brand is loaded."""
    brand = retailer.brand()
    with translation.override(language):
        return render_to_string(
            "surveys/tablet/app.html",
            {
                "language": language,
                "direction": direction(language),
                "name": brand.name.in_(language),
                "sheet": address(sheet()),
                "script": address(script()),
                "told": json.dumps(_told(brand), ensure_ascii=False),
            },
        )


def manifest() -> Mapping[str, Any]:
    """Return the web app manifest (W3C Web Application Manifest): installed, the page fills the screen."""
    brand = retailer.brand()
    return {
        "name": f"{brand.name.ar} · {brand.name.en}",
        "short_name": brand.name.ar,
        "lang": "ar",
        "dir": "rtl",
        "id": "/ar/tablet",
        "start_url": "/ar/tablet",
        "scope": "/",
        "display": "fullscreen",
        "orientation": "any",
        "background_color": "#fbfaf7",
        "theme_color": brand.accent,
        "icons": [{"src": static(ICON), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }


def shell() -> Shell:
    """Return what is kept now. Raises Refusal before a brand is loaded."""
    number = policy.find_version()
    pages = [page(language) for language in LANGUAGES]
    notices = [_in(language, "notice") for language in LANGUAGES] if number else []
    files = (
        *(_in(language, "tablet") for language in LANGUAGES),
        address(sheet()),
        address(script()),
        reverse("brand-css"),
        reverse("tablet-manifest"),
        static(ICON),
        *(static(font) for font in FONTS),
        *notices,
    )
    text = "\n".join((*pages, *files, worker(), repr(number), retailer.brand().accent))
    return Shell(hashlib.sha256(text.encode()).hexdigest()[:16], files)


def _told(brand: Brand) -> dict[str, Any]:
    """Return what the script is told: the same for every tablet."""
    return {
        "software": software(),
        "brand": {"ar": brand.name.ar, "en": brand.name.en},
        "policy": {language: _in(language, "notice") for language in LANGUAGES},
        "code": {language: _in(language, "survey-code") for language in LANGUAGES},
        "host": urlsplit(settings.AMANA_PUBLIC_URL).netloc,
        "worker": reverse("tablet-worker"),
        "scopes": [_in(language, "tablet") for language in LANGUAGES],
        "refusals": {
            code: {language: Refusal.of(code).message_in(language) for language in LANGUAGES} for code in SAID
        },
    }


def _in(language: Language, name: str) -> str:
    with translation.override(language):
        return reverse(name)
