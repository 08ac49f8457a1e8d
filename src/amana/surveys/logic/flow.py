"""Walk a form with the answers so far: what is asked, what is missing, what breaks a rule.

A question is asked when its section's and its own condition hold over the answers to what is asked before it; an answer
to what is not asked counts for nothing, so that nobody is led by an answer they can no longer see.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from amana.kernel.text import Language
from amana.surveys.logic.evaluation import Answers, holds
from amana.surveys.logic.values import Value, as_text
from amana.surveys.taken import Answer

Form: TypeAlias = Mapping[str, Any]
# Kinds whose answer counts something that may be bounded.
_BOUNDED: Final = frozenset({"number", "multiple"})
_COMMA: Final = {"ar": "، ", "en": ", "}


@dataclass(slots=True)
class Flow:
    """What is asked now. `sections` are those asked, each with the questions asked, in the order this person sees.

    `kept` are the answers to what is asked; `missing` names what has to be answered and is not; `broken` gives for each
    answer that breaks a rule the message of that rule, if it has one.
    """

    sections: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[str, Answer] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    broken: dict[str, Any] = field(default_factory=dict)


def flow(form: Form, answers: Answers, *, today: date, seed: str) -> Flow:
    """Return what a form asks of somebody who gave these answers; `seed` settles the order of what is shuffled."""
    found = Flow()
    for section in form["sections"]:
        if not _relevant(section, found.kept, today):
            continue
        asked = [each for each in section["questions"] if _asked(each, answers, found.kept, today)]
        if asked:
            shown = shuffled(asked, f"{seed}:{section['name']}") if section.get("shuffled") else asked
            found.sections.append({**section, "questions": shown})
    for question in _questions(found):
        _judge(question, found, today)
    return found


def kept(form: Form, answers: Answers, *, today: date) -> dict[str, Answer]:
    """Return the answers to what is asked, without those to what is not."""
    return flow(form, answers, today=today, seed="").kept


def ordered(question: Form, seed: str) -> Sequence[Any]:
    """Return a question's choices in the order this person sees; an exclusive one keeps its place at the end."""
    choices: list[Any] = list(question.get("choices") or ())
    if not question.get("shuffled"):
        return choices
    free = [each for each in choices if not each.get("exclusive")]
    last = [each for each in choices if each.get("exclusive")]
    return [*shuffled(free, f"{seed}:{question['name']}"), *last]


def text(form: Form, label: Form, answers: Answers, *, language: Language) -> str:
    """Return a text in one language, with earlier answers as people chose them."""
    said = label.get(language) or ""
    if isinstance(said, str):
        return said
    by_name = {each["name"]: each for section in form["sections"] for each in section["questions"]}
    parts = (
        str(part[1])
        if part[0] == "text"
        else _shown(by_name.get(part[1]), answers.get(part[1], ""), language)
        for part in said[1:]
    )
    return "".join(parts)


def shuffled(items: Sequence[Any], seed: str) -> list[Any]:
    """Return items in an order that the seed settles: Fisher and Yates by a generator both evaluators have."""
    made = list(items)
    draw = _mulberry(_fnv(seed))
    for last in range(len(made) - 1, 0, -1):
        other = next(draw) % (last + 1)
        made[last], made[other] = made[other], made[last]
    return made


def _relevant(part: Form, known: Answers, today: date) -> bool:
    condition = part.get("relevant")
    return condition is None or holds(condition, known, today=today)


def _asked(question: Form, answers: Answers, known: dict[str, Answer], today: date) -> bool:
    if not _relevant(question, known, today):
        return False
    given = answers.get(question["name"])
    if given is not None and answered(given):
        known[question["name"]] = given
    return True


def answered(value: Answer) -> bool:
    """Tell whether an answer is one at all: an empty text or an empty choice is none."""
    return value not in ("", [], {}) and value is not False


def _questions(found: Flow) -> Iterator[Any]:
    for section in found.sections:
        yield from section["questions"]


def _judge(question: Form, found: Flow, today: date) -> None:
    name = question["name"]
    if question["kind"] == "note":
        return
    if name not in found.kept:
        if _required(question, found.kept, today):
            found.missing.append(name)
        return
    given = found.kept[name]
    rule = question.get("constraint")
    if _outside(question, given) or (
        rule is not None and not holds(rule, found.kept, this=given, today=today)
    ):
        found.broken[name] = question.get("message")


def _required(question: Form, known: Answers, today: date) -> bool:
    rule = question.get("required")
    return rule if isinstance(rule, bool) else rule is not None and holds(rule, known, today=today)


def _outside(question: Form, given: Answer) -> bool:
    if question["kind"] not in _BOUNDED:
        return False
    count = len(given) if isinstance(given, list) else given
    if isinstance(count, bool) or not isinstance(count, int | float):
        return True
    least, most = question.get("least"), question.get("most")
    return (least is not None and count < least) or (most is not None and count > most)


def _shown(question: Form | None, value: Value, language: Language) -> str:
    if question is None:
        return as_text(value)
    names = {each["name"]: each["label"] for each in question.get("choices") or ()}
    if isinstance(value, list):
        return _COMMA[language].join(_label(names, each, language) for each in value)
    return _label(names, value, language) if isinstance(value, str) else as_text(value)


def _label(names: Mapping[str, Any], value: str, language: Language) -> str:
    said = names.get(value, {}).get(language)
    return said if isinstance(said, str) and said else value


_MASK: Final = 0xFFFFFFFF


def _fnv(seed: str) -> int:
    """Return the 32-bit FNV-1a hash of a text in UTF-8."""
    made = 0x811C9DC5
    for byte in seed.encode():
        made = ((made ^ byte) * 0x01000193) & _MASK
    return made


def _mulberry(state: int) -> Iterator[int]:
    """Draw 32-bit numbers by the generator known as mulberry32."""
    while True:
        state = (state + 0x6D2B79F5) & _MASK
        mixed = ((state ^ (state >> 15)) * (state | 1)) & _MASK
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & _MASK)) & _MASK
        yield (mixed ^ (mixed >> 14)) & _MASK
