"""What differs between two states of a survey, in the reader's words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.surveys.builder.shown import Mark, said
from amana.surveys.definition.changes import Difference

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


def differences(found: Collection[Difference]) -> tuple[DifferenceShown, ...]:
    """Return what differs, in words."""
    return tuple(
        DifferenceShown(
            label=_part_label(each),
            name=each.part,
            sort=str(SORTS[each.sort][0]),
            mark=SORTS[each.sort][1],
            lines=tuple(LineShown(field_label(line.path), line.before, line.after) for line in each.lines)
            if each.sort == "changed"
            else (),
        )
        for each in found
    )


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
