"""What each kind of row becomes."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from amana.surveys.definition.document import SCALES, STEPS
from amana.surveys.xlsform import marks, messages
from amana.surveys.xlsform.making import Made, Source
from amana.surveys.xlsform.outline import Entry

_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")


def make(source: Source, entry: Entry) -> Made:
    """Return the kind of a row and all that only its kind has. Raises FormRefused."""
    return _KINDS[entry.sort.kind](source, entry)


def _choosing(source: Source, entry: Entry) -> Made:
    source.words(entry)
    made: Made = {"kind": entry.sort.kind, "choices": source.choices(entry)}
    parameters = source.parameters(entry, "randomize")
    return made | ({"shuffled": True} if parameters.get("randomize") in ("true", "true()") else {})


def _text(source: Source, entry: Entry) -> Made:
    words = source.words(entry, marks.MULTILINE, *marks.TEXTS)
    source.parameters(entry)
    marked = next((marks.TEXTS[word] for word in words if word in marks.TEXTS), None)
    kind = marked or ("long_text" if marks.MULTILINE in words else "short_text")
    return {"kind": kind, "category": marks.CATEGORIES[kind]}


def _photo(source: Source, entry: Entry) -> Made:
    source.words(entry)
    source.parameters(entry)
    return {"kind": "photo", "category": marks.CATEGORIES["photo"]}


def _number(source: Source, entry: Entry) -> Made:
    source.words(entry)
    source.parameters(entry)
    return {"kind": "number"}


def _range(source: Source, entry: Entry) -> Made:
    """Read a range as the scale it is, or as a number within its bounds."""
    words = source.words(entry, marks.STARS, *marks.RANGES)
    given = source.parameters(entry, "start", "end", "step")
    start, end, step = (_value(given.get(name), other) for name, other in _RANGE.items())
    marked = next((marks.RANGES[word] for word in words if word in marks.RANGES), None)
    if marked and (start, end, step) == (*SCALES[marked], 1):
        return {"kind": marked}
    if (start, end, step) == (*SCALES["nps"], 1) and marks.STARS not in words:
        return {"kind": "nps"}
    if (start, step) == (1, 1) and end in range(STEPS[0], STEPS[1] + 1):
        return {"kind": "rating"} | ({"steps": int(end)} if end != SCALES["rating"][1] else {})
    if step != 1:
        source.losses.add(entry.line.place, messages.PARAMETER, entry.called, f"step={given['step']}")
    return {"kind": "number", "least": start, "most": end}


# What the specification has for a range that does not say.
_RANGE: Final[Mapping[str, float]] = {"start": 0, "end": 10, "step": 1}


def _value(written: str | None, otherwise: float) -> float:
    if written is None or not _NUMBER.fullmatch(written):
        return otherwise
    value = float(written)
    return int(value) if value.is_integer() else value


def _date(source: Source, entry: Entry) -> Made:
    source.words(entry)
    source.parameters(entry)
    return {"kind": "date"}


def _note(source: Source, entry: Entry) -> Made:
    source.words(entry)
    source.parameters(entry)
    return {"kind": "note"}


def _acknowledge(source: Source, entry: Entry) -> Made:
    source.losses.add(entry.line.place, messages.ACKNOWLEDGED, entry.called)
    return _note(source, entry)


def _heading(source: Source, entry: Entry) -> Made:
    """Read what is written over a group that lay in another one as a note."""
    source.words(entry, marks.FIELD_LIST)
    source.parameters(entry)
    return {"kind": "note"}


_KINDS: Final[Mapping[str, Callable[[Source, Entry], dict[str, Any]]]] = {
    "single": _choosing, "multiple": _choosing, "text": _text, "photo": _photo, "number": _number, "range": _range,
    "date": _date, "note": _note, "acknowledge": _acknowledge, "group": _heading,
}  # fmt: skip
