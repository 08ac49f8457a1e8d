"""The fields of the editor for one part of a survey: what is written there, and what is wrong with it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.surveys.builder import conditions, editing, queries, readiness, reading, shown
from amana.surveys.builder.conditions import Conditions
from amana.surveys.builder.wording.sentences import Rule, spoken
from amana.surveys.definition import writing
from amana.surveys.definition.document import BOUND, CHOOSING, WORDS, Definition, Question, Section
from amana.surveys.definition.problems import Problem

# Where a problem of one path is shown.
_SHOWN_AT = {"required": "required_when", "purpose": "consent", "": "part"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One field: its name in the form, its value, and what is wrong with it, in the reader's language.

    `said` is what a rule says in words, None where the field holds no rule.
    """

    name: str
    value: str = ""
    error: str = ""
    wrong: bool = False
    focus: bool = False
    said: SafeString | None = None

    @property
    def id(self) -> str:
        """Return the field's id in the page."""
        return f"f-{self.name.replace('.', '-').replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Pair:
    """One text in both languages."""

    ar: Slot
    en: Slot


@dataclass(frozen=True, slots=True)
class Item:
    """One choice, one row of a matrix, or one quota."""

    at: int
    name: Slot
    label: Pair
    exclusive: bool
    first: bool
    last: bool
    when: Slot | None = None
    most: Slot | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PartForm:
    """Everything the editor shows of one part. What a kind does not have is empty."""

    slots: tuple[Slot, ...]
    label: Pair
    name: Slot
    relevant: Slot
    conditions: tuple[Conditions, ...]
    kind: str = ""
    kind_label: str = ""
    hint: Pair | None = None
    message: Pair | None = None
    constraint: Slot | None = None
    required: str = ""
    required_when: Slot | None = None
    choices: tuple[Item, ...] = ()
    rows: tuple[Item, ...] = ()
    lists: Slot | None = None
    row_list: Slot | None = None
    shuffled: bool = False
    chooses: bool = False
    bounded: bool = False
    scale: bool = False
    least: Slot | None = None
    most: Slot | None = None
    steps: Slot | None = None
    low: Pair | None = None
    high: Pair | None = None
    category: Slot | None = None
    categories: tuple[Option, ...] = ()
    fields: tuple[Option, ...] = ()
    fields_slot: Slot | None = None
    consent: Slot | None = None
    consents: tuple[Option, ...] = ()
    about: tuple[Option, ...] = ()
    part: Slot | None = None
    unnamed: str = ""
    intro: Pair | None = None
    thanks: Pair | None = None
    alert: Slot | None = None
    keeps_unfinished: bool = False
    quotas: tuple[Item, ...] = ()


@dataclass(slots=True)
class Slots:
    """Makes the fields of one part from their values and problems, and remembers them."""

    values: Mapping[str, str]
    problems: Mapping[str, Sequence[Problem]]
    definition: Definition
    focus: str = ""
    this: Question | None = None
    made: list[Slot] = field(default_factory=list)

    def unseen(self, name: str) -> Slot:
        """Return a field of which the page shows nothing that could be wrong."""
        return Slot(name, self.values.get(name, ""))

    def rule(self, name: str, rule: Rule) -> Slot:
        """Return the field of a rule, with what is typed there in words."""
        return self.slot(name, spoken(rule, self.values.get(name), self.definition, this=self.this))

    def slot(self, name: str, said: SafeString | None = None) -> Slot:
        """Return one field."""
        found = self.problems.get(name, ())
        told = " ".join(dict.fromkeys(each.message.in_(reader_language()) for each in found))
        made = Slot(
            name,
            self.values.get(name, ""),
            told,
            any(each.grade == "wrong" for each in found),
            f"f-{self.focus}" == Slot(name).id,
            said,
        )
        self.made.append(made)
        return made

    def pair(self, name: str) -> Pair:
        """Return a text's two fields."""
        return Pair(self.slot(f"{name}.ar"), self.slot(f"{name}.en"))

    def items(self, name: str) -> tuple[Item, ...]:
        """Return the fields of a list, in its order."""
        numbers = sorted(
            {
                int(key.split(".")[1])
                for key in self.values
                if re.match(rf"{name}\.\d{{1,4}}\.", key, re.ASCII)
            }
        )
        return tuple(self._item(name, at, at == numbers[0], at == numbers[-1]) for at in numbers)

    def _item(self, name: str, at: int, first: bool, last: bool) -> Item:
        key = f"{name}.{at}"
        quota = name == "quotas"
        return Item(
            at=at,
            name=self.unseen(f"{key}.name"),
            label=self.pair(f"{key}.message" if quota else f"{key}.label"),
            exclusive=f"{key}.exclusive" in self.values,
            first=first,
            last=last,
            when=self.rule(f"{key}.when", "when") if quota else None,
            most=self.unseen(f"{key}.most") if quota else None,
        )


