"""Every text of a survey by a key that stays while parts move: for translating, and for renaming what is piped."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from amana.surveys.definition import parsing, writing
from amana.surveys.definition.document import Definition, Ends, Question, Section, Text

Visit = Callable[[str, Text], Text]


def texts(definition: Definition) -> dict[str, Text]:
    """Return every text of a survey, in its order: `title`, `visit/title`, `overall/label`, `liked/choices/staff` …"""
    found: dict[str, Text] = {}

    def visit(key: str, text: Text) -> Text:
        found[key] = text
        return text

    _walk(definition, visit)
    return found


def replaced(definition: Definition, written: Mapping[str, Text]) -> Definition:
    """Return a survey with some of its texts replaced; keys it does not have are left aside."""
    return _walk(definition, lambda key, text: written.get(key, text))


def renamed(definition: Definition, old: str, new: str) -> Definition:
    """Return a survey in which a question is called otherwise, also in every rule and text that asks after it."""
    if old == new:
        return definition
    asked = re.compile(rf"\$\{{\s*{old}\s*\}}")
    text = asked.sub(f"${{{new}}}", json.dumps(writing.write(definition), ensure_ascii=False))
    made = parsing.parse(json.loads(text))
    return replace(
        made,
        sections=tuple(
            replace(
                section,
                questions=tuple(
                    replace(each, name=new) if each.name == old else each for each in section.questions
                ),
            )
            for section in made.sections
        ),
    )


def _walk(definition: Definition, visit: Visit) -> Definition:
    return replace(
        definition,
        title=visit("title", definition.title),
        intro=visit("intro", definition.intro),
        thanks=visit("thanks", definition.thanks),
        sections=tuple(_section(each, visit) for each in definition.sections),
        quotas=tuple(
            replace(each, message=visit(f"quotas/{each.name}/message", each.message))
            for each in definition.quotas
        ),
    )


def _section(section: Section, visit: Visit) -> Section:
    return replace(
        section,
        title=visit(f"{section.name}/title", section.title),
        questions=tuple(_question(each, visit) for each in section.questions),
    )


def _question(question: Question, visit: Visit) -> Question:
    at = question.name
    if question.kind == "consent":
        return question
    return replace(
        question,
        label=visit(f"{at}/label", question.label),
        hint=_optional(f"{at}/hint", question.hint, visit),
        message=_optional(f"{at}/message", question.message, visit),
        choices=tuple(
            replace(each, label=visit(f"{at}/choices/{each.name}", each.label)) for each in question.choices
        ),
        rows=tuple(
            replace(each, label=visit(f"{at}/rows/{each.name}", each.label)) for each in question.rows
        ),
        ends=_ends(f"{at}/ends", question.ends, visit),
    )


def _optional(key: str, text: Text | None, visit: Visit) -> Text | None:
    return (visit(key, text) or None) if text else text


def _ends(at: str, ends: Ends | None, visit: Visit) -> Ends | None:
    if ends is None:
        return None
    return Ends(low=visit(f"{at}/low", ends.low), high=visit(f"{at}/high", ends.high))
