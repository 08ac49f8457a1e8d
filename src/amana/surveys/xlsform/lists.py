"""Read the lists of choices."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from amana.surveys.definition import writing
from amana.surveys.definition.parsing import MOST_IN_A_LIST
from amana.surveys.xlsform import messages
from amana.surveys.xlsform.headings import Headings
from amana.surveys.xlsform.losses import Losses
from amana.surveys.xlsform.names import fits, fitted
from amana.surveys.xlsform.refusals import SHEET, refused
from amana.surveys.xlsform.workbook import Line, Sheet

_KNOWN: Final = ("list_name", "name", "label")


@dataclass(slots=True)
class List:
    """One list: its choices as a definition has them, and what names became here."""

    choices: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    used: bool = False

    @property
    def too_long(self) -> bool:
        """Tell whether no question may have so many choices."""
        return len(self.choices) > MOST_IN_A_LIST


def read(sheet: Sheet | None, headings: Headings | None, losses: Losses) -> dict[str, List]:
    """Return every list by its name. Raises FormRefused."""
    if sheet is None or headings is None or not sheet.lines:
        return {}
    if not (headings.has("list_name") and headings.has("name")):
        raise refused(SHEET, "choices: list_name, name")
    kept = _kept(sheet, headings)
    found: dict[str, List] = defaultdict(List)
    for line in sheet.lines:
        called, name = headings.text(line, "list_name"), headings.text(line, "name")
        if not called or not name:
            losses.add(line.place, messages.NAMELESS)
        elif name in found[called].names:
            losses.add(line.place, messages.TWICE, name, called)
        else:
            _take(found[called], name, kept[called], line, headings, losses)
    headings.tell_strange(sheet, losses)
    return dict(found)


def _kept(sheet: Sheet, headings: Headings) -> dict[str, set[str]]:
    """Return for each list the names that can stay as they are."""
    kept: dict[str, set[str]] = defaultdict(set)
    for line in sheet.lines:
        name = headings.text(line, "name")
        if fits(name, choice=True):
            kept[headings.text(line, "list_name")].add(name)
    return kept


def _take(into: List, name: str, kept: set[str], line: Line, headings: Headings, losses: Losses) -> None:
    new = fitted(name, into.names.values(), kept, choice=True)
    into.names[name] = new
    into.choices.append({"name": new, "label": writing.written(headings.words(line, "label"))})
    if new != name:
        losses.add(line.place, messages.RENAMED, name, new)
    for column, cell in headings.cells_lost(line):
        losses.add(cell.place, messages.COLUMN, name, column, cell.written)


def open_(sheet: Sheet | None, losses: Losses) -> Headings | None:
    """Return the columns of the sheet of choices."""
    return None if sheet is None else Headings(sheet, _KNOWN, losses)
