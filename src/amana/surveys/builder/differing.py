"""What differs between two states of a survey, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.surveys.builder.shown import Mark, said
from amana.surveys.builder.wording.sentences import Rule, spoken
from amana.surveys.definition.changes import Difference, Line, changes
from amana.surveys.definition.document import Definition

FIELDS: Final[Mapping[str, Promise]] = {
    "title": _("Title"),
    "intro": _("Welcome"),
    "thanks": _("Thanks"),
    "label": _("Text"),
    "hint": _("Hint under it"),
    "message": _("What is said when it does not fit"),
    "required": _("Must be answered"),
    "relevant": _("Shown when"),
    "constraint": _("Rule for the answer"),
    "choices": _("Choice"),
    "rows": _("Row of the matrix"),
    "shuffled": _("In an order of its own for everybody"),
    "exclusive": _("Excludes all others"),
    "least": _("At least"),
    "most": _("At most"),
    "steps": _("Steps"),
    "ends": _("Ends of the scale"),
    "low": _("lowest"),
    "high": _("highest"),
    "category": _("Category of the privacy policy"),
    "fields": _("Details asked for"),
    "purpose": _("Purpose of the consent"),
    "channel": _("By which means"),
    "about": _("What it tells about"),
    "alert": _("Dissatisfied when"),
    "quotas": _("Quota"),
    "when": _("When"),
    "name": _("Name in rules and exports"),
    "kind": _("Kind"),
    "keeps_unfinished": _("Offers to keep unfinished answers"),
    "ar": _("in Arabic"),
    "en": _("in English"),
}
SORTS: Final[Mapping[str, tuple[Promise, Mark]]] = {
    "added": (_("Added"), "kept"),
    "removed": (_("Taken out"), "refused"),
    "changed": (_("Changed"), "asks"),
    "moved": (_("Moved"), ""),
}
# Where rules stand, and what each of them does.
RULES: Final[Mapping[str, Rule]] = {
    "relevant": "relevant",
    "required": "required",
    "constraint": "constraint",
    "alert": "alert",
    "quotas": "when",
}


@dataclass(frozen=True, slots=True)
class LineShown:
    """One value that differs, with what it is in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """One part that differs, in words."""

    label: str
    name: str
    sort: str
    mark: Mark
    lines: tuple[LineShown, ...]


def differences(
    before: Definition, after: Definition, part: str | None = None
) -> tuple[DifferenceShown, ...]:
    """Return what differs between two states, in words; of one part only where it is named."""
    found = [each for each in changes(before, after) if part in (None, each.part)]
    return tuple(
        DifferenceShown(
            label=_part_label(each),
            name=each.part,
            sort=str(SORTS[each.sort][0]),
            mark=SORTS[each.sort][1],
            lines=tuple(_line(line, each.part, before, after) for line in each.lines)
            if each.sort == "changed"
            else (),
        )
        for each in found
    )


def _line(line: Line, part: str, before: Definition, after: Definition) -> LineShown:
    return LineShown(
        field_label(line.path),
        _value(line.path, line.before, part, before),
        _value(line.path, line.after, part, after),
    )


def _value(path: str, value: str, part: str, definition: Definition) -> str:
    """Return a value as it was written; a rule in words, by the labels of its own state."""
    rule = RULES.get(path.partition(".")[0] if path.endswith(".when") else path)
    return (spoken(rule, value, definition, this=definition.find(part)) if rule and value else "") or value


def field_label(path: str) -> str:
    """Return what a path means: `choices.yes.label.ar` is "Choice yes · Text · in Arabic"."""
    return " · ".join(_step(step) for step in path.split(".") if step)


def _step(step: str) -> str:
    # People count from one.
    return str(int(step) + 1) if step.isascii() and step.isdigit() else str(FIELDS.get(step, step))


def _part_label(each: Difference) -> str:
    if not each.part:
        return gettext("The whole survey")
    return said(each.text) or (
        gettext("Section without a title") if each.section else gettext("Question without a text")
    )
