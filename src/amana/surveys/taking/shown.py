"""A survey as its page without scripts shows it: the same pieces the runner draws, in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from amana.kernel import digits, phones
from amana.kernel.text import Language
from amana.surveys import places
from amana.surveys.definition.compiling import Form
from amana.surveys.logic import flow
from amana.surveys.taking.reading import Posted, Question
from amana.surveys.taking.words import told

SCALES: Final = frozenset({"rating", "nps", "csat", "smiley"})
GROUPED: Final = frozenset({"single", "multiple", "matrix", "contact", "photo"}) | SCALES
FACES: Final = ("one", "two", "three", "four", "five")
# How a browser helps to write each particular, by the contact field's name.
INPUTS: Final[Mapping[str, Mapping[str, str]]] = {
    "name": {"type": "text", "autocomplete": "name"},
    "email": {"type": "email", "inputmode": "email", "autocomplete": "email", "dir": "ltr"},
    "mobile": {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "dir": "ltr"},
    "phone": {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "dir": "ltr"},
    "birth_date": {"type": "text", "inputmode": "numeric", "autocomplete": "bday", "dir": "ltr"},
    "address": {"type": "text", "autocomplete": "street-address"},
    "number": {"type": "text", "inputmode": "decimal", "dir": "ltr"},
    "date": {"type": "text", "inputmode": "numeric", "dir": "ltr"},
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a matrix, or one particular of a contact block."""

    name: str
    label: str
    options: tuple[Option, ...] = ()
    value: str = ""
    error: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One question. `group` says whether it needs a legend; `conditional` that it is not for everybody."""

    name: str
    id: str
    kind: str
    label: str
    hint: str
    required: bool
    conditional: bool
    error: str
    group: bool
    options: tuple[Option, ...] = ()
    lines: tuple[Line, ...] = ()
    value: str = ""
    low: str = ""
    high: str = ""
    detail: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    steps: int = 0
    first: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One section."""

    title: str
    questions: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Draws one form in one language, with what was typed and what was wrong with it."""

    form: Form
    language: Language
    posted: Posted
    seed: str

    def parts(self) -> tuple[Part, ...]:
        """Return the sections with all their questions: without scripts nothing appears later."""
        return tuple(
            Part(
                self.text(section["title"]),
                tuple(self._question(one, section) for one in section["questions"]),
            )
            for section in self.form["sections"]
            if section["questions"]
        )

    def text(self, label: Any) -> str:
        """Return a text with earlier answers in it."""
        return flow.text(self.form, label, self.posted.answers, language=self.language) if label else ""

    def digits(self, number: int) -> str:
        """Return a number in the digits of the reader's country."""
        return digits.format_number(number, country=self.form["country"], language=self.language)

    def _question(self, question: Question, section: Question) -> Shown:
        kind, identity = question["kind"], f"q.{question['name']}"
        drawn = getattr(self, f"_{self._drawing(kind)}")(question, identity)
        return Shown(
            name=question["name"],
            id=identity,
            kind=kind,
            label=drawn.pop("label", None) or self.text(question["label"]),
            hint=self.text(question.get("hint")),
            required=question.get("required") is True,
            conditional=bool(question.get("relevant") or section.get("relevant")),
            error=self.posted.wrong.get(identity, ""),
            group=kind in GROUPED,
            **drawn,
        )

    def _drawing(self, kind: str) -> str:
        if kind in SCALES:
            return "scale"
        return (
            kind
            if kind in ("matrix", "contact", "consent")
            else "chosen"
            if kind in ("single", "multiple")
            else "typed"
        )

    def _typed_in(self, name: str) -> str:
        return next(iter(self.posted.typed.get(name, [])), "")

    def _options(self, choices: Sequence[Question], name: str) -> tuple[Option, ...]:
        given = self.posted.typed.get(name, [])
        return tuple(Option(one["name"], self.text(one["label"]), one["name"] in given) for one in choices)

    def _chosen(self, question: Question, name: str) -> dict[str, Any]:
        return {"options": self._options(flow.ordered(question, self.seed), name)}

    def _scale(self, question: Question, name: str) -> dict[str, Any]:
        given = self.posted.typed.get(name, [])
        steps = range(int(question["least"]), int(question["most"]) + 1)
        ends = question.get("ends") or {}
        return {
            "options": tuple(
                Option(str(step), self._step(question["kind"], step), str(step) in given) for step in steps
            ),
            "steps": len(steps),
            "low": self.text(ends.get("low")),
            "high": self.text(ends.get("high")),
        }

    def _step(self, kind: str, step: int) -> str:
        if kind == "smiley":
            return told(FACES[step - 1], self.language)
        return told(f"csat{step}", self.language) if kind == "csat" else self.digits(step)

    def _matrix(self, question: Question, name: str) -> dict[str, Any]:
        return {
            "lines": tuple(
                Line(
                    f"{name}.{row['name']}",
                    self.text(row["label"]),
                    self._options(question["choices"], f"{name}.{row['name']}"),
                )
                for row in question["rows"]
            )
        }

    def _contact(self, question: Question, name: str) -> dict[str, Any]:
        return {"lines": tuple(self._particular(one, f"{name}.{one}") for one in question["fields"])}

    def _particular(self, one: str, name: str) -> Line:
        many = sorted(self.form["options"].get(one, ()), key=self._place)
        return Line(
            name=name,
            label=self._called(one),
            options=self._options(many, name),
            value=self._typed_in(name),
            error=self.posted.wrong.get(name, ""),
            attributes=self._attributes(one),
            prefix=self._prefix(one),
        )

    def _place(self, option: Mapping[str, Any]) -> int:
        # What has no place of its own stays where it is.
        return int(option["order"][self.language]) if "order" in option else 0

    def _called(self, one: str) -> str:
        # What a mobile number is called differs from country to country.
        if one == "mobile":
            return places.mobile_label(self.form["country"], self.language)
        return str(self.form["fields"][one][self.language])

    def _attributes(self, one: str) -> Mapping[str, str]:
        found = dict(INPUTS.get(one, {"type": "text", "autocomplete": "off"}))
        return found | {"placeholder": told("day", self.language)} if one in ("birth_date", "date") else found

    def _prefix(self, one: str) -> str:
        return phones.calling_code(self.form["country"]) if one in ("mobile", "phone") else ""

    def _consent(self, question: Question, name: str) -> dict[str, Any]:
        wanted = (question["purpose"], question.get("channel"))
        found = next(one for one in self.form["consents"] if (one["purpose"], one["channel"]) == wanted)
        return {
            "label": str(found["text"][self.language]),
            "detail": str(found["detail"][self.language]),
            "options": (Option("on", "", bool(self._typed_in(name))),),
            "first": question["name"] == self._first_consent(),
        }

    def _first_consent(self) -> str:
        every = (one for section in self.form["sections"] for one in section["questions"])
        return next(str(one["name"]) for one in every if one["kind"] == "consent")

    def _typed(self, question: Question, name: str) -> dict[str, Any]:
        kind = question["kind"]
        particular = (question.get("category") or "mobile") if kind == "phone" else kind
        return {
            "value": self._typed_in(name),
            "attributes": self._attributes(particular),
            "prefix": self._prefix(particular),
        }
