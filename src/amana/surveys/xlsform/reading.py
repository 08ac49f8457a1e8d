"""Read a survey from a file: a workbook after XLSForm, or JSON written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from amana.surveys.definition import parsing, writing
from amana.surveys.definition.document import FORMAT, Text
from amana.surveys.xlsform import lists, marks, messages, workbook
from amana.surveys.xlsform.headings import Headings, spoken
from amana.surveys.xlsform.lists import List
from amana.surveys.xlsform.losses import Loss, Losses
from amana.surveys.xlsform.making import Made, Source
from amana.surveys.xlsform.outline import Entry, Outline, Part
from amana.surveys.xlsform.questions import question
from amana.surveys.xlsform.refusals import SHEET, refused
from amana.surveys.xlsform.rules import Rules
from amana.surveys.xlsform.workbook import Line, Sheet

_SURVEY: Final = (
    "type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance",
    "parameters", "disabled",
)  # fmt: skip
_SHEETS: Final = frozenset({"survey", "choices", "settings"})
_TITLES: Final = {"form_title", "title_in_english", "default_language"}
# Of the settings these name the file and its making, which is no part of a survey.
_OUTSIDE: Final = frozenset({"form_id", "set_form_id", "version"})
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Read:
    """A survey as JSON has it, which `definition.parsing` reads, and what of the file is not in it."""

    definition: dict[str, Any]
    lost: tuple[Loss, ...]


def read(content: bytes) -> Read:
    """Return the survey in a file. Raises FormRefused, DefinitionInvalid."""
    if content.removeprefix(_MARK)[:1_000].lstrip()[:1] == b"{":
        return Read(writing.write(parsing.loads(content.removeprefix(_MARK))), ())
    found = workbook.sheets(content)
    losses = Losses()
    for name in found.keys() - _SHEETS:
        losses.add(name, messages.OTHER_SHEET)
    made = _definition(found, losses)
    return Read(writing.write(parsing.parse(made)), losses.all())


def _definition(found: Mapping[str, Sheet], losses: Losses) -> Made:
    survey = found.get("survey")
    if survey is None:
        raise refused(SHEET, "survey")
    headings = Headings(survey, _SURVEY, losses)
    if not (headings.has("type") and headings.has("name")):
        raise refused(SHEET, "survey: type, name")
    choices = lists.open_(found.get("choices"), losses)
    settings = _settings(found.get("settings"), losses)
    headings.default = spoken(settings.get("default_language", ""))
    if choices is not None:
        choices.default = headings.default
    known = lists.read(found.get("choices"), choices, losses)
    outline = Outline(survey, headings, losses)
    renamed = {
        called: known[entry.sort.listed].names
        for called, entry in outline.entries.items()
        if entry.sort.listed in known
    }
    source = Source(headings, known, Rules(outline.names, renamed, losses), losses)
    made = _title(settings, headings) | _sections(source, outline.parts)
    headings.tell_strange(survey, losses)
    _tell_unused(known, losses)
    return {"format": FORMAT} | made


def _settings(sheet: Sheet | None, losses: Losses) -> dict[str, str]:
    """Return the settings that mean something here; list the others."""
    if sheet is None or not sheet.lines:
        return {}
    first = sheet.lines[0]
    found = {}
    for heading in sheet.columns:
        name = {"title": "form_title", "set_form_title": "form_title"}.get(heading.lower(), heading.lower())
        if name in _TITLES:
            found[name] = first.text(heading)
        elif name not in _OUTSIDE and heading in first.cells:
            losses.add(first.cells[heading].place, messages.SETTING, heading, first.cells[heading].written)
    for line in sheet.lines[1:]:
        losses.add(line.place, messages.SETTING, "…", next(iter(line.cells.values())).written)
    return found


def _title(settings: Mapping[str, str], headings: Headings) -> Made:
    title, english = settings.get("form_title", ""), settings.get("title_in_english", "")
    if headings.default == "en" or (headings.default is None and title.isascii()):
        title, english = "", english or title
    return {"title": {"ar": title, "en": english}}


def _sections(source: Source, parts: list[Part]) -> Made:
    made: Made = {"sections": []}
    for part in parts:
        questions = []
        for entry in part.entries:
            place = _apart(source, entry)
            if place is None:
                questions.append(question(source, entry))
            else:
                made[place] = source.text(entry.line, "label", entry.called)
        if questions or part.line is not None:
            made["sections"].append(_section(source, part, questions))
    return made


def _apart(source: Source, entry: Entry) -> str | None:
    """Tell whether a note is what a survey begins or ends with."""
    words = source.headings.text(entry.line, "appearance").split()
    if entry.sort.kind != "note":
        return None
    return {marks.INTRO: "intro", marks.THANKS: "thanks"}.get(words[0] if words else "")


def _section(source: Source, part: Part, questions: list[Made]) -> Made:
    made: Made = {"name": part.name, "title": {"ar": "", "en": ""}, "questions": questions}
    if part.line is None:
        return made
    made["title"] = source.text(part.line, "label", part.name)
    relevant = source.condition(part.line, part.name)
    _tell_group(source, part.line, part.name)
    return made | ({"relevant": relevant} if relevant else {})


def _tell_group(source: Source, line: Line, name: str) -> None:
    """List what stands in a group's row and means nothing for a section."""
    headings = source.headings
    said: dict[str, str] = {
        column: headings.text(line, column) for column in ("required", "constraint", "parameters")
    }
    said["appearance"] = " ".join(
        word for word in headings.text(line, "appearance").split() if word != marks.FIELD_LIST
    )
    for column in ("hint", "constraint_message"):
        words: Text = headings.words(line, column)
        said[column] = words.ar or words.en
    said |= {column: cell.written for column, cell in headings.cells_lost(line)}
    for column, text in said.items():
        if text:
            source.losses.add(line.place, messages.GROUP_COLUMN, name, column, text)


def _tell_unused(known: Mapping[str, List], losses: Losses) -> None:
    for name, each in known.items():
        if not each.used:
            losses.add("choices", messages.UNUSED, name)
