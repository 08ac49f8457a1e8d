"""Parse expressions and piped texts into trees: nested arrays of JSON, an operation before what it works on.

`["num", 2]`, `["text", "a"]`, `["ref", "name"]`, `["this"]`, `["<=", a, b]`, `["neg", a]`,
`["call", "selected", a, b]`, `["regex", a, program]`; a piped text is `["join", part, …]` of texts and refs.
"""

import re
from collections.abc import Collection
from typing import Any, Final, TypeAlias

from amana.kernel.text import Bilingual
from amana.surveys.logic import patterns
from amana.surveys.logic.patterns import PatternProblem
from amana.surveys.logic.tokens import TOO_LONG, LogicProblem, Token, cut, told

__all__ = ["FUNCTIONS", "LogicProblem", "Node", "parse", "parse_label"]

Node: TypeAlias = list[Any]

# How many arguments a function takes, at least and at most.
FUNCTIONS: Final = {
    "not": (1, 1), "true": (0, 0), "false": (0, 0), "today": (0, 0), "selected": (2, 2), "count-selected": (1, 1),
    "if": (3, 3), "coalesce": (2, 20), "string-length": (1, 1), "contains": (2, 2), "starts-with": (2, 2),
    "concat": (1, 20), "round": (1, 1), "int": (1, 1), "number": (1, 1), "string": (1, 1), "min": (1, 20),
    "max": (1, 20), "regex": (2, 2),
}  # fmt: skip
DEEPEST: Final = 60
# A tree is at most as deep as half its tokens, and evaluators walk it by calling themselves.
MOST_TOKENS: Final = 400
# From what binds loosest to what binds tightest.
_LEVELS: Final = (
    frozenset({"or"}), frozenset({"and"}), frozenset({"=", "!="}), frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}), frozenset({"*", "div", "mod"}),
)  # fmt: skip
_PIPE: Final = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")

_UNKNOWN: Final = Bilingual(ar="لا يوجد سؤال بهذا الاسم: «{}».", en="No question is called “{}”.")
_NO_FUNCTION: Final = Bilingual(ar="لا توجد دالة بهذا الاسم: «{}».", en="There is no function “{}”.")
_COUNT: Final = Bilingual(ar="عدد غير صحيح من القيم في «{}».", en="“{}” takes another number of values.")
_UNEXPECTED: Final = Bilingual(ar="لم يكن متوقعًا هنا: «{}».", en="“{}” was not expected here.")
_ENDED: Final = Bilingual(ar="انتهت العبارة قبل أن تكتمل.", en="The expression ends too early.")
_DEEP: Final = Bilingual(ar="العبارة متداخلة أكثر من اللازم.", en="The expression is nested too deeply.")
_PATTERN: Final = Bilingual(
    ar="لا بد من كتابة النمط نصًا بين علامتي اقتباس.",
    en="The pattern has to be written between quotation marks.",
)


def parse(text: str, *, names: Collection[str]) -> Node:
    """Return the tree of an expression over the questions called `names`. Raises LogicProblem."""
    return _Parser(text, frozenset(names)).whole()


def parse_label(text: str, names: Collection[str]) -> Node:
    """Return a text with earlier answers in it as a tree of its parts. Raises LogicProblem."""
    parts: Node = ["join"]
    at = 0
    for found in _PIPE.finditer(text):
        if found[1] not in names:
            raise LogicProblem(found.start(), told(_UNKNOWN, found[1]))
        if found.start() > at:
            parts.append(["text", text[at : found.start()]])
        parts.append(["ref", found[1]])
        at = found.end()
    if at < len(text):
        parts.append(["text", text[at:]])
    return parts


class _Parser:
    """Reads tokens from the left, one function for each level of binding."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.tokens = list(cut(text))
        if len(self.tokens) > MOST_TOKENS:
            raise LogicProblem(self.tokens[MOST_TOKENS].at, TOO_LONG)
        self.names = names
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        """Return the tree of all of it."""
        made = self.level(0)
        if self.token.sort != "end":
            raise self.unexpected()
        return made

    @property
    def token(self) -> Token:
        """Return the token that comes next."""
        return self.tokens[self.at]

    def level(self, number: int) -> Node:
        """Return what binds at least as tightly as a level's operators."""
        if number == len(_LEVELS):
            return self.signed()
        made = self.level(number + 1)
        while self.token.sort in ("name", "mark") and self.token.text in _LEVELS[number]:
            operator = self.token.text
            self.at += 1
            made = [operator, made, self.level(number + 1)]
        return made

    def signed(self) -> Node:
        """Return a value, with the minus signs before it."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise LogicProblem(self.token.at, _DEEP)
        if self.takes("-"):
            made: Node = ["neg", self.signed()]
        else:
            made = self.value()
        self.depth -= 1
        return made

    def value(self) -> Node:
        """Return a number, a text, an answer, a call or what stands in brackets."""
        token = self.token
        self.at += 1
        if token.sort == "number":
            return ["num", _number(token.text)]
        if token.sort == "text":
            return ["text", token.text[1:-1]]
        if token.sort == "this":
            return ["this"]
        if token.sort == "ref":
            return self.answer(token)
        if token.sort == "name":
            return self.call(token)
        if token.text == "(":
            made = self.level(0)
            self.expect(")")
            return made
        self.at -= 1
        raise self.unexpected()

    def answer(self, token: Token) -> Node:
        """Return a reference to an answer that is known."""
        if token.text not in self.names:
            raise LogicProblem(token.at, told(_UNKNOWN, token.text))
        return ["ref", token.text]

    def call(self, token: Token) -> Node:
        """Return a call of a known function with as many values as it takes."""
        known = FUNCTIONS.get(token.text)
        if known is None:
            raise LogicProblem(token.at, told(_NO_FUNCTION, token.text))
        self.expect("(")
        given: list[Node] = []
        if not self.takes(")"):
            given.append(self.level(0))
            while self.takes(","):
                given.append(self.level(0))
            self.expect(")")
        if not known[0] <= len(given) <= known[1]:
            raise LogicProblem(token.at, told(_COUNT, token.text))
        return _regex(token, given) if token.text == "regex" else ["call", token.text, *given]

    def takes(self, mark: str) -> bool:
        """Step over a mark if it comes next, and tell whether it did."""
        if self.token.sort == "mark" and self.token.text == mark:
            self.at += 1
            return True
        return False

    def expect(self, mark: str) -> None:
        """Step over a mark that has to come next."""
        if not self.takes(mark):
            raise self.unexpected()

    def unexpected(self) -> LogicProblem:
        """Return the problem of the token that comes next."""
        if self.token.sort == "end":
            return LogicProblem(self.token.at, _ENDED)
        return LogicProblem(self.token.at, told(_UNEXPECTED, self.token.text))


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() and value < 2**53 else value


def _regex(token: Token, given: list[Node]) -> Node:
    """Compile a pattern where it is written, so that both evaluators only run its program."""
    if given[1][0] != "text":
        raise LogicProblem(token.at, _PATTERN)
    try:
        return ["regex", given[0], patterns.compile(given[1][1])]
    except PatternProblem as problem:
        raise LogicProblem(token.at, problem.message) from None
