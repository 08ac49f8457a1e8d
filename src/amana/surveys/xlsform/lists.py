"""Read the lists of choices."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from amana.surveys.definition import writing
from amana.surveys.definition.parsing import MOST_IN_A_LIST
from amana.surveys.xlsform import messages
from amana.surveys.xlsform.headings import Headings
from amana.surveys.xlsform.losses import Losses
from amana.surveys.xlsform.names import fitted
from amana.surveys.xlsform.refusals import SHEET, refused
from amana.surveys.xlsform.workbook import Sheet

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

    @property
    def renamed(self) -> dict[str, str]:
        """Return the names that are other ones here."""
        return {old: new for old, new in self.names.items() if old != new}


def read(sheet: Sheet | None, headings: Headings | None, losses: Losses) -> dict[str, List]:
    """Return every list by its name. Raises FormRefused."""
    found: dict[str, List] = defaultdict(List)
    if sheet is None or headings is None:
        return found
    if not (headings.has("list_name") and headings.has("name")):
        raise refused(SHEET, "choices: list_name, name")
    taken: dict[str, set[str]] = defaultdict(set)
    for line in sheet.lines:
        called, name = headings.text(line, "list_name"), headings.text(line, "name")
        label = headings.words(line, "label")
        if not called or not name:
            losses.add(line.place, messages.NAMELESS)
        elif name in found[called].names:
            losses.add(line.place, messages.TWICE, name, called)
        else:
            new = fitted(name, taken[called], choice=True)
            taken[called].add(new)
            found[called].names[name] = new
            found[called].choices.append({"name": new, "label": writing.written(label)})
            if new != name:
                losses.add(line.place, messages.RENAMED, name, new)
            for column, cell in headings.cells_lost(line):
                losses.add(cell.place, messages.COLUMN, name, column, cell.written)
    headings.tell_strange(sheet, losses)
    return dict(found)


def open_(sheet: Sheet | None, losses: Losses) -> Headings | None:
    """Return the columns of the sheet of choices."""
    return None if sheet is None else Headings(sheet, _KNOWN, losses)
