"""What every kind of question is read by: one row's texts, rules, words and parameters, and the file around it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from amana.surveys.definition import writing
from amana.surveys.definition.document import Text
from amana.surveys.xlsform import messages
from amana.surveys.xlsform.headings import Headings
from amana.surveys.xlsform.lists import List
from amana.surveys.xlsform.losses import Losses
from amana.surveys.xlsform.outline import Entry
from amana.surveys.xlsform.rules import Rules
from amana.surveys.xlsform.workbook import Line

Made: TypeAlias = dict[str, Any]
NO: Final = frozenset({"", "no", "false", "false()"})
_YES: Final = frozenset({"yes", "true", "true()"})
_PARAMETER: Final = re.compile(r"([a-z_-]+)\s*=\s*([^\s,;]+)")
# Columns that say something of an answer, and so nothing of what is not answered.
ANSWERED: Final = ("required", "constraint", "constraint_message", "hint")


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a row stands in, and the list of what is lost."""

    headings: Headings
    lists: Mapping[str, List]
    rules: Rules
    losses: Losses

    def condition(self, line: Line, of: str, column: str = "relevant") -> str | None:
        """Return the expression that stands in a column of a row, or None. Raises FormRefused."""
        written = self.headings.text(line, column)
        return self.rules.rule(written, place=line.place, of=of, column=column)

    def text(self, line: Line, column: str, of: str) -> Made:
        """Return what a row says under a column, in both languages. Raises FormRefused."""
        said = self.rules.text(self.headings.words(line, column), place=line.place, of=of)
        made: Made = writing.written(said)
        return made

    def required(self, entry: Entry) -> Made:
        """Return whether a row has to be answered. Raises FormRefused."""
        written = self.headings.text(entry.line, "required").lower()
        if written in _YES:
            return {"required": True}
        rule = None if written in NO else self.condition(entry.line, entry.called, "required")
        return {"required": rule} if rule else {}

    def choices(self, entry: Entry) -> list[Made]:
        """Return the choices of a row's list."""
        found = self.lists.get(entry.sort.listed)
        if found is None:
            self.losses.add(entry.line.place, messages.NO_LIST, entry.called, entry.sort.listed)
            return []
        found.used = True
        if found.too_long:
            self.losses.add(entry.line.place, messages.LONG_LIST, entry.called, entry.sort.listed)
            return []
        if entry.sort.other:
            self.losses.add(entry.line.place, messages.OTHER, entry.called)
        return [dict(choice) for choice in found.choices]

    def words(self, entry: Entry, *meant: str) -> tuple[str, ...]:
        """Return which of the appearances that mean something here a row has; list the others."""
        found = self.headings.text(entry.line, "appearance").split()
        for word in found:
            if word not in meant:
                self.losses.add(entry.line.place, messages.APPEARANCE, entry.called, word)
        return tuple(word for word in found if word in meant)

    def parameters(self, entry: Entry, *meant: str) -> dict[str, str]:
        """Return the parameters of a row that mean something here; list the others."""
        written = self.headings.text(entry.line, "parameters")
        found = dict(_PARAMETER.findall(written.lower()))
        others = [f"{name}={value}" for name, value in found.items() if name not in meant]
        others += [] if found or not written else [written]
        for other in others:
            self.losses.add(entry.line.place, messages.PARAMETER, entry.called, other)
        return {name: value for name, value in found.items() if name in meant}

    def tell_unused(self, entry: Entry, columns: Collection[str]) -> None:
        """List what stands in columns that mean nothing for such a row."""
        for column in columns:
            said = self.headings.words(entry.line, column)
            for text in dict.fromkeys((self.headings.text(entry.line, column), said.ar, said.en)):
                if text.lower() not in NO:
                    self.losses.add(entry.line.place, messages.COLUMN, entry.called, column, text)
        for column, cell in self.headings.cells_lost(entry.line):
            self.losses.add(cell.place, messages.COLUMN, entry.called, column, cell.written)


def whole(text: Text | Made) -> bool:
    """Tell whether anything is said in either language."""
    return bool(text["ar"] or text["en"]) if isinstance(text, dict) else bool(text)
