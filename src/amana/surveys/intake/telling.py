"""What an answer tells of somebody, in the form in which the policy's categories are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from amana.kernel import births, emails, phones
from amana.kernel.refusal import Refusal
from amana.surveys.definition.document import CLOSED, WORDS
from amana.surveys.intake import opinions, photos
from amana.surveys.intake.opinions import OPINION
from amana.surveys.taken import Answer

Question: TypeAlias = Mapping[str, Any]


@dataclass(slots=True)
class Told:
    """One answer taken apart: what may be kept open, what is sealed by category, and what could not be read.

    `photo` names the question a photo answers, `doubted` says that it does not look like a receipt.
    """

    open: dict[str, Answer] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    photo: str = ""
    doubted: bool = False
    unread: dict[str, Refusal] = field(default_factory=dict)

    def seal_words(self) -> None:
        """Let what was written be one value of the category of opinions."""
        if self.words:
            self.values[OPINION] = opinions.pack(self.words)


@dataclass(frozen=True, slots=True)
class Teller:
    """Takes answers apart for one country; `today` is the day there."""

    country: str
    today: date

    def tell(self, asked: Mapping[str, Question], answers: Mapping[str, Answer]) -> Told:
        """Take the answers apart by what was asked. What was given twice counts as it was given first."""
        told = Told()
        for name, answer in answers.items():
            question = asked[name]
            kind = question["kind"]
            if kind in CLOSED and not question.get("category"):
                told.open[name] = answer
            elif kind in WORDS:
                told.words[name] = str(answer).strip()
            elif isinstance(answer, dict):
                for category, text in answer.items():
                    self._keep(told, category, text)
            elif kind == "photo":
                self._keep_photo(told, name, question["category"], str(answer))
            elif kind != "consent":
                self._keep(told, question["category"], str(answer))
        told.seal_words()
        return told

    def _keep(self, told: Told, category: str, text: str) -> None:
        if not text.strip() or category in told.values:
            return
        try:
            told.values[category] = self._normalised(category, text)
        except Refusal as refusal:
            told.unread[category] = refusal

    def _keep_photo(self, told: Told, name: str, category: str, encoded: str) -> None:
        """Keep a photo as it was drawn anew; there is one of an answer, the first that could be read."""
        if not encoded.strip() or category in told.values:
            return
        try:
            redrawn = photos.rewritten(encoded)
        except Refusal as refusal:
            told.unread[category] = refusal
            return
        told.values[category] = redrawn.text
        told.photo, told.doubted = name, not redrawn.receipt

    def _normalised(self, category: str, text: str) -> str:
        """Return a value in the one form in which it is kept and found again. Raises Refusal."""
        if category == "email":
            return emails.parse(text)
        if category == "mobile":
            return phones.parse_mobile(text, country=self.country).e164
        if category == "phone":
            return phones.parse(text, country=self.country).e164
        if category == "birth_date":
            return births.parse(text, today=self.today).isoformat()
        return text.strip()
