"""What the pages of cases and notes show, in the reader's language."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.kernel import clock, digits
from amana.kernel.text import Language
from amana.retailer.queries import Colleague, Shop
from amana.surveys.builder import queries as builder
from amana.surveys.definition.document import Question
from amana.surveys.loop import queries
from amana.surveys.loop.queries import Found, PhotoState, Replied, Step
from amana.surveys.taken import Answer
from amana.surveys.taking.words import told

Mark: TypeAlias = Literal["", "asks", "refused", "kept"]
FACES: Final = ("one", "two", "three", "four", "five")

STATES: Final[Mapping[str, Promise]] = {
    "open": gettext_lazy("Waiting for an answer"),
    "answered": gettext_lazy("Answered"),
    "resolved": gettext_lazy("Resolved"),
    "all": gettext_lazy("All"),
}
REASONS: Final[Mapping[str, Promise]] = {
    "answered": gettext_lazy("Answered, and settled with the customer"),
    "mended": gettext_lazy("Put right in the shop"),
    "explained": gettext_lazy("Explained; nothing to put right"),
    "no_answer": gettext_lazy("No answer came back"),
    "not_ours": gettext_lazy("Not ours to change"),
    "mistake": gettext_lazy("Not meant as criticism"),
    "withdrawn": gettext_lazy("The customer no longer allows it"),
}
KINDS: Final[Mapping[str, Promise]] = {
    "opened": gettext_lazy("Opened by an answer"),
    "allowed": gettext_lazy("The customer said later who they are, or allowed more"),
    "given": gettext_lazy("Given to"),
    "taken": gettext_lazy("Taken over"),
    "note": gettext_lazy("Note among colleagues"),
    "replied": gettext_lazy("Reply sent by e-mail"),
    "not_sent": gettext_lazy("The reply was not sent"),
    "escalated": gettext_lazy("Handed up to head office"),
    "resolved": gettext_lazy("Resolved"),
    "reopened": gettext_lazy("Opened again"),
}
STEP_MARKS: Final[Mapping[str, Mark]] = {
    "opened": "asks", "replied": "kept", "not_sent": "refused", "escalated": "refused", "resolved": "kept",
}  # fmt: skip
WHY: Final[Mapping[str, Promise]] = {
    "unconfirmed": gettext_lazy(
        "It waits: the customer has not confirmed their address yet. It leaves within a minute of that,"
        " within two weeks or not at all."
    ),
    "no_carrier": gettext_lazy("It waits: no mail server is set up yet. It is tried again every minute."),
    "not_allowed": gettext_lazy("The customer no longer allows us to write to them."),
    "no_consent": gettext_lazy("The customer no longer allows us to write to them."),
    "objected": gettext_lazy("The customer objected to this use."),
    "restricted": gettext_lazy("The customer had the use of their data restricted."),
    "no_address": gettext_lazy("There is no address for this way of writing."),
    "suppressed": gettext_lazy("Their mail server refuses this address for good."),
    "expired": gettext_lazy("The address was given too long ago to be used."),
    "resolved": gettext_lazy("The case was resolved before it left."),
    "mail_failed": gettext_lazy("The mail server did not take it."),
}
ELSE_WHY: Final = gettext_lazy("The gate does not allow it to be sent.")
CHANNELS: Final[Mapping[str, Promise]] = {
    "email": gettext_lazy("e-mail"),
    "sms": gettext_lazy("text message"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "push": gettext_lazy("notification"),
}
NOTES: Final[Mapping[str, tuple[Promise, Mark]]] = {
    "draft": (gettext_lazy("Draft"), "asks"),
    "published": (gettext_lazy("Public"), "kept"),
    "withdrawn": (gettext_lazy("Taken back"), ""),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is written, and the names it needs."""

    language: Language
    country: str
    me: int
    shops: Mapping[int, Shop]
    colleagues: Mapping[int, Colleague]

    def shop(self, number: int | None) -> str:
        """Return a shop's name."""
        found = self.shops.get(number or 0)
        return found.name.in_(self.language) if found else _("On the web")

    def colleague(self, number: int | None) -> str:
        """Return a colleague's name; the machine's where nobody did it."""
        if number is None:
            return _("The system itself")
        found = self.colleagues.get(number)
        return found.name.in_(self.language) if found else _("Somebody who has left")

    def number(self, value: float) -> str:
        """Write a number in the reader's digits."""
        return digits.localise(f"{value:g}", country=self.country, language=self.language)


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list."""

    case: Found
    title: str
    shop: str
    state: str
    mark: Mark
    owner: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One question and what was answered to it."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Photo:
    """The photo of a case: the question it answers, and whether it is sealed, kept back or gone."""

    question: str
    state: PhotoState


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that happened, by whom, and what was written with it."""

    what: str
    mark: Mark
    by: str
    at: dt.datetime
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One reply as its page shows it. `seconds` are left to take it back."""

    id: UUID
    by: str
    text: str
    state: str
    mark: Mark
    why: str
    at: dt.datetime
    seconds: int
    may_undo: bool
    moving: bool


def row(found: Found, reader: Reader) -> Row:
    """Return a case as a line of a list."""
    state, mark = state_of(found)
    owner = reader.colleague(found.owner) if found.owner is not None else _("Nobody yet")
    return Row(
        found,
        title(found, reader.language),
        reader.shop(found.shop),
        state,
        mark,
        owner,
        found.owner == reader.me,
    )


def title(found: Found, language: Language) -> str:
    """Return what a case is about in a few words: the survey's own name."""
    return builder.get_version(found.version).title.in_(language)


