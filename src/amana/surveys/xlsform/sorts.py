"""Tell from a row's type what it is."""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "single", "multiple", "text", "number", "range", "date", "photo", "note", "acknowledge",
    "group", "repeat", "end group", "end repeat",
]  # fmt: skip

_BLANKS: Final = re.compile(r"\s+")
_SELECT: Final = re.compile(
    r"(?P<one>select_one|select one(?: from)?|select1|add select one prompt using)\s+(?P<list>\S+)"
    r"(?P<other>\s+(?:or_other|or other|or specify other))?"
    r"|(?:select_multiple|select multiple|select all that apply(?: from)?|add select multiple prompt using)"
    r"\s+(?P<lists>\S+)(?P<others>\s+(?:or_other|or other|or specify other))?",
    re.IGNORECASE,
)
_SIMPLE: Final[dict[str, Kind]] = {
    "text": "text", "string": "text", "q string": "text", "integer": "number", "int": "number", "q int": "number",
    "decimal": "number", "range": "range", "date": "date", "image": "photo", "photo": "photo",
    "note": "note", "acknowledge": "acknowledge", "trigger": "acknowledge",
    "begin group": "group", "begin_group": "group", "end group": "end group", "end_group": "end group",
    "begin repeat": "repeat", "begin_repeat": "repeat", "end repeat": "end repeat", "end_repeat": "end repeat",
    "begin lgroup": "repeat", "end lgroup": "end repeat", "begin loop": "repeat", "end loop": "end repeat",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sort:
    """What a row is: its kind, the list it chooses from, whether “other” may be written, whether numbers are whole."""

    kind: Kind
    listed: str = ""
    other: bool = False
    whole: bool = False


def find(written: str) -> Sort | None:
    """Return what a type says, or None where there is no such thing here."""
    plain = _BLANKS.sub(" ", written.strip())
    chosen = _SELECT.fullmatch(plain)
    if chosen:
        kind: Kind = "single" if chosen["one"] else "multiple"
        return Sort(
            kind, listed=chosen["list"] or chosen["lists"], other=bool(chosen["other"] or chosen["others"])
        )
    known = _SIMPLE.get(plain.lower())
    return Sort(known, whole=plain.lower() in ("integer", "int", "q int")) if known else None
