"""Write a tree as the expression it was parsed from, for what cannot be said in words."""

from collections.abc import Collection
from typing import Final

from amana.surveys.logic import patterns, values
from amana.surveys.logic.parsing import Node
from amana.surveys.logic.patterns import PatternProblem, Program

# How tightly an operation binds; brackets go where a part binds less tightly than the whole.
_BINDS: Final = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
    "neg": 7,
}  # fmt: skip
_LEAF: Final = 8


def written(node: Node, texts: Collection[str] = (), within: int = 0) -> str:
    """Return the expression of a tree; `texts` are those that may be a pattern, which trees do not keep."""
    sort = node[0]
    binds = _BINDS.get(sort, _LEAF)
    if sort == "neg":
        made = f"-{written(node[1], texts, binds)}"
    elif sort in _BINDS:
        made = f"{written(node[1], texts, binds)} {sort} {written(node[2], texts, binds + 1)}"
    elif sort == "regex":
        made = f"regex({written(node[1], texts)}, {_quoted(find_pattern(node[2], texts) or '…')})"
    elif sort == "call":
        made = f"{node[1]}({', '.join([written(each, texts) for each in node[2:]])})"
    else:
        made = _leaf(node)
    return f"({made})" if binds < within else made


def find_pattern(program: Program, texts: Collection[str]) -> str | None:
    """Return which of some texts is the pattern of a program."""
    for text in texts:
        try:
            if patterns.compile(text) == program:
                return text
        except PatternProblem:
            continue
    return None


def _leaf(node: Node) -> str:
    if node[0] == "num":
        return values.as_text(node[1])
    if node[0] == "text":
        return _quoted(node[1])
    return f"${{{node[1]}}}" if node[0] == "ref" else "."


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"
