"""Posters with a QR code for each shop, as PDF: set by typst, in the brand's colour, both languages on one sheet."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from amana.kernel.text import Bilingual
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop

PAPERS: Final = ("a4", "a5")
LAYOUT: Final = Path(__file__).with_name("poster.typ")
FONT_PACKAGE: Final = "fontpkg_ibm_plex_sans_arabic"
# A quarter of the code may be scratched or covered by a fingerprint.
RESISTS: Final = "q"
DARK, LIGHT = "#17211e", "#ffffff"
QUESTION: Final = Bilingual("كيف كانت زيارتك؟", "How was your visit?")
STEPS: Final = (
    Bilingual("وجّه كاميرا هاتفك نحو الرمز", "Point your phone's camera at the code"),
    Bilingual("افتح الرابط الذي يظهر", "Open the link that appears"),
    Bilingual("أخبرنا برأيك", "Tell us what you think"),
)
TYPE: Final = Bilingual("أو اكتب هذا العنوان:", "or type this address:")
PRIVATE: Final = Bilingual(
    "بلا تطبيق وبلا تسجيل، ولا نعرف من أنت إلا إن أخبرتنا.",
    "No app, no account. We do not know who you are unless you tell us.",
)
ALT: Final = Bilingual("رمز الاستجابة السريعة للاستبيان", "QR code of the survey")


@dataclass(frozen=True, slots=True)
class Place:
    """What a shop's poster leads to: `link` is in the code, `address` is what people type."""

    link: str
    address: str


def place(shop: Shop) -> Place:
    """Return where a shop's poster leads; the code says that it was scanned, and nothing more."""
    with translation.override("ar"):
        path = reverse("survey", args=[shop.slug])
    return Place(
        f"{settings.AMANA_PUBLIC_URL}{path}?by=qr", f"{urlsplit(settings.AMANA_PUBLIC_URL).netloc}{path}"
    )


def pdf(shops: Sequence[Shop], *, paper: str) -> bytes:
    """Return one PDF with a page for each shop; `paper` is one of PAPERS."""
    brand = retailer.brand()
    told: dict[str, Any] = {
        "paper": paper,
        "accent": brand.accent,
        "ink": _ink_on(brand.accent),
        "brand": _both(brand.name),
        "title": f"{QUESTION.ar} · {brand.name.ar}",
        "question": _both(QUESTION),
        "steps": [_both(step) for step in STEPS],
        "type": _both(TYPE),
        "private": _both(PRIVATE),
        "alt": _both(ALT),
        "shops": [_told(shop) for shop in shops],
    }
    made = typst.compile(
        LAYOUT, font_paths=_fonts(), sys_inputs={"told": json.dumps(told, ensure_ascii=False)}, format="pdf"
    )
    assert isinstance(made, bytes)
    return made


def code(link: str) -> str:
    """Return a QR code as SVG, with the quiet zone scanners need."""
    drawn = io.BytesIO()
    segno.make(link, error=RESISTS, micro=False).save(
        drawn,
        kind="svg",
        border=2,
        dark=DARK,
        light=LIGHT,
        xmldecl=False,
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return drawn.getvalue().decode()


def _told(shop: Shop) -> dict[str, Any]:
    found = place(shop)
    return {"name": _both(shop.name), "address": found.address, "code": code(found.link)}


def _both(text: Bilingual) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}


def _ink_on(colour: str) -> str:
    """Return what can be read on a colour, by its relative luminance (WCAG 2.2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return LIGHT if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else DARK


@cache
def _fonts() -> typst.Fonts:
    found = find_spec(FONT_PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {FONT_PACKAGE} is not installed")
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(Path(found.origin).parent / "files")],
    )
