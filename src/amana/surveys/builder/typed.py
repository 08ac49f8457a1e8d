"""What an author sent from the editor, done to the survey as it stands: what was typed, and the button pressed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, get_args

from django.http import QueryDict

from amana.kernel.text import Bilingual
from amana.surveys.builder import conditions, editing, reading
from amana.surveys.definition import texts
from amana.surveys.definition.document import Definition, Kind, Question, Section, Text
from amana.surveys.definition.problems import DefinitionInvalid, Problem

WHOLE: Final = ""
_TAKEN = Bilingual(ar="هذا الاسم مستخدم في الاستبيان.", en="This name is used in the survey already.")
_MOVES: Final = {"up": -1, "down": 1}


def typed(
    posted: QueryDict, definition: Definition, name: str, *, naming: bool = True
) -> tuple[Definition, str]:
    """Return a definition with the posted part in it, and what that part is called now: as before without `naming`.

    Raises DefinitionInvalid with paths within the part, Refusal survey_part_gone.
    """
    button = posted.get("do", "")
    if name == WHOLE:
        made = reading.whole(posted, definition)
        if button.startswith("quotas-"):
            made = reading.quotas_pressed(made, button)
        picked = picked_for(posted, button)
        return replace(made, alert=picked["alert"]) if "alert" in picked else made, WHOLE
    if is_section(definition, name):
        return _section(posted, definition, name, naming=naming)
    return _question(posted, definition, name, naming=naming)


def steps(button: str) -> bool:
    """Tell whether a button adds, moves, duplicates or deletes a part."""
    return button == "add-section" or button.startswith(("step:", "add:"))


def plain(button: str) -> bool:
    """Tell whether a button leaves what was typed as it is."""
    what, _, _ = button.partition("-")
    return button != "pipe" and what not in reading.LISTS and not button.startswith("pick:")


def stepped(posted: QueryDict, definition: Definition, name: str) -> tuple[Definition, str]:
    """Return a definition after a part was added, moved, duplicated or deleted, and the part to show then."""
    button = posted.get("do", "")
    what, _, how = button.partition(":")
    if button == "add-section":
        return editing.add_section(definition, after=_section_at(definition, name))
    if what == "add":
        beside = any(each.name == name for each in editing.get_section(definition, how).questions)
        return editing.add_question(
            definition, section=how, kind=_kind(posted.get(f"kind.{how}", "")), after=name if beside else ""
        )
    if how == "duplicate":
        return editing.duplicate(definition, name)
    if how == "delete":
        return editing.delete(definition, name), neighbour(definition, name)
    return editing.move(definition, name, _MOVES.get(how, 0)), name


def _kind(wanted: str) -> Kind:
    return next((kind for kind in get_args(Kind) if kind == wanted), "single")


def _section_at(definition: Definition, name: str) -> str:
    if name == WHOLE or is_section(definition, name):
        return name
    return editing.section_of(definition, name).name


def neighbour(definition: Definition, name: str) -> str:
    """Return the part to show once one is gone: the one before it, or the survey itself."""
    names = [
        name
        for section in definition.sections
        for name in (section.name, *(question.name for question in section.questions))
    ]
    gone = {name}
    if is_section(definition, name):
        gone |= {each.name for each in editing.get_section(definition, name).questions}
    before = names[: names.index(name)] if name in names else []
    return next((each for each in reversed(before) if each not in gone), WHOLE)


def is_section(definition: Definition, name: str) -> bool:
    """Tell whether a name is a section's."""
    return any(section.name == name for section in definition.sections)


def stands(definition: Definition, name: str) -> bool:
    """Tell whether a part is in a survey."""
    return name == WHOLE or is_section(definition, name) or definition.find(name) is not None


def path_of(definition: Definition, name: str) -> str:
    """Return where a part stands, as problems name it."""
    for n, section in enumerate(definition.sections):
        if section.name == name:
            return f"sections.{n}"
        for m, question in enumerate(section.questions):
            if question.name == name:
                return f"sections.{n}.questions.{m}"
    return WHOLE


def picked_for(posted: Mapping[str, str], button: str) -> dict[str, str]:
    """Return the rule that the picker added a condition to, if it was used: `pick:relevant`."""
    name = button.removeprefix("pick:")
    condition = posted.get(f"pick.{name}.condition", "")
    if name == button or not condition:
        return {}
    rule = conditions.joined(
        posted.get(name, ""),
        condition,
        denied=posted.get(f"pick.{name}.is", "") == "not",
        either=posted.get(f"pick.{name}.join", "") == "or",
    )
    return {name: rule}


def _section(posted: QueryDict, definition: Definition, name: str, *, naming: bool) -> tuple[Definition, str]:
    made = reading.section(posted, editing.get_section(definition, name), naming=naming)
    picked = picked_for(posted, posted.get("do", ""))
    if "relevant" in picked:
        made = replace(made, relevant=picked["relevant"])
    called = _called(definition, name, made.name)
    return editing.change_section(definition, name, lambda _: replace(made, name=called)), called


def _question(
    posted: QueryDict, definition: Definition, name: str, *, naming: bool
) -> tuple[Definition, str]:
    base, button = editing.get_question(definition, name), posted.get("do", "")
    made = reading.pressed(reading.question(posted, base, naming=naming), button)
    for rule, expression in picked_for(posted, button).items():
        made = _ruled(made, rule, expression)
    if button == "pipe":
        made = _piped(made, posted.get("pipe.name", ""))
    called = _called(definition, name, made.name)
    changed = editing.change_question(definition, name, lambda _: replace(made, name=name))
    return texts.renamed(changed, name, called), called


def _ruled(question: Question, rule: str, expression: str) -> Question:
    if rule == "relevant":
        return replace(question, relevant=expression)
    if rule == "constraint":
        return replace(question, constraint=expression)
    return replace(question, required=expression) if rule == "required_when" else question


def _piped(question: Question, name: str) -> Question:
    if not name:
        return question
    label = Text(ar=f"{question.label.ar} ${{{name}}}".strip(), en=f"{question.label.en} ${{{name}}}".strip())
    return replace(question, label=label)


def _called(definition: Definition, before: str, wanted: str) -> str:
    """Return what a part is called from now on: one the editor names gets a free name, others must have one."""
    others = _names(definition) - {before}
    if wanted not in others:
        return wanted
    if reading.AUTOMATIC.fullmatch(before):
        return editing.free_name(wanted, others, before)
    raise DefinitionInvalid([Problem("name", _TAKEN)])


def _names(definition: Definition) -> set[str]:
    sections: tuple[Section, ...] = definition.sections
    return {each.name for each in sections} | {each.name for each in definition.questions()}
