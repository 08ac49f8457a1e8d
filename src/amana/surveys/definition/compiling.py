"""Turn a definition into the form that both runners walk: expressions as trees, piped texts as expressions.

A form is plain JSON, so that a browser and this process walk the very same. What is absent in it is null or false.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from amana.kernel.text import LANGUAGES
from amana.surveys import places
from amana.surveys.definition import writing
from amana.surveys.definition.document import Definition, Question, Section, Text
from amana.surveys.logic import parsing

Form: TypeAlias = dict[str, Any]
PIPE = "${"


def compile(definition: Definition, *, survey: str, version: int) -> Form:
    """Return the form of one version of a survey, still without the policy's words. Raises LogicProblem."""
    names = definition.names
    form = {name: each for name, each in writing.write(definition).items() if name != "format"}
    return form | {
        "survey": survey,
        "version": version,
        "thanks": _piped(definition.thanks, names),
        "alert": _tree(definition.alert, names),
        "quotas": [
            written | {"when": _tree(quota.when, names)}
            for quota, written in zip(definition.quotas, form.get("quotas", []), strict=True)
        ],
        "sections": [_section(section, names) for section in definition.sections],
    }


def placed(
    form: Form, *, policy: int, country: str, consents: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]
) -> Form:
    """Return a form as it is asked in one country under one version of the policy, with that version's words.

    What that version does not list is left out: consents that are not among `consents`, whose words are the policy's
    and never the survey's, and what is bound to a category that is not in `fields`. `options` lists, by particular of a
    contact block, what is chosen and not typed.
    """
    known = {(wording["purpose"], wording["channel"]) for wording in consents}
    asked = [
        section
        | {"questions": [_cut(each, fields) for each in section["questions"] if _stands(each, known, fields)]}
        for section in form["sections"]
    ]
    wanted = {
        (each["purpose"], each.get("channel"))
        for section in asked
        for each in section["questions"]
        if each["kind"] == "consent"
    }
    told = _contacts(asked) & fields.keys()
    listed = places.listed(country)
    return form | {
        "policy": policy,
        "country": country,
        "sections": asked,
        "consents": [dict(each) for each in consents if (each["purpose"], each["channel"]) in wanted],
        "fields": {name: fields[name] for name in fields if name in told},
        "options": {name: listed[name] for name in listed if name in told},
    }


def _stands(question: Form, consents: Collection[tuple[str, str | None]], fields: Collection[str]) -> bool:
    if question["kind"] == "consent":
        return (question["purpose"], question.get("channel")) in consents
    if question["kind"] == "contact":
        return any(name in fields for name in question["fields"])
    return "category" not in question or question["category"] in fields


def _cut(question: Form, fields: Collection[str]) -> Form:
    if question["kind"] != "contact":
        return question
    return question | {"fields": [name for name in question["fields"] if name in fields]}


def _contacts(sections: Sequence[Form]) -> set[str]:
    return {
        name
        for section in sections
        for question in section["questions"]
        for name in question.get("fields", [])
    }


def _section(section: Section, names: Collection[str]) -> Form:
    made: Form = {"name": section.name, "title": _piped(section.title, names)}
    if section.relevant:
        made["relevant"] = _tree(section.relevant, names)
    if section.shuffled:
        made["shuffled"] = True
    return made | {"questions": [_question(question, names) for question in section.questions]}


def _question(question: Question, names: Collection[str]) -> Form:
    made: Form = writing.written(question)
    for name in ("label", "hint", "message"):
        text = getattr(question, name)
        if text is not None:
            made[name] = _piped(text, names)
    for name in ("relevant", "constraint", "required"):
        rule = getattr(question, name)
        if isinstance(rule, str):
            made[name] = _tree(rule, names)
    if question.bounds:
        # Spelt out, so that no runner needs to know the scales.
        made["least"], made["most"] = question.bounds
    return made


def _tree(expression: str | None, names: Collection[str]) -> Any:
    if not expression:
        return None
    return _plain(parsing.parse(expression, names=names))


def _piped(text: Text, names: Collection[str]) -> Form:
    return {
        language: _plain(parsing.parse_label(said, names)) if PIPE in said else said
        for language in LANGUAGES
        for said in (text.in_(language),)
    }


def _plain(tree: object) -> Any:
    # A tree may be made of tuples; what goes out is what JSON brings back.
    return json.loads(json.dumps(tree))
