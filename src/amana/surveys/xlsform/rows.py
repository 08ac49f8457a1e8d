"""Lay a survey out as the rows of an XLSForm."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from amana.surveys.definition.document import SCALES, Choice, Definition, Question, Section, Text
from amana.surveys.logic.values import written
from amana.surveys.xlsform import bounds, marks, messages
from amana.surveys.xlsform.names import free
from amana.surveys.xlsform.outgoing import HERE_ONLY, Outgoing

Row: TypeAlias = dict[str, str]
ARABIC: Final = "Arabic (ar)"
ENGLISH: Final = "English (en)"
_TYPES: Final = {"number": "decimal", "date": "date", "photo": "image", "note": "note", "long_text": "text",
                 "short_text": "text", "phone": "text", "email": "text"}  # fmt: skip
_WORDS: Final = {"long_text": marks.MULTILINE, "rating": marks.STARS, **marks.MARKED}


class Rows:
    """The rows of the sheets `survey` and `choices`."""

    def __init__(self, definition: Definition, out: Outgoing) -> None:
        self.out = out
        self.survey: list[Row] = []
        self.choices: list[Row] = []
        names = [each.name for each in definition.questions()]
        self.taken = {*names, *(section.name for section in definition.sections)}
        self._apart("intro", definition.intro, marks.INTRO)
        for section in definition.sections:
            self.survey.extend(self._section(section))
        self._apart("thanks", definition.thanks, marks.THANKS)

    def _apart(self, place: str, text: Text, mark: str) -> None:
        if text:
            name = free(mark.replace("-", "_"), self.taken)
            said = self.words("label", text, place)
            self.survey.append({"type": "note", "name": name, "appearance": mark, **said})

    def words(self, column: str, text: Text | None, place: str) -> Row:
        """Return a text under the columns of both languages."""
        ar, en = self.out.text(text, place=place)
        return {f"{column}::{ARABIC}": ar, f"{column}::{ENGLISH}": en}

    def _section(self, section: Section) -> Iterator[Row]:
        self.out.tell_section(section)
        yield {
            "type": "begin_group",
            "name": section.name,
            "appearance": marks.FIELD_LIST,
            "relevant": self.out.rule(section.relevant, place=section.name, column="relevant"),
            **self.words("label", section.title, section.name),
        }
        for question in section.questions:
            self.out.tell(question)
            if question.kind == "matrix":
                yield from self._table(question)
            elif question.kind not in HERE_ONLY:
                yield self._question(question)
        yield {"type": "end_group", "name": section.name}

    def _question(self, question: Question) -> Row:
        type_, parameters = self._type(question)
        at = question.name
        made = {
            "type": type_,
            "name": at,
            "relevant": self.out.rule(question.relevant, place=at, column="relevant"),
            "appearance": _WORDS.get(question.kind, ""),
            "parameters": parameters,
            **self.words("label", question.label, at),
            **self.words("hint", question.hint, at),
        }
        if question.kind in marks.MARKED:
            self.out.losses.add(
                at, messages.ONLY_MARKED, messages.KINDS[question.kind], messages.ELSEWHERE[type_]
            )
        if not question.asks:
            return made
        return made | self._answer(question)

    def _answer(self, question: Question) -> Row:
        """Return what is said of an answer: whether it has to be given, and what has to be true of it."""
        at = question.name
        rule = self.out.rule(question.constraint, place=at, column="constraint")
        return {
            "required": self._required(question),
            "constraint": bounds.lowered(question, rule),
            **self.words("constraint_message", question.message, at),
        }

    def _required(self, question: Question) -> str:
        if isinstance(question.required, bool):
            return "yes" if question.required else ""
        return self.out.rule(question.required, place=question.name, column="required")

    def _type(self, question: Question) -> tuple[str, str]:
        if question.kind in ("single", "multiple"):
            self._list(question.name, question.choices)
            return f"{_SELECT[question.kind]} {question.name}", "randomize=true" if question.shuffled else ""
        if question.kind in SCALES and question.bounds:
            least, most = question.bounds
            return "range", f"start={written(least)} end={written(most)} step=1"
        return _TYPES[question.kind], ""

    def _list(self, name: str, choices: tuple[Choice, ...]) -> None:
        for choice in choices:
            said = self.words("label", choice.label, name)
            self.choices.append({"list_name": name, "name": choice.name, **said})

    def _table(self, question: Question) -> Iterator[Row]:
        """Return a matrix as a group of rows that choose from one list."""
        at = question.name
        if not question.rows:
            self.out.losses.add(at, messages.NO_ROWS, at)
            return
        self._list(at, question.choices)
        yield {
            "type": "begin_group",
            "name": at,
            "appearance": marks.TABLE,
            "relevant": self.out.rule(question.relevant, place=at, column="relevant"),
            **self.words("label", question.label, at),
        }
        for row in question.rows:
            name = free(f"{at}_{row.name}", self.taken, longest=LONGEST_NAME)
            self.taken.add(name)
            if name != f"{at}_{row.name}":
                self.out.losses.add(at, messages.RENAMED, row.name, name)
            yield {
                "type": f"select_one {at}",
                "name": name,
                "required": self._required(question),
                "parameters": "randomize=true" if question.shuffled else "",
                **self.words("label", row.label, at),
            }
        yield {"type": "end_group", "name": at}


# A row is called by its table's name and its own.
LONGEST_NAME: Final = 81
_SELECT: Final = {"single": "select_one", "multiple": "select_multiple"}
