"""What the builder's pages show, in the reader's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from amana.kernel.text import Bilingual, reader_language
from amana.policy import queries as policy
from amana.surveys.builder.queries import Draft
from amana.surveys.definition.document import Definition, Question, Section, Text

Mark = Literal["kept", "asks", "refused", ""]
PIPED: Final = re.compile(r"\$\{\s*([a-z][a-z0-9_]*)\s*\}")
KINDS: Final[Mapping[str, Promise]] = {
    "single": _("One choice"),
    "multiple": _("Several choices"),
    "matrix": _("A matrix"),
    "rating": _("A rating"),
    "nps": _("Recommendation (NPS, 0 to 10)"),
    "csat": _("Satisfaction (CSAT, 1 to 5)"),
    "smiley": _("Faces, from bad to good"),
    "number": _("A number"),
    "date": _("A date"),
    "phone": _("A phone number"),
    "email": _("An e-mail address"),
    "short_text": _("Short text, one line"),
    "long_text": _("Long text, several lines"),
    "photo": _("A photo of a receipt"),
    "consent": _("A consent"),
    "contact": _("Contact details"),
    "note": _("Note, nothing to answer"),
}
GROUPS: Final = (
    (_("Chosen"), ("single", "multiple", "matrix")),
    (_("On a scale"), ("smiley", "csat", "nps", "rating")),
    (_("Typed"), ("short_text", "long_text", "number", "date", "phone", "email")),
    (_("Other kinds"), ("photo", "contact", "consent", "note")),
)
WAYS: Final[Mapping[str, Promise]] = {
    "tablet": _("Tablet in the shop"),
    "qr": _("QR code in the shop"),
    "web": _("On the website"),
    "link": _("By link"),
}
ABOUT: Final[Mapping[str, Promise]] = {
    "like": _("What people like"),
    "dislike": _("What people do not like"),
    "wanted": _("What people looked for and did not find"),
    "size": _("Sizes that are missing"),
    "other": _("Anything else"),
}


@dataclass(frozen=True, slots=True)
class State:
    """Where a survey stands, in words, and the mark it wears."""

    label: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Row:
    """One survey of the list. `version` is the number of the version published last."""

    id: int
    title: str
    slug: str
    state: State
    version: int | None
    questions: int
    draft: Draft
    changed_by: str


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of questions that belong together."""

    label: str
    kinds: tuple[tuple[str, str], ...]


def said(text: Text | Bilingual | None) -> str:
    """Return a text in the reader's language, in the other one where it is not written yet."""
    if text is None:
        return ""
    first, second = (text.ar, text.en) if reader_language() == "ar" else (text.en, text.ar)
    return first or second


def title_of(definition: Definition) -> str:
    """Return what a survey is called, or that it has no title yet."""
    return said(definition.title) or gettext("Untitled survey")


def label_of(question: Question, definition: Definition | None = None) -> str:
    """Return what a question asks, with what it pipes in named; or that it is not written yet."""
    if question.kind == "consent":
        return _consent(question)
    return readable(said(question.label), definition) or gettext("Question without a text")


def _consent(question: Question) -> str:
    text = policy.current().policy
    purpose = text.purposes.get(question.purpose or "")
    channel = text.channels.get(question.channel or "")
    parts = [
        gettext("Consent"),
        said(purpose.name if purpose else None),
        said(channel.by if channel else None),
    ]
    return " · ".join(part for part in parts if part)


def readable(text: str, definition: Definition | None) -> str:
    """Return a text in which `${name}` reads as what that question asks."""

    def named(found: re.Match[str]) -> str:
        question = definition.find(found[1]) if definition else None
        return f"[{(said(question.label) or found[1]) if question else found[1]}]"

    return PIPED.sub(named, text)


def section_label(section: Section) -> str:
    """Return what a section is called, or that it has no title yet."""
    return said(section.title) or gettext("Section without a title")


def state(draft: Draft, *, published: bool, placed: bool, same: bool) -> State:
    """Say where a survey stands: `placed` where it is open somewhere, `same` where its newest version is the draft."""
    if draft.closed_at is not None:
        return State(gettext("Closed"), "")
    if not published:
        return State(gettext("Draft"), "")
    if not placed:
        return State(gettext("Published, open nowhere"), "asks")
    return (
        State(pgettext("survey", "Open"), "kept")
        if same
        else State(gettext("Open, with changes not published"), "asks")
    )


def kinds() -> tuple[Kinds, ...]:
    """Return the kinds of questions as they are offered."""
    return tuple(
        Kinds(str(label), tuple((name, str(KINDS[name])) for name in names)) for label, names in GROUPS
    )
