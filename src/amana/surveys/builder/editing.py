"""Change a definition, one step at a time: each function returns a new one and leaves the old as it was."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from amana.kernel.refusal import Refusal
from amana.surveys.builder import refusals
from amana.surveys.definition.document import BOUND, Choice, Definition, Kind, Question, Row, Section, Text

Named = TypeVar("Named", bound=Section | Question)

# What a new question of a kind begins with; the rest is written by its author.
_FRESH_CHOICES: Final = (Choice(name="option_1"), Choice(name="option_2"))


def add_section(definition: Definition, *, after: str = "") -> tuple[Definition, str]:
    """Add an empty section after the one named, or at the end; return its name too."""
    name = _free("section", _taken(definition))
    made = Section(name=name)
    at = _place(definition.sections, after) + 1 if after else len(definition.sections)
    sections = (*definition.sections[:at], made, *definition.sections[at:])
    return replace(definition, sections=sections), name


def add_question(
    definition: Definition, *, section: str, kind: Kind, after: str = ""
) -> tuple[Definition, str]:
    """Add a question of a kind to a section, after the one named or at the end; return its name too."""
    name = _free(kind, _taken(definition))
    made = fresh(name, kind)

    def add(found: Section) -> Section:
        at = _place(found.questions, after) + 1 if after else len(found.questions)
        return replace(found, questions=(*found.questions[:at], made, *found.questions[at:]))

    return change_section(definition, section, add), name


def fresh(name: str, kind: Kind) -> Question:
    """Return a new question of a kind, bound to what the policy calls such an answer."""
    choosing = kind in ("single", "multiple", "matrix")
    return Question(
        name=name,
        kind=kind,
        choices=_FRESH_CHOICES if choosing else (),
        rows=(Row(name="row_1"), Row(name="row_2")) if kind == "matrix" else (),
        steps=5 if kind == "rating" else None,
        category=BOUND[kind][0] if kind in BOUND and kind != "date" else None,
        fields=("name", "email") if kind == "contact" else (),
    )


def change_section(definition: Definition, name: str, change: Callable[[Section], Section]) -> Definition:
    """Replace one section by what `change` makes of it. Raises Refusal survey_part_gone."""
    at = _place(definition.sections, name)
    made = change(definition.sections[at])
    return replace(definition, sections=(*definition.sections[:at], made, *definition.sections[at + 1 :]))


def change_question(definition: Definition, name: str, change: Callable[[Question], Question]) -> Definition:
    """Replace one question by what `change` makes of it, and its name wherever it is used."""
    at = section_of(definition, name).name

    def within(found: Section) -> Section:
        place = _place(found.questions, name)
        made = change(found.questions[place])
        return replace(found, questions=(*found.questions[:place], made, *found.questions[place + 1 :]))

    return change_section(definition, at, within)


def delete(definition: Definition, name: str) -> Definition:
    """Delete a section with its questions, or one question. Raises Refusal survey_part_gone."""
    if any(section.name == name for section in definition.sections):
        return replace(definition, sections=_without(definition.sections, name))
    within = section_of(definition, name).name
    return change_section(
        definition, within, lambda found: replace(found, questions=_without(found.questions, name))
    )


def duplicate(definition: Definition, name: str) -> tuple[Definition, str]:
    """Put a copy of a question, or of a section with its questions, right after it; return its name too."""
    taken = _taken(definition)
    section = next((each for each in definition.sections if each.name == name), None)
    if section is not None:
        copied = _renamed(section, taken)
        at = _place(definition.sections, name) + 1
        sections = (*definition.sections[:at], copied, *definition.sections[at:])
        return replace(definition, sections=sections), copied.name
    fresh_name = _free(name, taken)

    def within(found: Section) -> Section:
        at = _place(found.questions, name)
        copied = replace(found.questions[at], name=fresh_name)
        return replace(found, questions=(*found.questions[: at + 1], copied, *found.questions[at + 1 :]))

    return change_section(definition, section_of(definition, name).name, within), fresh_name


def move(definition: Definition, name: str, by: int) -> Definition:
    """Move a section or a question one place up (−1) or down (1); a question goes on into the next section."""
    if any(section.name == name for section in definition.sections):
        return replace(definition, sections=_moved(definition.sections, name, by))
    section = section_of(definition, name)
    at = _place(section.questions, name) + by
    if 0 <= at < len(section.questions):
        return change_section(
            definition,
            section.name,
            lambda found: replace(found, questions=_moved(found.questions, name, by)),
        )
    return _moved_over(definition, section, name, by)


def move_into(definition: Definition, name: str, section: str) -> Definition:
    """Move a question to the end of another section. Raises Refusal survey_part_gone."""
    question = get_question(definition, name)
    if section_of(definition, name).name == section:
        return definition
    return change_section(
        delete(definition, name),
        section,
        lambda found: replace(found, questions=(*found.questions, question)),
    )


def section_of(definition: Definition, name: str) -> Section:
    """Return the section a question stands in. Raises Refusal survey_part_gone."""
    for section in definition.sections:
        if any(question.name == name for question in section.questions):
            return section
    raise Refusal.of(refusals.PART)


def get_question(definition: Definition, name: str) -> Question:
    """Return a question by its name. Raises Refusal survey_part_gone."""
    found = definition.find(name)
    if found is None:
        raise Refusal.of(refusals.PART)
    return found


def get_section(definition: Definition, name: str) -> Section:
    """Return a section by its name. Raises Refusal survey_part_gone."""
    return definition.sections[_place(definition.sections, name)]


def earlier(definition: Definition, name: str) -> tuple[Question, ...]:
    """Return the questions answered before a question or a section; all of them for a name that is neither."""
    found: list[Question] = []
    for section in definition.sections:
        if section.name == name:
            return tuple(found)
        for question in section.questions:
            if question.name == name:
                return tuple(found)
            if question.asks:
                found.append(question)
    return tuple(found)


def free_name(wanted: str, taken: Iterable[str], otherwise: str) -> str:
    """Return a name made of the Latin letters of a text, never one that is taken."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in wanted.lower())
    made = "_".join(part for part in letters.split("_") if part)[:32].rstrip("_")
    if not made or not made[0].isalpha():
        made = otherwise
    return _free(made, set(taken), first=made)


