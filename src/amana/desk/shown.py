"""What the desk's pages show, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.desk.actions import Read
from amana.desk.queries import Posted, Talk
from amana.kernel import clock, dates
from amana.kernel.text import Bilingual, reader_language
from amana.rights import shown as rights_shown
from amana.rights.queries import Asked
from amana.rights.shown import Counted, country, number

INTENTS: Mapping[str, Promise] = {
    "erase": _("Erase the account"),
    "unsubscribe": _("Stop the offers"),
    "order": _("Order"),
    "question": _("Question"),
    "unknown": _("Not recognised"),
}
# The clause of the promises that each kind of mail falls under; shown as the notice numbers it.
CLAUSES: Mapping[str, str] = {
    "erase": "R3",
    "unsubscribe": "R2",
    "order": "U5",
    "question": "R4",
    "unknown": "R4",
}
STATES: Mapping[str, Promise] = {
    "open": _("Waiting for us"),
    "waiting": _("Waiting for the customer"),
    "done": _("Done"),
}
WHY: Mapping[str, Promise] = {
    "asks_to_erase": _("It asks for data or an account to be erased."),
    "says_not_to_erase": _("It says that the account is not to be erased."),
    "asks_to_leave": _("It asks for the messages to stop."),
    "says_not_to_leave": _("It says that the messages are not to stop."),
    "names_an_order": _("It speaks of an order or a delivery."),
    "asks_something": _("It asks a question."),
    "only_supposes": _("It only asks what would happen if."),
    "nothing_recognised": _("No rule fits; please read it."),
}
FATES: Mapping[str, tuple[Promise, str]] = {
    "handed_over": (_("Sent"), "kept"),
    "unconfirmed": (_("May have arrived; it is not sent again"), "asks"),
    "bounced": (_("Came back"), "refused"),
    "failed": (_("Not sent"), "refused"),
    "sending": (_("Was being sent when the process ended"), "asks"),
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One conversation in the queue."""

    id: UUID
    label: str
    received: str
    intent: str
    tag: str
    clause: str
    state: str
    staff: str
    mine: bool
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class LetterCard:
    """One letter of a conversation; `opened` tells whether its words are shown."""

    id: UUID
    incoming: bool
    who: str
    at: str
    sender: str
    subject: str
    text: str
    quoted: str
    opened: bool
    unreadable: bool
    authenticated: bool
    automatic: bool
    fate: str
    tag: str


@dataclass(frozen=True, slots=True)
class RequestCard:
    """The request of a conversation: where it stands, and what may be done with it now."""

    id: UUID
    state: str
    tag: str
    reason: str
    opened: str
    due: str
    late: bool
    challenged: str
    confirmed: str
    certificate: str
    is_open: bool
    may_erase: bool
    may_extend: bool


def queue_rows(
    talks: Sequence[Talk], *, names: Mapping[int, Bilingual], me: int
) -> list[QueueRow]:  # fmt: skip
    """Return the lines of the queue."""
    return [_queue_row(talk, names, me) for talk in talks]


def _queue_row(talk: Talk, names: Mapping[int, Bilingual], me: int) -> QueueRow:
    written = gettext("Mail in Arabic") if talk.language == "ar" else gettext("Mail in English")
    label = gettext("Unreadable mail") if talk.unreadable else written
    return QueueRow(
        id=talk.id,
        label=gettext("Erased") if talk.erased else label,
        received=ago(talk.received_at),
        intent=gettext("Offers stopped")
        if talk.unsubscribed and talk.state == "done"
        else str(INTENTS[talk.intent]),
        tag=_tag(talk),
        clause=CLAUSES[talk.intent],
        state=str(STATES[talk.state]),
        staff=_name(talk.staff, names),
        mine=talk.staff == me,
        due=gettext("Done") if talk.state == "done" else ago(talk.due_at),
        late=talk.state == "open" and talk.due_at < clock.now(),
    )


def _tag(talk: Talk) -> str:
    if talk.unsubscribed and talk.state == "done":
        return "kept"
    return "asks" if talk.intent == "erase" else ""


def counted(found: Mapping[str, int]) -> tuple[Counted, ...]:
    """Return the figures above the queue."""
    return tuple(Counted(str(label), number(found.get(state, 0))) for state, label in STATES.items())


def ago(at: datetime) -> str:
    """Write how long ago or how far off a moment is."""
    return dates.relative(at, now=clock.now(), country=country(), language=reader_language())


def why(talk: Talk) -> list[str]:
    """Return the reasons for what was recognised, as sentences."""
    return [str(WHY[code]) for code in talk.why if code in WHY]


def cards(letters: Sequence[Read], *, names: Mapping[int, Bilingual]) -> list[LetterCard]:
    """Return the letters of a conversation in their order."""
    return [_card(read, names) for read in letters]


def _card(read: Read, names: Mapping[int, Bilingual]) -> LetterCard:
    letter = read.letter
    fate, tag = FATES.get(letter.fate, ("", ""))
    return LetterCard(
        id=letter.id,
        incoming=letter.incoming,
        who=_who(letter, names),
        at=rights_shown.moment(letter.at),
        sender=read.sender,
        subject=read.subject if read.subject != "-" else "",
        text=read.text,
        quoted=read.quoted,
        opened=bool(read.raw) and (letter.readable or not letter.incoming),
        unreadable=bool(read.raw) and letter.incoming and not (read.sender or read.text),
        authenticated=letter.authenticated,
        automatic=letter.automatic,
        fate=str(fate),
        tag=tag,
    )


def _who(letter: Posted, names: Mapping[int, Bilingual]) -> str:
    if letter.incoming:
        return gettext("The customer")
    return gettext("Automatic answer") if letter.automatic else _name(letter.staff, names)


def _name(staff: int | None, names: Mapping[int, Bilingual]) -> str:
    if staff is None:
        return gettext("Nobody yet")
    name = names.get(staff)
    return name.in_(reader_language()) if name is not None else str(staff)


def request_card(asked: Asked, *, may_extend: bool = False) -> RequestCard:
    """Return what the page shows of a request, and whether the reader may put it off."""
    row = rights_shown.request_row(asked)
    return RequestCard(
        id=asked.id,
        state=row.state,
        tag=row.tag,
        reason=row.reason,
        opened=row.opened,
        due=row.due,
        late=row.late,
        challenged=rights_shown.moment(asked.challenged_at) if asked.challenged_at else "",
        confirmed=rights_shown.moment(asked.confirmed_at) if asked.confirmed_at else "",
        certificate=asked.certificate,
        is_open=asked.is_open,
        may_erase=asked.state == "confirmed",
        may_extend=may_extend,
    )
