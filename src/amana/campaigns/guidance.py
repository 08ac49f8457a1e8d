"""Say while somebody writes how it will look in an inbox: lengths in plain words, and letters of the wrong script."""

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from amana.campaigns.letter import Words, Written
from amana.kernel.text import Language

# What phones show of a subject, and of the line after it, before they cut it off.
SUBJECT_SHOWN = 40
OPENING_SHOWN = 90
BODY_LONG = 1200
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LATIN = re.compile(r"[A-Za-z]")

Verdict = Literal["kept", "asks", ""]


@dataclass(frozen=True, slots=True)
class Line:
    """What is said about one field: how many characters, and what to think of them."""

    field: str
    count: int
    advice: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Guidance:
    """What is said about the words in one language."""

    language: Language
    title: str
    lines: tuple[Line, ...]


def guidance(written: Written) -> tuple[Guidance, ...]:
    """Return the advice for both languages, Arabic first."""
    return (
        Guidance("ar", _("In Arabic"), _lines(written.ar, "ar")),
        Guidance("en", _("In English"), _lines(written.en, "en")),
    )


def _lines(words: Words, language: Language) -> tuple[Line, ...]:
    return (
        _line(_("Subject"), words.subject, _subject(words.subject), language, needed=True),
        _line(_("Opening line"), words.opening, _opening(words.opening), language, needed=False),
        _line(_("Body"), words.body, _body(words.body), language, needed=True),
    )


def _line(name: str, text: str, advice: tuple[str, Verdict], language: Language, *, needed: bool) -> Line:
    count = len(text.strip())
    if not count:
        return Line(
            name,
            0,
            _("Still empty.") if needed else _("Empty: the body comes first."),
            "asks" if needed else "",
        )
    if _other_script(text, language):
        return Line(name, count, _wrong_script(language), "asks")
    return Line(name, count, *advice)


def _subject(text: str) -> tuple[str, Verdict]:
    if len(text.strip()) > SUBJECT_SHOWN:
        return _("Phones show about the first 40 characters. What matters belongs there."), "asks"
    return _("Fits on a phone."), "kept"


def _opening(text: str) -> tuple[str, Verdict]:
    if len(text.strip()) > OPENING_SHOWN:
        return _("Inboxes show about the first 90 characters of it."), "asks"
    return _("Fits beside the subject."), "kept"


def _body(text: str) -> tuple[str, Verdict]:
    if len(text.strip()) > BODY_LONG:
        return _("Long for a promotion: few will read to the end."), "asks"
    return _("A comfortable length."), "kept"


def _other_script(text: str, language: Language) -> bool:
    bare = text.replace("{name}", "")
    arabic, latin = len(_ARABIC.findall(bare)), len(_LATIN.findall(bare))
    return latin > 2 * arabic if language == "ar" else arabic > 2 * latin


def _wrong_script(language: Language) -> str:
    if language == "ar":
        return _("This does not look like Arabic.")
    return _("This does not look like English.")
