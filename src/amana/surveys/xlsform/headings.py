"""Know the columns of an XLSForm by whatever name, and the language a heading names."""

import re
from collections.abc import Iterable
from typing import Final

from amana.kernel.text import Language, find_language
from amana.surveys.definition.document import Text
from amana.surveys.xlsform.losses import Losses
from amana.surveys.xlsform.messages import HEADING, LANGUAGE, REPEATED
from amana.surveys.xlsform.workbook import Cell, Line, Sheet

# Other names of columns, as the specification and older forms have them.
_ALSO: Final = {
    "caption": "label", "command": "type", "tag": "name", "value": "name", "relevance": "relevant",
    "calculate": "calculation", "list name": "list_name", "constraining_message": "constraint_message",
    "bind::relevant": "relevant", "bind::required": "required", "bind::constraint": "constraint",
    "bind::jr:constraintmsg": "constraint_message", "control::appearance": "appearance",
    "body::appearance": "appearance",
}  # fmt: skip
TRANSLATED: Final = frozenset({"label", "hint", "constraint_message"})
# Columns of the specification that say something of one question, and nothing here.
_EACH: Final = frozenset({
    "audio", "autoplay", "big-image", "bind", "body", "calculation", "choice_filter", "control", "count", "default",
    "guidance_hint", "image", "instance", "jr:count", "media", "noapperrorstring", "no_app_error_string", "read_only",
    "readonly", "repeat_count", "required_message", "requiredmsg", "rows", "save_to", "trigger", "video",
})  # fmt: skip
_DIVIDED: Final = re.compile(r"\s*::\s*|\s*:\s*(?![a-z]+:)")
_TAGGED: Final = re.compile(r"\(\s*([A-Za-z-]+)\s*\)\s*$")
_CALLED: Final[dict[str, Language]] = {
    "arabic": "ar", "العربية": "ar", "عربي": "ar", "عربى": "ar", "english": "en",
    "الإنجليزية": "en", "انجليزي": "en", "إنجليزي": "en",
}  # fmt: skip
_ARABIC: Final = re.compile("[\u0620-\u064a]")


class Headings:
    """The columns of one sheet by their usual names. `known` are those its reader asks for."""

    def __init__(self, sheet: Sheet, known: Iterable[str], losses: Losses) -> None:
        self._by_name: dict[tuple[str, Language | None], str] = {}
        self.default: Language | None = None
        # Columns that were given a meaning nowhere, told once each.
        self.strange: list[str] = []
        self.lost: list[str] = []
        wanted = frozenset(known)
        for repeated in sheet.repeated:
            losses.add(sheet.name, REPEATED, repeated)
        for heading in sheet.columns:
            self._take(heading, wanted, sheet, losses)

    def _take(self, heading: str, wanted: frozenset[str], sheet: Sheet, losses: Losses) -> None:
        name, said = _split(heading)
        language = spoken(said) if said else None
        if name not in wanted or (said and name not in TRANSLATED):
            (self.lost if name in _EACH else self.strange).append(heading)
        elif said and language is None:
            losses.add(sheet.name, LANGUAGE, heading)
        elif (name, language) in self._by_name:
            losses.add(sheet.name, REPEATED, heading)
        else:
            self._by_name[name, language] = heading

    def has(self, name: str) -> bool:
        """Tell whether a column is there, in any language."""
        return any(known == name for known, _ in self._by_name)

    def text(self, line: Line, name: str) -> str:
        """Return what a row has in a column that is not translated. Raises FormRefused."""
        heading = self._by_name.get((name, None))
        return line.text(heading) if heading else ""

    def words(self, line: Line, name: str) -> Text:
        """Return what a row says in both languages; the letters tell where nothing else does. Raises FormRefused."""
        said = {"ar": self._in(line, name, "ar"), "en": self._in(line, name, "en")}
        plain = self._in(line, name, None)
        if plain:
            language = self.default or ("ar" if _ARABIC.search(plain) else "en")
            said[language] = said[language] or plain
        return Text(**said)

    def _in(self, line: Line, name: str, language: Language | None) -> str:
        heading = self._by_name.get((name, language))
        return line.text(heading) if heading else ""

    def cells_lost(self, line: Line) -> list[tuple[str, Cell]]:
        """Return what a row has in columns that are known and cannot be carried over."""
        return [(heading, line.cells[heading]) for heading in self.lost if heading in line.cells]

    def tell_strange(self, sheet: Sheet, losses: Losses) -> None:
        """Tell once of each column that holds something and means nothing here."""
        for heading in self.strange:
            filled = [line for line in sheet.lines if heading in line.cells]
            if filled:
                losses.add(filled[0].cells[heading].place, HEADING, heading, str(len(filled)))


def _split(heading: str) -> tuple[str, str]:
    """Return a heading's name and the language it names, if any."""
    plain = heading.lower()
    if plain in _ALSO:
        return _ALSO[plain], ""
    parts = _DIVIDED.split(heading, maxsplit=1)
    name = parts[0].strip().lower()
    return _ALSO.get(name, name), parts[1] if len(parts) > 1 else ""


def spoken(said: str) -> Language | None:
    """Return the language that a form calls `Arabic (ar)`, `ar` or `العربية`, or None where it is neither of ours."""
    tagged = _TAGGED.search(said)
    named = said[: tagged.start()].strip().lower() if tagged else said.strip().lower()
    return (find_language(tagged[1]) if tagged else None) or _CALLED.get(named) or find_language(named)
