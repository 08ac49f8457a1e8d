"""A survey's sections and questions in order, with what holds for each: beside the editor, and of a version."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from amana.surveys.builder.shown import KINDS, label_of, section_label
from amana.surveys.builder.wording.sentences import spoken
from amana.surveys.definition.document import Definition, Question, Section
from amana.surveys.definition.problems import Problem


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """One line of the outline: a question, or a section with its questions.

    `condition` says when it is shown, if not always; `rules` what else holds for it.
    """

    name: str
    label: str
    kind: str
    current: bool
    wrong: int
    missing: int
    condition: SafeString | str
    rules: tuple[SafeString, ...] = ()
    questions: tuple["OutlinePart", ...] = ()


def outline(definition: Definition, problems: Collection[Problem], current: str) -> tuple[OutlinePart, ...]:
    """Return a survey's sections and questions with how much is wrong or missing in each."""
    by_section = [0] * len(definition.sections)
    for problem in problems:
        path = problem.path.split(".")
        if path[0] == "sections" and len(path) > 1 and "questions" not in path and problem.grade != "advice":
            by_section[int(path[1])] += 1
    return tuple(
        OutlinePart(
            name=section.name,
            label=section_label(section),
            kind="",
            current=section.name == current,
            wrong=0,
            missing=by_section[n],
            condition=_condition(section, definition),
            questions=tuple(_line(each, definition, problems, current) for each in section.questions),
        )
        for n, section in enumerate(definition.sections)
    )


def whole(definition: Definition) -> tuple[SafeString, ...]:
    """Return the rules that hold for the whole survey, in words."""
    found = (
        spoken("alert", definition.alert, definition),
        *(spoken("when", quota.when, definition) for quota in definition.quotas),
    )
    return tuple(each for each in found if each)


def _line(
    question: Question, definition: Definition, problems: Collection[Problem], current: str
) -> OutlinePart:
    own = [problem.grade for problem in problems if problem.question == question.name]
    return OutlinePart(
        name=question.name,
        label=label_of(question, definition),
        kind=str(KINDS[question.kind]),
        current=question.name == current,
        wrong=own.count("wrong"),
        missing=own.count("missing"),
        condition=_condition(question, definition),
        rules=_rules(question, definition),
    )


def _condition(part: Question | Section, definition: Definition) -> SafeString | str:
    """Return when a part is shown; of a rule that cannot be read, that there is one."""
    if not part.relevant:
        return ""
    return spoken("relevant", part.relevant, definition) or gettext("not for everybody")


def _rules(question: Question, definition: Definition) -> tuple[SafeString, ...]:
    required = question.required if isinstance(question.required, str) else None
    found = (
        spoken("required", required, definition, this=question),
        spoken("constraint", question.constraint, definition, this=question),
    )
    return tuple(each for each in found if each)
