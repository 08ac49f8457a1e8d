"""Read what was typed on a page without scripts: each kind of question its own way, as `widgets.js` reads it."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any, Final, TypeAlias

from django.utils.datastructures import MultiValueDict
from PIL import Image, ImageOps

from amana.kernel import births, emails, phones
from amana.kernel.digits import to_western
from amana.kernel.refusal import Refusal
from amana.kernel.text import Language
from amana.surveys.definition.compiling import Form
from amana.surveys.taken import Answer
from amana.surveys.taking.words import told

Question: TypeAlias = Mapping[str, Any]
Files: TypeAlias = Mapping[str, Any]

MOST_LETTERS: Final = 2000
LARGEST_FILE: Final = 12_000_000
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 1600
LARGEST_PHOTO: Final = 290_000
# Channels that need an address, and the contact field that holds it.
NEEDS: Final = {"email": "email", "sms": "mobile", "whatsapp": "mobile"}
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:[.,]\d{1,9})?", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\s*[/.\-؍ ]\s*(\d{1,2})\s*[/.\-؍ ]\s*(\d{4})", re.ASCII)
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]")


class Unread(Exception):
    """What was typed cannot be read; the text says so in the reader's language."""


@dataclass(slots=True)
class Posted:
    """What a page sent: answers as they count, texts as they were typed, and what is wrong by field."""

    answers: dict[str, Answer] = field(default_factory=dict)
    typed: dict[str, list[str]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one page for one country and language; `today` is the day there."""

    language: Language
    country: str
    today: date

    def read(self, form: Form, posted: MultiValueDict[str, str], files: Files) -> Posted:
        """Read every question's answer; what is wrong is said by field, and what was typed is kept."""
        found = Posted(typed={name: posted.getlist(name) for name in posted if name.startswith("q.")})
        for section in form["sections"]:
            for question in section["questions"]:
                self._question(question, found, files)
                if question["kind"] == "contact":
                    self._listed(question, found, form["options"])
        return found

    def _listed(self, question: Question, found: Posted, options: Mapping[str, Sequence[Question]]) -> None:
        """Let nothing stand that was to be chosen and is not in the list."""
        told_of = found.answers.get(question["name"])
        if not isinstance(told_of, dict):
            return
        for one in options.keys() & told_of.keys():
            if told_of[one] not in {option["name"] for option in options[one]}:
                del told_of[one]
                found.wrong[f"q.{question['name']}.{one}"] = told("broken", self.language)

    def _question(self, question: Question, found: Posted, files: Files) -> None:
        name = f"q.{question['name']}"
        given = [text.strip() for text in found.typed.get(name, []) if text.strip()]
        try:
            answer = self._answer(question, name, given, found, files)
        except Unread as unread:
            found.wrong[name] = str(unread)
        except Refusal as refusal:
            found.wrong[name] = refusal.message_in(self.language)
        else:
            if answer not in (None, [], {}):
                found.answers[question["name"]] = answer

    def _answer(
        self,
        question: Question,
        name: str,
        given: list[str],
        found: Posted,
        files: Files,
    ) -> Any:
        kind = question["kind"]
        if kind == "matrix":
            return self._matrix(question, name, found)
        if kind == "contact":
            return self._contact(question, name, found)
        if kind == "photo":
            file = files.get(name)
            return self._photo(file) if file else None
        if not given:
            return None
        readers: Mapping[str, Callable[[Question, list[str]], Any]] = {
            "single": self._single,
            "multiple": self._multiple,
            "number": self._number,
            "date": self._date,
            "phone": lambda one, texts: self.field(one.get("category") or "mobile", texts[0]),
            "email": lambda _, texts: self.field("email", texts[0]),
            "consent": lambda *_: True,
            "short_text": self._words,
            "long_text": self._words,
        }
        return readers.get(kind, self._step)(question, given)

    def _single(self, question: Question, given: list[str]) -> str:
        if given[0] not in {choice["name"] for choice in question["choices"]}:
            raise Unread(told("broken", self.language))
        return given[0]

    def _multiple(self, question: Question, given: list[str]) -> list[str]:
        names = [choice["name"] for choice in question["choices"] if choice["name"] in given]
        alone = {choice["name"] for choice in question["choices"] if choice.get("exclusive")}
        if alone & set(names) and len(names) > 1:
            raise Unread(told("broken", self.language))
        least, most = question.get("least"), question.get("most")
        if least is not None and len(names) < least:
            raise Unread(told("few", self.language, n=int(least)))
        if most is not None and len(names) > most:
            raise Unread(told("many", self.language, n=int(most)))
        return names

    def _matrix(self, question: Question, name: str, found: Posted) -> dict[str, str]:
        known = {choice["name"] for choice in question["choices"]}
        chosen = {row["name"]: found.typed.get(f"{name}.{row['name']}", [""])[0] for row in question["rows"]}
        return {row: choice for row, choice in chosen.items() if choice in known}

    def _step(self, question: Question, given: list[str]) -> int:
        number = read_number(given[0])
        if number is None or number != int(number) or not question["least"] <= number <= question["most"]:
            raise Unread(told("broken", self.language))
        return int(number)

    def _number(self, question: Question, given: list[str]) -> float | int:
        number = read_number(given[0])
        if number is None:
            raise Unread(told("number", self.language))
        least, most = question.get("least"), question.get("most")
        if least is not None and number < least:
            raise Unread(told("least", self.language, n=least))
        if most is not None and number > most:
            raise Unread(told("most", self.language, n=most))
        return number

    def _date(self, _: Question, given: list[str]) -> str:
        found = read_date(given[0])
        if found is None:
            raise Unread(told("date", self.language))
        return found.isoformat()

    def _words(self, _: Question, given: list[str]) -> str:
        if len(given[0]) > MOST_LETTERS:
            raise Unread(told("long", self.language))
        return given[0]

    def _contact(self, question: Question, name: str, found: Posted) -> dict[str, str]:
        told: dict[str, str] = {}
        for one in question["fields"]:
            text = found.typed.get(f"{name}.{one}", [""])[0].strip()
            try:
                told |= {one: self.field(one, text)} if text else {}
            except Refusal as refusal:
                found.wrong[f"{name}.{one}"] = refusal.message_in(self.language)
        return told

    def field(self, name: str, text: str) -> str:
        """Return what was told of somebody in the form in which it is kept. Raises Refusal."""
        if name == "email":
            return emails.parse(text)
        if name == "mobile":
            return phones.parse_mobile(text, country=self.country).e164
        if name == "phone":
            return phones.parse(text, country=self.country).e164
        if name == "birth_date":
            return births.parse(text, today=self.today).isoformat()
        return text[:400]

    def _photo(self, file: Any) -> str:
        try:
            if (file.size or 0) > LARGEST_FILE:
                raise Unread(told("photo_bad", self.language))
            return redrawn(file.read())
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            raise Unread(told("photo_bad", self.language)) from None


def read_number(text: str) -> float | int | None:
    """Return the number somebody typed, in any digits; None when it is none."""
    plain = _INVISIBLE.sub("", to_western(text)).strip()
    plain = plain.replace("٫", ".").replace("٬", "").replace("\u2212", "-")
    if not _NUMBER.fullmatch(plain):
        return None
    found = float(plain.replace(",", "."))
    return int(found) if found == int(found) else found


def read_date(text: str) -> date | None:
    """Return the day somebody typed, year first or day first, in any digits; None when there is no such day."""
    plain = _INVISIBLE.sub("", to_western(text)).strip()
    if found := _ISO.fullmatch(plain):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(plain):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day)) if int(year) >= 1000 else None
    except ValueError:
        return None


def redrawn(given: bytes) -> str:
    """Return a photo as a JPEG in base64 that is small enough to be sent on, drawn anew from its pixels.

    Raises OSError, ValueError and what Pillow raises for what is no picture.
    """
    with Image.open(BytesIO(given), formats=("JPEG", "PNG", "WEBP")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    for side in range(LONGEST_SIDE, 300, -300):
        picture.thumbnail((side, side))
        for quality in (82, 65, 50):
            written = BytesIO()
            Image.frombytes("RGB", picture.size, picture.tobytes()).save(written, "JPEG", quality=quality)
            if written.tell() <= LARGEST_PHOTO:
                return b64encode(written.getvalue()).decode("ascii")
    raise ValueError("too large")
