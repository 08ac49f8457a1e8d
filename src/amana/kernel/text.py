"""Keep Arabic and English side by side."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from django.utils.translation import get_language

Language: TypeAlias = Literal["ar", "en"]
Direction: TypeAlias = Literal["rtl", "ltr"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "ar"

_DIRECTIONS: dict[Language, Direction] = {"ar": "rtl", "en": "ltr"}
_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages.

    Raises ValueError when either is blank: a text missing in one language leaves its reader with nothing.
    """

    ar: str
    en: str

    def __post_init__(self) -> None:
        if not self.ar.strip() or not self.en.strip():
            raise ValueError("a bilingual text needs both Arabic and English")

    def in_(self, language: Language) -> str:
        """Return the text in `language`. Raises ValueError for a language Amana does not speak."""
        if language == "ar":
            return self.ar
        if language == "en":
            return self.en
        raise ValueError(f"unknown language: {language!r}")


def direction(language: Language) -> Direction:
    """Return the writing direction of `language`, as the HTML attribute `dir` wants it."""
    return _DIRECTIONS[language]


def find_language(tag: str) -> Language | None:
    """Return the language a BCP 47 tag such as `ar-SA` asks for, or None when Amana does not speak it."""
    primary = tag.strip().replace("_", "-").partition("-")[0].lower()
    return next((language for language in LANGUAGES if language == primary), None)


def reader_language() -> Language:
    """Return the language the answer to this request is written in."""
    return find_language(get_language() or "") or DEFAULT_LANGUAGE


def isolated(text: str) -> str:
    """Wrap a foreign run for plain text, where there is no `<bdi>` (Unicode UAX #9, section 2.4.2)."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
