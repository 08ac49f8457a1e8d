"""What a campaign says, and the mail it becomes: the preview is made by the very steps that make the mail."""

import re
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from amana.kernel import clock
from amana.kernel.text import LANGUAGES, Bilingual, Language
from amana.post import letters, wording
from amana.post.carrier import sender
from amana.post.mime import Draft
from amana.post.models import Content

KIND = "campaign"
REASON = Bilingual(
    ar="وصلتك هذه الرسالة لأنك وافقت على تلقّي عروضنا بالبريد الإلكتروني.",
    en="You get this message because you agreed to receive our offers by e-mail.",
)
SAMPLE_NAME = Bilingual(ar="نورة", en="Noura")
_PREVIEW = "preview"
_BRACES = re.compile(r"\{[^{}]*\}?|\}")


@dataclass(frozen=True, slots=True)
class Words:
    """A campaign's words in one language; any of them may still be empty."""

    subject: str = ""
    opening: str = ""
    body: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """All that a marketer writes. `link` is the address the button opens, or empty for no button."""

    name: str
    ar: Words
    en: Words
    link: str = ""

    def words(self, language: Language) -> Words:
        """Return the words in one language."""
        return self.ar if language == "ar" else self.en

    @property
    def missing(self) -> tuple[str, ...]:
        """Name what is still empty and must not be: `subject_ar`, `body_en`, and labels where there is a link."""
        needed = ("subject", "body", "label") if self.link else ("subject", "body")
        return tuple(
            f"{part}_{language}"
            for language in LANGUAGES
            for part in needed
            if not getattr(self.words(language), part).strip()
        )

    def columns(self) -> dict[str, str]:
        """Return the words by column: `subject_ar`, `subject_en`, …"""
        return {
            f"{part.name}_{language}": getattr(self.words(language), part.name)
            for language in LANGUAGES
            for part in fields(Words)
        }


def of_columns(row: Any) -> Written:
    """Return what a row says, from columns named as `Written.columns` names them."""
    spoken = {
        language: Words(*(getattr(row, f"{part.name}_{language}") for part in fields(Words)))
        for language in LANGUAGES
    }
    return Written(name=row.name, ar=spoken["ar"], en=spoken["en"], link=row.link)


def stray_braces(text: str) -> list[str]:
    """Return what stands in braces and is no place for the reader's name."""
    return [found for found in _BRACES.findall(text) if found != "{name}"]


def said(written: Written) -> dict[str, str]:
    """Return the words by the columns of the post room's content. The opening line leads the body."""
    body = {code: _joined(written.words(code)) for code in LANGUAGES}
    return {
        "subject_ar": written.ar.subject,
        "subject_en": written.en.subject,
        "body_ar": body["ar"],
        "body_en": body["en"],
        "reason_ar": REASON.ar,
        "reason_en": REASON.en,
        "link": "address" if written.link else "",
        "label_ar": written.ar.label if written.link else "",
        "label_en": written.en.label if written.link else "",
        "address": written.link,
    }


def preview(written: Written, language: Language) -> Draft:
    """Return the mail as it will be, to a made-up reader and with links that lead nowhere.

    Raises Refusal (503) before a brand is loaded.
    """
    who = sender()
    name = SAMPLE_NAME.in_(language)
    return letters.draft(
        message=UUID(int=0),
        kind=KIND,
        words=wording.words_of(Content(**said(written)), language, name),
        language=language,
        to=f"{_PREVIEW}@{who.domain}",
        name=name,
        links={"opt_out": _PREVIEW, "preferences": _PREVIEW},
        sender=who,
        at=clock.now(),
    )


def _joined(words: Words) -> str:
    return "\n\n".join(part.strip() for part in (words.opening, words.body) if part.strip())
