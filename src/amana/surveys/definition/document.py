"""A survey's definition as frozen records. A draft may lack texts and rules; `checking` tells what it lacks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from amana.kernel.text import Language

FORMAT: Final = 1

Kind: TypeAlias = Literal[
    "single", "multiple", "matrix", "rating", "nps", "csat", "smiley", "number", "date", "phone", "email",
    "short_text", "long_text", "photo", "consent", "contact", "note",
]  # fmt: skip
About: TypeAlias = Literal["dislike", "like", "wanted", "size", "other"]

# What is chosen or counted, and so may be kept open; everything else is a person's and is sealed.
CLOSED: Final = frozenset(
    {"single", "multiple", "matrix", "rating", "nps", "csat", "smiley", "number", "date"}
)
CHOOSING: Final = frozenset({"single", "multiple", "matrix"})
WORDS: Final = frozenset({"short_text", "long_text"})
# Kinds whose answer is one number on a scale: its least and its most (a rating's most is its steps).
SCALES: Final = {"rating": (1, 5), "nps": (0, 10), "csat": (1, 5), "smiley": (1, 5)}
STEPS: Final = (2, 10)
# The policy's categories a kind may be bound to, the first being what it is bound to by default.
BOUND: Final = {
    "phone": ("mobile", "phone"),
    "email": ("email",),
    "short_text": ("opinion",),
    "long_text": ("opinion",),
    "photo": ("receipt_photo",),
    "date": ("birth_date",),
}


@dataclass(frozen=True, slots=True)
class Text:
    """What is said in each language; a draft may still lack either."""

    ar: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.ar.strip() or self.en.strip())

    @property
    def whole(self) -> bool:
        """Tell whether both languages are written."""
        return bool(self.ar.strip() and self.en.strip())

    def in_(self, language: Language) -> str:
        """Return the text in one language, empty where it is not written."""
        return self.ar if language == "ar" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to choose; an exclusive one excludes all others."""

    name: str
    label: Text = Text()
    exclusive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a matrix, answered by one of its choices."""

    name: str
    label: Text = Text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """What the least and the most of a scale mean."""

    low: Text = Text()
    high: Text = Text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `required`, `relevant` and `constraint` may be expressions over earlier answers.

    `least` and `most` bound a number, or how many may be chosen; `category` is what the policy calls the answer.
    """

    name: str
    kind: Kind
    label: Text = Text()
    hint: Text | None = None
    required: bool | str = False
    relevant: str | None = None
    constraint: str | None = None
    message: Text | None = None
    choices: tuple[Choice, ...] = ()
    shuffled: bool = False
    rows: tuple[Row, ...] = ()
    least: float | None = None
    most: float | None = None
    steps: int | None = None
    ends: Ends | None = None
    category: str | None = None
    fields: tuple[str, ...] = ()
    purpose: str | None = None
    channel: str | None = None
    about: About | None = None

    @property
    def closed(self) -> bool:
        """Tell whether the answer may be kept open; a date that is somebody's birth date may not."""
        return self.kind in CLOSED and self.category is None

    @property
    def asks(self) -> bool:
        """Tell whether there is anything to answer."""
        return self.kind != "note"

    @property
    def bounds(self) -> tuple[int, int] | None:
        """Return the least and the most of a scale, or None where the answer is no number on a scale."""
        if self.kind == "rating":
            return 1, self.steps or SCALES["rating"][1]
        return SCALES.get(self.kind)

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the policy's categories this question asks for."""
        return self.fields if self.kind == "contact" else (self.category,) if self.category else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions shown together, in an order of their own for everybody where they are shuffled."""

    name: str
    title: Text = Text()
    relevant: str | None = None
    shuffled: bool = False
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many answers of one sort are wanted at `most`, and what is said to those who come after."""

    name: str
    when: str = ""
    most: int = 0
    message: Text = Text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A whole survey. `alert` is the expression that marks a dissatisfied answer."""

    title: Text = Text()
    intro: Text = Text()
    thanks: Text = Text()
    keeps_unfinished: bool = False
    alert: str | None = None
    quotas: tuple[Quota, ...] = ()
    sections: tuple[Section, ...] = field(default=())

    def questions(self) -> Iterator[Question]:
        """Return every question in its written order."""
        for section in self.sections:
            yield from section.questions

    def find(self, name: str) -> Question | None:
        """Return the question of that name, or None."""
        return next((question for question in self.questions() if question.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all questions that are answered, in order."""
        return tuple(question.name for question in self.questions() if question.asks)

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the policy's categories asked for, each once, in order."""
        return tuple(dict.fromkeys(name for question in self.questions() for name in question.categories))