def state_of(found: Found) -> tuple[str, Mark]:
    """Return where a case stands, and how loudly to say it."""
    if found.state != "open":
        return str(STATES[found.state]), "kept"
    if found.late:
        return _("Late"), "refused"
    return (_("Due soon") if found.soon else str(STATES["open"])), "asks"


def answers(found: Found, reader: Reader) -> tuple[Said, ...]:
    """Return what was chosen, in the words it was asked in."""
    kept, _texts = queries.answers(found)
    definition = builder.get_version(found.version).definition
    return tuple(
        Said(question.label.in_(reader.language), _chosen(question, kept[question.name], reader))
        for question in definition.questions()
        if question.name in kept
    )


def words(found: Found, said: Mapping[str, str], reader: Reader) -> tuple[Said, ...]:
    """Return what a person wrote, beside the questions."""
    definition = builder.get_version(found.version).definition
    asked = {question.name: question.label.in_(reader.language) for question in definition.questions()}
    return tuple(Said(asked.get(name, name), text) for name, text in said.items())


def photo(found: Found, reader: Reader) -> Photo | None:
    """Return what stands of a photo before it is opened; None where none was sent."""
    name, state = queries.photo(found)
    if not name:
        return None
    asked = {one.name: one.label for one in builder.get_version(found.version).definition.questions()}
    return Photo(asked[name].in_(reader.language) if name in asked else name, state)


def history(steps: Iterable[Step], reader: Reader) -> tuple[Done, ...]:
    """Return what happened, the latest first."""
    return tuple(_done(step, reader) for step in reversed(tuple(steps)))


def sent(found: Sequence[Replied], reader: Reader) -> tuple[Sent, ...]:
    """Return the replies with what became of each."""
    return tuple(_sent(one, reader) for one in found)


def _done(step: Step, reader: Reader) -> Done:
    what = str(KINDS[step.kind])
    if step.kind == "given":
        what = f"{what} {reader.colleague(step.other)}"
    text = why(step.text) if step.kind == "not_sent" else step.text
    return Done(what, STEP_MARKS.get(step.kind, ""), reader.colleague(step.staff), step.at, text)


def why(reason: str) -> str:
    """Return why a reply waits or was not sent."""
    return str(WHY.get(reason, ELSE_WHY)) if reason else ""


def _sent(one: Replied, reader: Reader) -> Sent:
    now = clock.now()
    left = max(0, round((one.leaves_at - now).total_seconds()))
    waiting = one.state == "waiting"
    fresh = waiting and not one.reason
    said: dict[str, tuple[str, Mark]] = {
        "waiting": (_("Leaves in a moment") if fresh else _("Waiting"), "asks"),
        "sending": (_("Leaving now"), "asks"),
        "sent": (_("Sent"), "kept"),
        "unsure": (_("May have arrived; it is not sent again"), "asks"),
        "refused": (_("Not sent"), "refused"),
    }
    state, mark = said[one.state]
    return Sent(
        one.id, reader.colleague(one.staff), one.text, state, mark, why(one.reason), one.settled_at or one.made_at,
        left if fresh else 0, waiting, waiting or one.state == "sending",
    )  # fmt: skip


def _chosen(question: Question, answer: Answer, reader: Reader) -> str:
    names = {choice.name: choice.label.in_(reader.language) for choice in question.choices}
    comma = "، " if reader.language == "ar" else ", "
    if isinstance(answer, list):
        return comma.join(names.get(one, one) for one in answer)
    if isinstance(answer, dict):
        rows = {one.name: one.label.in_(reader.language) for one in question.rows}
        return comma.join(f"{rows.get(name, name)}: {names.get(one, one)}" for name, one in answer.items())
    if isinstance(answer, str):
        return names.get(answer, answer)
    return _number(question, answer, reader)


def _number(question: Question, answer: float, reader: Reader) -> str:
    bounds = question.bounds
    if bounds is None:
        return reader.number(answer)
    points = _("{points} of {most}").format(points=reader.number(answer), most=reader.number(bounds[1]))
    if question.kind == "smiley":
        return f"{told(FACES[int(answer) - 1], reader.language)} ({points})"
    if question.kind == "csat":
        return f"{told(f'csat{int(answer)}', reader.language)} ({points})"
    return points
