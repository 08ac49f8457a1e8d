"""What of a survey an XLSForm can say: which answers can be asked after there, and what is lost of each question."""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from amana.surveys.definition.document import Definition, Question, Section, Text
from amana.surveys.definition.trees import named
from amana.surveys.logic import parsing
from amana.surveys.logic.parsing import LogicProblem
from amana.surveys.xlsform import marks, messages
from amana.surveys.xlsform.losses import Losses

# Kinds whose words and categories are the policy's of this house.
HERE_ONLY: Final = frozenset({"consent", "contact"})
_ASKED: Final = frozenset({"name", "kind", "label", "hint", "required", "relevant", "constraint", "message"})
# What a kind's rows and columns say of it; anything else that is set is lost.
_SAID: Final[Mapping[str, frozenset[str]]] = {
    "single": _ASKED | {"choices", "shuffled"},
    "multiple": _ASKED | {"choices", "shuffled", "least", "most"},
    "matrix": frozenset({"name", "kind", "label", "required", "relevant", "choices", "rows", "shuffled"}),
    "rating": _ASKED | {"steps"},
    "number": _ASKED | {"least", "most"},
    "note": frozenset({"name", "kind", "label", "hint", "relevant"}),
}
_REF: Final = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")


class Outgoing:
    """Knows which answers of a survey can be asked after in an XLSForm, and gathers what is lost."""

    def __init__(self, definition: Definition) -> None:
        self.losses = Losses()
        self.names = definition.names
        away = HERE_ONLY | {"matrix"}
        self.there = frozenset(
            each.name for each in definition.questions() if each.asks and each.kind not in away
        )

    def rule(self, written: str | None, *, place: str, column: str) -> str:
        """Return an expression, or nothing where it cannot be said there."""
        if not written:
            return ""
        try:
            tree = parsing.parse(written, names=self.names)
        except LogicProblem as problem:
            self.losses.add(place, messages.LOST_RULE, written, column, why=problem.message)
            return ""
        for name in named(tree):
            if name not in self.there:
                self.losses.add(place, messages.LEFT_OUT, written, column, name)
                return ""
        return written

    def text(self, said: Text | None, *, place: str) -> tuple[str, str]:
        """Return a text in Arabic and English, with the answers it quotes where they can be quoted there."""
        if said is None:
            return "", ""
        return self._quoting(said.ar, place), self._quoting(said.en, place)

    def _quoting(self, said: str, place: str) -> str:
        def quoted(found: re.Match[str]) -> str:
            if found[1] in self.there:
                return f"${{{found[1]}}}"
            self.losses.add(place, messages.LOST_PIPE, place, found[0])
            return "…"

        return _REF.sub(quoted, said)

    def lose(self, place: str, part: str, value: str) -> None:
        """List a part of a survey that an XLSForm has no place for."""
        self.losses.add(place, messages.NOT_HELD, messages.PARTS[part], value)

    def tell_survey(self, definition: Definition) -> None:
        """List what of a whole survey an XLSForm has no place for."""
        if definition.alert:
            self.lose("alert", "alert", definition.alert)
        for quota in definition.quotas:
            self.lose(quota.name, "quota", f"{quota.when}: {quota.most}")
        if definition.keeps_unfinished:
            self.lose("keeps_unfinished", "keeps_unfinished", "true")

    def tell_section(self, section: Section) -> None:
        """List what of a section an XLSForm has no place for."""
        if section.shuffled:
            self.lose(section.name, "shuffled", section.name)

    def tell(self, question: Question) -> None:
        """List what of a question an XLSForm has no place for."""
        if question.kind in HERE_ONLY:
            self.losses.add(question.name, messages.HERE_ONLY, question.name)
            return
        said = _SAID.get(question.kind, _ASKED)
        for one in fields(question):
            value = getattr(question, one.name)
            # What is bound as its kind is by default is bound so again when it is read.
            usual = one.name == "category" and value == marks.CATEGORIES.get(question.kind)
            if one.name not in said and not usual and value != one.default:
                self.lose(question.name, one.name, _shown(value))
        if question.kind != "multiple":
            for choice in question.choices:
                if choice.exclusive:
                    self.lose(question.name, "exclusive", choice.name)


def _shown(value: object) -> str:
    if isinstance(value, Text):
        return " / ".join(each for each in (value.ar, value.en) if each)
    if isinstance(value, tuple):
        return ", ".join(getattr(each, "name", str(each)) for each in value)
    if hasattr(value, "low") and hasattr(value, "high"):
        return f"{_shown(value.low)} – {_shown(value.high)}"
    return str(value).lower() if isinstance(value, bool) else str(value)
