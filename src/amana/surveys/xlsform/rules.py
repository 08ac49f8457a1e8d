"""Carry expressions and quoted answers over: the names in them change, and what is not understood is listed."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from amana.surveys.definition.document import Text
from amana.surveys.logic import parsing
from amana.surveys.logic.parsing import LogicProblem
from amana.surveys.logic.tokens import Token, cut
from amana.surveys.xlsform import messages
from amana.surveys.xlsform.losses import Losses

# What spreadsheets make of straight quotation marks.
_STRAIGHT: Final = str.maketrans("‘’‚‛“”„‟\u00a0", "''''\"\"\"\" ")
# Dates are texts here and compare as dates by themselves.
_DATE: Final = re.compile(r"\bdate\(\s*('[^']*'|\"[^\"]*\")\s*\)")
_REF: Final = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
_EQUALS: Final = frozenset({"=", "!="})


class Rules:
    """Knows what the questions and choices of a file are called here.

    `names` are those of questions; `choices`, by the file's name of a question, those of its choices.
    """

    def __init__(
        self, names: Mapping[str, str], choices: Mapping[str, Mapping[str, str]], losses: Losses
    ) -> None:
        self.names = names
        self.choices = choices
        self.known = frozenset(names.values())
        self.losses = losses
        self.renamed = {old for each in choices.values() for old, new in each.items() if old != new}

    def rule(self, written: str, *, place: str, of: str, column: str) -> str | None:
        """Return an expression with the names of here, or None where it cannot be carried over, which is listed."""
        text = _DATE.sub(r"\1", written.translate(_STRAIGHT)).strip()
        if not text:
            return None
        try:
            made = "".join(self._pieces(text, of))
            parsing.parse(made, names=self.known)
        except LogicProblem as problem:
            self.losses.add(place, messages.RULE, of, column, written, why=problem.message)
            return None
        return made.strip()

    def text(self, said: Text, *, place: str, of: str) -> Text:
        """Return a text whose quoted answers have their names of here."""
        return Text(ar=self._piped(said.ar, place, of), en=self._piped(said.en, place, of))

    def _piped(self, said: str, place: str, of: str) -> str:
        def named(found: re.Match[str]) -> str:
            new = self.names.get(found[1])
            if new is None:
                self.losses.add(place, messages.PIPED, of, found[0])
            return "…" if new is None else f"${{{new}}}"

        return _REF.sub(named, said)

    def _pieces(self, text: str, of: str) -> Iterator[str]:
        tokens = list(cut(text))
        for number, token in enumerate(tokens[:-1]):
            piece = text[token.at : tokens[number + 1].at]
            if token.sort == "ref":
                yield _REF.sub(lambda found: f"${{{self.names.get(found[1], found[1])}}}", piece)
            elif token.sort == "text":
                yield piece.replace(token.text, self._literal(tokens, number, of), 1)
            else:
                if token.sort == "number" and _signed(tokens, number) in self.renamed:
                    raise LogicProblem(token.at, messages.AMBIGUOUS)
                yield piece

    def _literal(self, tokens: list[Token], number: int, of: str) -> str:
        """Return a text; one that names a choice has the choice's name of here."""
        written = tokens[number].text
        compared = _compared(tokens, number)
        if compared is not None:
            asked = of if compared.sort == "this" else compared.text
            new = self.choices.get(asked, {}).get(written[1:-1])
            if new is not None:
                return f"{written[0]}{new}{written[0]}"
        if written[1:-1] in self.renamed:
            raise LogicProblem(tokens[number].at, messages.AMBIGUOUS)
        return written


def _signed(tokens: list[Token], number: int) -> str:
    """Return a number with the minus sign before it."""
    return ("-" if number and tokens[number - 1].text == "-" else "") + tokens[number].text


def _compared(tokens: list[Token], number: int) -> Token | None:
    """Return the answer that a text is compared with, if that is plain to see."""
    before = [token.text for token in tokens[max(0, number - 4) : number]]
    if before[-1:] and before[-1] in _EQUALS and tokens[number - 2].sort in ("ref", "this"):
        return tokens[number - 2]
    if before[:2] == ["selected", "("] and before[3:] == [","] and tokens[number - 2].sort in ("ref", "this"):
        return tokens[number - 2]
    after = tokens[number + 1 : number + 3]
    if len(after) == 2 and after[0].text in _EQUALS and after[1].sort in ("ref", "this"):
        return after[1]
    return None
