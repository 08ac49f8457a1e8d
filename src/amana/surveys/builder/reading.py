"""Read what an author typed in the editor into the part of the survey it belongs to."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final, Protocol

from amana.kernel import digits
from amana.kernel.text import Bilingual
from amana.surveys.builder import editing
from amana.surveys.definition import parsing
from amana.surveys.definition.document import Choice, Definition, Question, Quota, Row, Section
from amana.surveys.definition.problems import DefinitionInvalid, Problem

# Names the editor made up, until the author says what the part is about.
AUTOMATIC: Final = re.compile(
    r"(?:option|row|section|quota|single|multiple|matrix|rating|nps|csat|smiley|number|date|phone|email"
    r"|short_text|long_text|photo|consent|contact|note)_\d+"
)
LISTS: Final = ("choices", "rows", "quotas")
NUMBERS: Final = ("least", "most", "steps")
MOVES: Final = {"up": -1, "down": 1}
_OF_A_QUESTION: Final = frozenset(field.name for field in fields(Question))
_NUMBER = Bilingual(ar="يلزم هنا عدد.", en="A number is needed here.")


class Posted(Protocol):
    """What a form sent."""

    def items(self) -> Any:
        """Return the last value of each name."""

    def getlist(self, name: str) -> Sequence[str]:
        """Return every value of a name."""


def question(posted: Posted, base: Question, *, naming: bool = True) -> Question:
    """Return a question as it was typed, under its old names without `naming`.

    Raises DefinitionInvalid with each field's fault.
    """
    raw = _nested(posted) | {"kind": base.kind}
    if not naming:
        raw["name"] = base.name
    raw["required"] = _required(raw)
    raw["fields"] = list(posted.getlist("fields")) if base.kind == "contact" else []
    raw |= _consent(str(raw.pop("consent", "")))
    for name in ("relevant", "constraint", "category", "about"):
        raw[name] = str(raw.get(name) or "").strip() or None
    raw["shuffled"] = "shuffled" in raw
    raw |= _numbers(raw, integers=("steps",))
    made = parsing.read(Question, {name: each for name, each in raw.items() if name in _OF_A_QUESTION})
    return _tidied(_named(made, base, _waiting(raw)) if naming else made)


def section(posted: Posted, base: Section, *, naming: bool = True) -> Section:
    """Return a section's own fields as they were typed, with its questions as they are."""
    raw = _nested(posted)
    made = parsing.read(
        Section,
        {
            "name": str((raw.get("name") if naming else "") or base.name),
            "title": raw.get("title") or {},
            "relevant": str(raw.get("relevant") or "").strip() or None,
            "shuffled": "shuffled" in raw,
        },
    )
    waits = not base.title.en or made.name in _waiting(raw)
    if naming and AUTOMATIC.fullmatch(made.name) and waits and made.title.en:
        made = replace(made, name=editing.free_name(made.title.en, (), made.name))
    return replace(made, questions=base.questions)


def whole(posted: Posted, base: Definition) -> Definition:
    """Return what holds for the whole survey as it was typed, with its sections as they are."""
    raw = _nested(posted)
    made = parsing.read(
        Definition,
        {
            "title": raw.get("title") or {},
            "intro": raw.get("intro") or {},
            "thanks": raw.get("thanks") or {},
            "keeps_unfinished": "keeps_unfinished" in raw,
            "alert": str(raw.get("alert") or "").strip() or None,
            "quotas": [_quota(each) for each in raw.get("quotas", [])],
        },
    )
    return replace(made, sections=base.sections)


def _quota(raw: Mapping[str, Any]) -> dict[str, Any]:
    known = {key: raw[key] for key in ("name", "when", "message") if key in raw}
    return known | {"most": _numbers(raw, integers=("most",))["most"]}


def pressed(part: Question, button: str) -> Question:
    """Return a question after a button of its lists: `choices-add`, `rows-up-2`, `choices-remove-0`."""
    what, _, how = button.partition("-")
    if what not in ("choices", "rows"):
        return part
    parts: tuple[Any, ...] = getattr(part, what)
    if how == "add":
        stem = "option" if what == "choices" else "row"
        name = editing.free_name("", [each.name for each in parts], f"{stem}_1")
        parts = (*parts, Choice(name=name) if what == "choices" else Row(name=name))
    else:
        parts = _rearranged(parts, how)
    return replace(part, choices=parts) if what == "choices" else replace(part, rows=parts)


