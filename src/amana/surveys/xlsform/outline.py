"""Read the sheet of questions into sections: groups within groups become flat, tables become one question."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from amana.surveys.definition.parsing import MOST_QUESTIONS
from amana.surveys.xlsform import marks, messages, sorts
from amana.surveys.xlsform.headings import Headings
from amana.surveys.xlsform.losses import Losses
from amana.surveys.xlsform.names import fits, fitted
from amana.surveys.xlsform.refusals import GROUPS, LARGE, refused
from amana.surveys.xlsform.sorts import Sort
from amana.surveys.xlsform.workbook import Line, Sheet

DEEPEST: Final = 30
_NO: Final = frozenset({"", "no", "false", "false()"})


@dataclass(slots=True)
class Entry:
    """One row, with the rows within it where it is a group. `called` is its name in the file, `name` the one here."""

    line: Line
    sort: Sort
    called: str
    name: str = ""
    within: list["Entry"] = field(default_factory=list)
    # The groups around it whose conditions hold for it too.
    around: tuple[Line, ...] = ()

    # Whether it is a group that asks after several things by one list of choices.
    table: bool = False


@dataclass(slots=True)
class Part:
    """One section: the group it comes from, if it comes from one, and what is asked in it."""

    name: str
    line: Line | None = None
    entries: list[Entry] = field(default_factory=list)


class Outline:
    """The sections of a form. `names` leads from the file's names of what is answered to the names here."""

    def __init__(self, sheet: Sheet, headings: Headings, losses: Losses) -> None:
        self.headings = headings
        self.losses = losses
        self.taken: set[str] = set()
        self.kept = {name for line in sheet.lines if fits(name := headings.text(line, "name"))}
        self.names: dict[str, str] = {}
        self.entries: dict[str, Entry] = {}
        self.parts: list[Part] = []
        # Whether the section that grows holds what stands in no group of its own.
        self._loose = False
        for entry in self._nested(sheet):
            self._place(entry)
        # Named last, so that nothing is renamed for the sake of a section that has no name in the file.
        for number, part in enumerate(self.parts, 1):
            part.name = part.name or fitted(f"part_{number}", self.taken)
            self.taken.add(part.name)
        if sum(len(part.entries) for part in self.parts) > MOST_QUESTIONS:
            raise refused(LARGE, sheet.name)

    def _nested(self, sheet: Sheet) -> list[Entry]:
        top: list[Entry] = []
        groups: list[Entry] = []
        for line in sheet.lines:
            entry = self._entry(line)
            if entry is None:
                continue
            if entry.sort.kind in ("end group", "end repeat"):
                if not groups or f"end {groups[-1].sort.kind}" != entry.sort.kind:
                    raise refused(GROUPS, line.place)
                groups[-1].table = groups[-1].sort.kind == "group" and self._is_table(groups[-1])
                groups.pop()
                continue
            (groups[-1].within if groups else top).append(entry)
            if entry.sort.kind in ("group", "repeat"):
                groups.append(entry)
            if len(groups) > DEEPEST:
                raise refused(LARGE, line.place)
        if groups:
            raise refused(GROUPS, groups[-1].line.place)
        return top

    def _entry(self, line: Line) -> Entry | None:
        written, called = self.headings.text(line, "type"), self.headings.text(line, "name")
        sort = sorts.find(written)
        structural = sort is not None and sort.kind in ("group", "repeat", "end group", "end repeat")
        if not written:
            self.losses.add(line.place, messages.NO_TYPE)
        elif self.headings.text(line, "disabled").lower() not in _NO and not structural:
            self.losses.add(line.place, messages.OFF, called or written)
        elif sort is None:
            self.losses.add(line.place, messages.TYPE, called or written, written)
        else:
            return Entry(line, sort, called)
        return None

    def _place(self, entry: Entry) -> None:
        if entry.sort.kind == "repeat":
            self._tell_repeat(entry)
        elif entry.sort.kind == "group" and not entry.table:
            self.parts.append(Part(self._name(entry), entry.line))
            self._loose = False
            self.parts[-1].entries.extend(self._flat(entry.within, ()))
        else:
            if not self._loose:
                self.parts.append(Part(""))
                self._loose = True
            self.parts[-1].entries.extend(self._flat([entry], ()))

    def _flat(self, entries: list[Entry], around: tuple[Line, ...]) -> Iterator[Entry]:
        for entry in entries:
            entry.around = around
            if entry.sort.kind == "repeat":
                self._tell_repeat(entry)
            elif entry.sort.kind == "group" and not entry.table:
                self.losses.add(entry.line.place, messages.FLAT, entry.called)
                entry.name = self._name(entry)
                # Its heading is kept as a note before what it held.
                if self.headings.words(entry.line, "label"):
                    yield entry
                yield from self._flat(entry.within, (*around, entry.line))
            else:
                entry.name = self._name(entry)
                if entry.sort.kind not in ("note", "acknowledge", "group") and entry.called not in self.names:
                    self.names[entry.called] = entry.name
                    self.entries[entry.called] = entry
                yield entry

    def _is_table(self, entry: Entry) -> bool:
        lists = {one.sort.listed for one in entry.within}
        plain = all(one.sort.kind == "single" and not one.sort.other for one in entry.within)
        return (
            plain and len(lists) == 1 and marks.TABLE in self.headings.text(entry.line, "appearance").split()
        )

    def _name(self, entry: Entry) -> str:
        made = fitted(entry.called, self.taken, self.kept)
        self.taken.add(made)
        if made != entry.called:
            self.losses.add(entry.line.place, messages.RENAMED, entry.called, made)
        return made

    def _tell_repeat(self, entry: Entry) -> None:
        held = ", ".join(one.called for one in _all(entry))
        self.losses.add(entry.line.place, messages.REPEAT, entry.called, held)


def _all(entry: Entry) -> Iterator[Entry]:
    for one in entry.within:
        yield one
        yield from _all(one)
