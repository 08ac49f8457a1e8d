"""Tell what one definition changed of another: which parts came, went, moved or read otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from amana.surveys.definition import writing
from amana.surveys.definition.document import Definition, Text

Sort: TypeAlias = Literal["added", "removed", "changed", "moved"]
WHOLE: Final = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One value that differs; `path` leads to it within its part, as in `choices.yes.label.ar`."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs: a question or a section by its name, or the survey itself without one."""

    sort: Sort
    part: str
    section: bool
    text: Text
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    section: bool
    text: Text
    within: str
    place: int
    values: Mapping[str, str]


def changes(before: Definition, after: Definition) -> tuple[Difference, ...]:
    """Return what differs, in the order of the later survey; what went comes last."""
    old, new = _parts(before), _parts(after)
    stayed_old = [name for name in old if name in new]
    stayed_new = [name for name in new if name in old]
    moved = _moved(stayed_old, stayed_new)
    return tuple(_differences(old, new, moved))


def _differences(old: dict[str, _Part], new: dict[str, _Part], moved: set[str]) -> Iterator[Difference]:
    for name, part in new.items():
        if name not in old:
            yield Difference("added", part.name, part.section, part.text, _lines({}, part.values))
            continue
        lines = _lines(old[name].values, part.values)
        if lines:
            yield Difference("changed", part.name, part.section, part.text, lines)
        if name in moved or part.within != old[name].within:
            yield Difference("moved", part.name, part.section, part.text)
    for name, part in old.items():
        if name not in new:
            yield Difference("removed", part.name, part.section, part.text, _lines(part.values, {}))


def _parts(definition: Definition) -> dict[str, _Part]:
    whole = writing.write(definition)
    whole.pop("sections", None)
    whole.pop("format", None)
    found = {WHOLE: _Part(WHOLE, False, definition.title, WHOLE, 0, flat(whole))}
    for section in definition.sections:
        values = writing.written(section)
        values.pop("questions", None)
        found[f"section {section.name}"] = _Part(
            section.name, True, section.title, WHOLE, len(found), flat(values)
        )
        for question in section.questions:
            found[question.name] = _Part(
                question.name,
                False,
                question.label,
                section.name,
                len(found),
                flat(writing.written(question)),
            )
    return found


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Return the fewest parts whose moving explains the new order: all but a longest run that kept its order."""
    place = {name: at for at, name in enumerate(before)}
    runs: list[list[str]] = []
    for name in after:
        best = max((run for run in runs if place[run[-1]] < place[name]), key=len, default=[])
        runs.append([*best, name])
    kept = max(runs, key=len, default=[])
    return set(after) - set(kept)


def _lines(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Line, ...]:
    paths = dict.fromkeys((*after, *before))
    return tuple(
        Line(path, before.get(path, ""), after.get(path, ""))
        for path in paths
        if before.get(path, "") != after.get(path, "")
    )


def flat(value: Any, at: str = "") -> dict[str, str]:
    """Return what JSON holds as one text by dotted path; records in a list stand under their names."""
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for name, each in value.items():
            found |= flat(each, f"{at}.{name}" if at else str(name))
        return found
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return flat({str(each.get("name", n)): each for n, each in enumerate(value)}, at)
    if isinstance(value, list):
        return {at: ", ".join(str(each) for each in value)}
    return {
        at: {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    }