def quotas_pressed(definition: Definition, button: str) -> Definition:
    """Return a survey after a button of its quotas: `quotas-add`, `quotas-remove-0`."""
    _, _, how = button.partition("-")
    if how == "add":
        name = editing.free_name("", [each.name for each in definition.quotas], "quota_1")
        return replace(definition, quotas=(*definition.quotas, Quota(name=name)))
    return replace(definition, quotas=_rearranged(definition.quotas, how))


def _rearranged(parts: tuple[Any, ...], how: str) -> tuple[Any, ...]:
    what, _, number = how.partition("-")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else len(parts)
    if at >= len(parts):
        return parts
    rest = [*parts[:at], *parts[at + 1 :]]
    if what == "remove":
        return tuple(rest)
    to = min(max(at + MOVES.get(what, 0), 0), len(rest))
    return (*rest[:to], parts[at], *rest[to:])


def unnamed(part: Question | Section) -> str:
    """Return what waits for a name until its author saves it, with blanks between.

    What is saved by itself meanwhile is half a text, and nothing to be named after.
    """
    named = [(part.name, part.title if isinstance(part, Section) else part.label)]
    if isinstance(part, Question):
        named += [(each.name, each.label) for each in part.choices]
        named += [(each.name, each.label) for each in part.rows]
    return " ".join(name for name, text in named if not text.en and AUTOMATIC.fullmatch(name))


def _waiting(raw: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(raw.get("unnamed") or "").split())


def _named(made: Question, base: Question, waiting: Collection[str]) -> Question:
    """Name what is still called by the editor after what its author wrote first."""
    choices = _each_named(made.choices, base.choices, waiting)
    made = replace(made, choices=choices, rows=_each_named(made.rows, base.rows, waiting))
    waits = not base.label.en or made.name in waiting
    if AUTOMATIC.fullmatch(made.name) and waits and made.label.en:
        return replace(made, name=editing.free_name(made.label.en, (), made.name))
    return made


def _tidied(made: Question) -> Question:
    """Drop what a kind has not."""
    if made.ends is not None and not (made.ends.low or made.ends.high):
        return replace(made, ends=None)
    return made


def _each_named(parts: tuple[Any, ...], base: Sequence[Any], waiting: Collection[str]) -> tuple[Any, ...]:
    before = {each.name: each for each in base}
    taken = {each.name for each in parts}
    found = []
    for part in parts:
        old = before.get(part.name)
        waits = old is None or not old.label.en or part.name in waiting
        if AUTOMATIC.fullmatch(part.name) and part.label.en and waits:
            taken.discard(part.name)
            part = replace(part, name=editing.free_name(part.label.en, taken, part.name))
            taken.add(part.name)
        found.append(part)
    return tuple(found)


def _required(raw: Mapping[str, Any]) -> bool | str:
    how = raw.get("required")
    if how == "when":
        return str(raw.get("required_when") or "").strip() or False
    return how == "yes"


def _consent(wanted: str) -> dict[str, str | None]:
    purpose, _, channel = wanted.partition(":")
    return {"purpose": purpose or None, "channel": channel or None}


def _numbers(raw: Mapping[str, Any], *, integers: Sequence[str]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in NUMBERS:
        text = digits.to_western(str(raw.get(name) or "")).replace("٫", ".").strip()
        if not text:
            found[name] = None
            continue
        if not re.fullmatch(r"-?\d{1,12}(?:\.\d{1,6})?", text, re.ASCII):
            raise DefinitionInvalid([Problem(name, _NUMBER)])
        value = float(text)
        found[name] = int(value) if name in integers and value == int(value) else value
    return found


def _nested(posted: Posted) -> dict[str, Any]:
    """Return the fields of a form by their dotted names, lists in the order of their numbers."""
    root: dict[str, Any] = {}
    for name, value in posted.items():
        place = root
        *path, last = name.split(".")
        for step in path:
            place = place.setdefault(step, {}) if isinstance(place, dict) else {}
        place[last] = True if last == "exclusive" else value
    for name in LISTS:
        if isinstance(root.get(name), dict):
            numbered = [(key, each) for key, each in root[name].items() if key.isascii() and key.isdigit()]
            root[name] = [each for _, each in sorted(numbered, key=lambda pair: int(pair[0]))]
    return root
