"""Make a brand's colour safe to read on Amana's paper, in the light and in the dark.

Contrast after WCAG 2.2: relative luminance and success criterion 1.4.3 (4.5 to 1 for text).
"""

import colorsys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LEAST = 4.6
# The grounds of amana.css on which the accent is read, and what its wash is mixed with.
LIGHT = ("#ffffff", "#fbfaf7", "#f2f0ea")
DARK = ("#171e1b", "#101513", "#1c2421")
INKS = ("#ffffff", "#17211e")
_STEPS = 100

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Accent:
    """An accent, the ink on it, and its wash: a ground on which it is still read."""

    accent: str
    ink: str
    wash: str


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours such as `#0d6b58`: from 1 to 21."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=16)
def light(brand: str) -> Accent:
    """Darken the brand's colour as little as it takes to be read on paper."""
    return _first_readable(brand, LIGHT, towards=0.0, share=0.09)


@lru_cache(maxsize=16)
def dark(brand: str) -> Accent:
    """Lighten the brand's colour as little as it takes to be read in the dark."""
    return _first_readable(brand, DARK, towards=1.0, share=0.16)


def _first_readable(brand: str, grounds: tuple[str, ...], *, towards: float, share: float) -> Accent:
    for tried in _shades(brand, towards):
        wash = _mixed(tried, grounds[0], share)
        ink = max(INKS, key=lambda ink: contrast(ink, tried))
        if min(contrast(tried, ground) for ground in (*grounds, wash)) >= LEAST <= contrast(ink, tried):
            return Accent(tried, ink, wash)
    raise ValueError(f"no shade of {brand} can be read")


def _shades(brand: str, towards: float) -> Iterator[str]:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(brand))
    for step in range(_STEPS + 1):
        part = step / _STEPS
        # A colour that is lightened and stays as saturated glows; it is calmed as it rises.
        calm = saturation * (1 - 0.25 * part * towards)
        yield _hex(colorsys.hls_to_rgb(hue, lightness + (towards - lightness) * part, calm))


def _mixed(one: str, other: str, share: float) -> str:
    first, second = _rgb(one), _rgb(other)
    return _hex(
        (
            first[0] * share + second[0] * (1 - share),
            first[1] * share + second[1] * (1 - share),
            first[2] * share + second[2] * (1 - share),
        )
    )


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
