"""Cut an expression into tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from amana.kernel.text import Bilingual

Sort: TypeAlias = Literal["number", "text", "ref", "this", "name", "mark", "end"]
LONGEST: Final = 4000

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    | (?P<number>\d+(?:\.\d+)?|\.\d+)
    | (?P<text>'[^']*'|"[^"]*")
    | \$\{\s*(?P<ref>[^{}\s]+)\s*\}
    | (?P<name>[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z][A-Za-z0-9]*)*)
    | (?P<mark><=|>=|!=|=|<|>|\+|-|\*|\(|\)|,)
    | (?P<this>\.)""",
    re.VERBOSE | re.ASCII,
)

TOO_LONG: Final = Bilingual(ar="العبارة أطول من اللازم.", en="The expression is too long.")
STRANGE: Final = Bilingual(ar="رمز غير مفهوم: «{}».", en="This is not understood: “{}”.")


class LogicProblem(Exception):
    """What is wrong with an expression, and where: `at` counts characters from 0."""

    def __init__(self, at: int, message: Bilingual) -> None:
        super().__init__(message.en)
        self.at = at
        self.message = message


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of an expression."""

    sort: Sort
    text: str
    at: int


def told(message: Bilingual, part: str) -> Bilingual:
    """Return a message about one piece of an expression."""
    return Bilingual(ar=message.ar.format(part), en=message.en.format(part))


def cut(text: str) -> Iterator[Token]:
    """Return the tokens of an expression, and one that ends it. Raises LogicProblem."""
    if len(text) > LONGEST:
        raise LogicProblem(LONGEST, TOO_LONG)
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise LogicProblem(at, told(STRANGE, text[at : at + 12]))
        sort = found.lastgroup or ""
        if sort != "space":
            yield Token(sort, found[sort], at)  # type: ignore[arg-type]
        at = found.end()
    yield Token("end", "", at)