def of_question(
    question: Question,
    definition: Definition,
    problems: Collection[Problem],
    *,
    values: Mapping[str, str] | None = None,
    focus: str = "",
) -> PartForm:
    """Return the editor's fields for a question; `values` are what was typed where that could not be kept."""
    found = _by_field(problems, _path(definition, question.name))
    slots = Slots(values or values_of(question), found, definition, focus, question)
    return PartForm(
        name=slots.slot("name"),
        relevant=slots.rule("relevant", "relevant"),
        required=slots.values.get("required", ""),
        conditions=conditions.conditions(editing.earlier(definition, question.name), definition),
        kind=question.kind,
        kind_label=str(shown.KINDS[question.kind]),
        part=slots.slot("part"),
        unnamed=slots.values.get("unnamed", reading.unnamed(question)),
        **_of_words(question, slots),
        **_of_kind(question, slots),
        slots=tuple(slots.made),
    )


def _of_words(question: Question, slots: Slots) -> dict[str, Any]:
    """Return the texts and rules: the words of a consent are the policy's, and a note is not answered."""
    made: dict[str, Any] = {}
    if question.kind == "consent":
        made["label"] = Pair(slots.unseen("label.ar"), slots.unseen("label.en"))
    else:
        made |= {"label": slots.pair("label"), "hint": slots.pair("hint")}
    if question.kind not in ("consent", "note"):
        made["constraint"] = slots.rule("constraint", "constraint")
        made["message"] = slots.pair("message")
        # What stands there counts only once it is chosen.
        chosen = slots.values.get("required") == "when"
        made["required_when"] = (
            slots.rule("required_when", "required") if chosen else slots.slot("required_when", SafeString())
        )
    return made


def _of_kind(question: Question, slots: Slots) -> dict[str, Any]:
    """Return the fields that only some kinds have."""
    made: dict[str, Any] = {}
    if question.kind in CHOOSING:
        made |= {"choices": slots.items("choices"), "lists": slots.slot("choices"), "chooses": True}
        made["shuffled"] = "shuffled" in slots.values
    if question.kind == "matrix":
        made |= {"rows": slots.items("rows"), "row_list": slots.slot("rows")}
    if question.kind in ("number", "multiple"):
        made |= {"least": slots.slot("least"), "most": slots.slot("most"), "bounded": True}
    if question.bounds:
        made |= {"low": slots.pair("ends.low"), "high": slots.pair("ends.high"), "scale": True}
    if question.kind == "rating":
        made["steps"] = slots.slot("steps")
    return made | _of_policy(question, slots)