def _moved_over(definition: Definition, section: Section, name: str, by: int) -> Definition:
    to = _place(definition.sections, section.name) + by
    if not 0 <= to < len(definition.sections):
        return definition
    question = get_question(definition, name)
    target = definition.sections[to].name
    return change_section(
        delete(definition, name),
        target,
        lambda found: replace(
            found,
            questions=(question, *found.questions) if by > 0 else (*found.questions, question),
        ),
    )


def _moved(parts: tuple[Named, ...], name: str, by: int) -> tuple[Named, ...]:
    at = _place(parts, name)
    to = min(max(at + by, 0), len(parts) - 1)
    rest = parts[:at] + parts[at + 1 :]
    return rest[:to] + parts[at : at + 1] + rest[to:]


def _without(parts: tuple[Named, ...], name: str) -> tuple[Named, ...]:
    at = _place(parts, name)
    return parts[:at] + parts[at + 1 :]


def _place(parts: Sequence[Named], name: str) -> int:
    for at, part in enumerate(parts):
        if part.name == name:
            return at
    raise Refusal.of(refusals.PART)


def _renamed(section: Section, taken: set[str]) -> Section:
    name = _free(section.name, taken)
    taken.add(name)
    questions = []
    for question in section.questions:
        fresh_name = _free(question.name, taken)
        taken.add(fresh_name)
        questions.append(replace(question, name=fresh_name))
    return replace(section, name=name, questions=tuple(questions))


def _taken(definition: Definition) -> set[str]:
    names = {section.name for section in definition.sections}
    return names | {question.name for question in definition.questions()}


def _free(stem: str, taken: set[str], *, first: str = "") -> str:
    """Return the first of `stem_1`, `stem_2` … (or `first`) that is not taken, within what a name may be."""
    if first and first not in taken:
        return first
    base = stem.rstrip("0123456789").rstrip("_")[:34] or "part"
    number = 1
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


def blank(name: str = "section_1") -> Definition:
    """Return a survey with one empty section."""
    return Definition(title=Text(), sections=(Section(name=name),))