def _of_policy(question: Question, slots: Slots) -> dict[str, Any]:
    text = policy.current().policy
    known = queries.fields_of(text)
    made: dict[str, Any] = {}
    if question.kind in BOUND:
        empty = (
            [Option("", _("nobody's: kept openly"), not question.category)] if question.kind == "date" else []
        )
        made["category"] = slots.slot("category")
        made["categories"] = (
            *empty,
            *(
                Option(name, known[name][reader_language()], slots.values.get("category") == name)
                for name in BOUND[question.kind]
                if name in known
            ),
        )
    if question.kind == "contact":
        made["fields_slot"] = slots.slot("fields")
        made["fields"] = tuple(
            Option(name, wording[reader_language()], name in question.fields)
            for name, wording in known.items()
            if name not in ("opinion", "receipt_photo", "language")
        )
    if question.kind == "consent":
        made["consent"] = slots.slot("consent")
        made["consents"] = _consents(slots.values.get("consent", ""))
    if question.kind in WORDS | {"single", "multiple"}:
        made["about"] = tuple(
            Option(name, str(label), question.about == name) for name, label in shown.ABOUT.items()
        )
    return made


def _consents(chosen: str) -> tuple[Option, ...]:
    found = readiness.offered(policy.current().policy, reader_language())
    return tuple(
        Option(value, wording.text, value == chosen)
        for (purpose, channel), wording in found.items()
        for value in (f"{purpose}:{channel}" if channel else purpose,)
    )


def of_section(
    section: Section,
    definition: Definition,
    problems: Collection[Problem],
    *,
    values: Mapping[str, str] | None = None,
    focus: str = "",
) -> PartForm:
    """Return the editor's fields for a section."""
    at = next(n for n, each in enumerate(definition.sections) if each.name == section.name)
    slots = Slots(values or values_of(section), _by_field(problems, f"sections.{at}"), definition, focus)
    return PartForm(
        label=slots.pair("title"),
        name=slots.unseen("name"),
        relevant=slots.rule("relevant", "relevant"),
        conditions=conditions.conditions(editing.earlier(definition, section.name), definition),
        shuffled="shuffled" in slots.values,
        unnamed=slots.values.get("unnamed", reading.unnamed(section)),
        slots=tuple(slots.made),
    )


def of_whole(
    definition: Definition,
    problems: Collection[Problem],
    *,
    values: Mapping[str, str] | None = None,
    focus: str = "",
) -> PartForm:
    """Return the editor's fields for what holds for the whole survey."""
    slots = Slots(values or values_of(definition), _by_field(problems, ""), definition, focus)
    return PartForm(
        label=slots.pair("title"),
        intro=slots.pair("intro"),
        thanks=slots.pair("thanks"),
        name=Slot("name"),
        relevant=Slot("relevant"),
        alert=slots.rule("alert", "alert"),
        keeps_unfinished="keeps_unfinished" in slots.values,
        quotas=slots.items("quotas"),
        conditions=conditions.conditions(editing.earlier(definition, ""), definition),
        slots=tuple(slots.made),
    )


def values_of(part: Question | Section | Definition) -> dict[str, str]:
    """Return what stands in a part as its form sends it."""
    raw = writing.written(part)
    raw.pop("questions", None)
    raw.pop("sections", None)
    found = _flat(raw)
    required = raw.get("required")
    if isinstance(part, Question):
        found["required"] = "when" if isinstance(required, str) else "yes" if required else "no"
        found["required_when"] = required if isinstance(required, str) else ""
        found["consent"] = ":".join(each for each in (part.purpose, part.channel) if each)
    return found


def _flat(value: object, at: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return {at: "on" if value is True else str(value)}
    found: dict[str, str] = {}
    for name, each in pairs:
        found |= _flat(each, f"{at}.{name}" if at else str(name))
    return found


def _path(definition: Definition, name: str) -> str:
    for n, section in enumerate(definition.sections):
        for m, question in enumerate(section.questions):
            if question.name == name:
                return f"sections.{n}.questions.{m}"
    return ""


def _by_field(problems: Collection[Problem], at: str) -> dict[str, list[Problem]]:
    """Return problems by the field they are shown at; those of parts within this one are theirs to show."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if at and problem.path != at and not problem.path.startswith(f"{at}."):
            continue
        name = problem.path[len(at) :].lstrip(".")
        if name.startswith(("questions.", "sections")):
            continue
        found.setdefault(_SHOWN_AT.get(name, name), []).append(problem)
    return found
