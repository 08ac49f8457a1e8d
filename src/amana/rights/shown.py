"""What the pages of requests and certificates show, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.kernel import clock, dates, digits
from amana.kernel.text import Language, reader_language
from amana.policy import queries as policy
from amana.rights.models import Request
from amana.rights.queries import Asked, Issued

State = Request.State
STATES: Mapping[str, tuple[Promise, str]] = {
    State.RECEIVED: (_("No confirmed owner of this address"), ""),
    State.CHALLENGED: (_("Waiting for the owner to confirm"), "asks"),
    State.CONFIRMED: (_("Confirmed by the owner of the address"), "asks"),
    State.CARRIED_OUT: (_("Carried out"), "kept"),
    State.EXPIRED: (_("Lapsed: not confirmed in time"), ""),
    State.REFUSED: (_("Refused"), "refused"),
}
REASONS: Mapping[str, Promise] = {
    "not_confirmed": _("The owner of the address did not confirm it"),
    "withdrawn": _("The customer took the request back"),
    "not_a_request": _("It was not a request to erase"),
    "law_keeps": _("The law makes us keep the data for now"),
}

EXTENSIONS: Mapping[str, Promise] = {
    "complex": _("It takes unusual effort to carry out"),
    "many": _("The customer has made many requests"),
}


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request in a list."""

    id: UUID
    conversation: UUID | None
    state: str
    tag: str
    reason: str
    opened: str
    due: str
    late: bool
    certificate: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure with its label."""

    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Line:
    """What went from one room, or what the law keeps there."""

    text: str
    rows: str


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """A certificate as its page shows it."""

    number: str
    brand: str
    requested_on: str
    erased_at: str
    verdict: str
    sound: bool
    gone: tuple[Line, ...]
    kept: tuple[Line, ...]
    backups: str
    entry: str
    journal: int
    position: str
    sealed: bool


def country() -> str:
    """Return the country whose clocks and digits the pages follow."""
    return policy.current().policy.controller.country


def number(count: int) -> str:
    """Write a count in the reader's digits."""
    return digits.format_number(count, country=country(), language=reader_language())


def moment(at: datetime) -> str:
    """Write a day and time."""
    return dates.long_moment(at, country=country(), language=reader_language())


def day(at: datetime) -> str:
    """Write a day where the retailer's clocks stand."""
    here = at.astimezone(clock.zone(country())).date()
    return dates.long_date(here, country=country(), language=reader_language())


def request_row(asked: Asked) -> RequestRow:
    """Return one line of a list of requests."""
    label, tag = STATES[State(asked.state)]
    language = reader_language()
    return RequestRow(
        id=asked.id,
        conversation=asked.conversation,
        state=str(label),
        tag=tag,
        reason=str(REASONS.get(asked.reason, "")),
        opened=dates.relative(asked.opened_at, now=clock.now(), country=country(), language=language),
        due=day(asked.due_at),
        late=asked.is_open and asked.due_at < clock.now(),
        certificate=asked.certificate,
    )


def counted(found: Mapping[str, int], labels: Mapping[str, object]) -> tuple[Counted, ...]:
    """Return figures with labels, in the labels' order; what does not occur is left out."""
    return tuple(
        Counted(str(label), number(found[key])) for key, label in labels.items() if found.get(key, 0)
    )


def certificate_page(issued: Issued) -> CertificatePage:
    """Return what a certificate's page shows."""
    said, language = issued.content, reader_language()
    inclusion = issued.inclusion
    return CertificatePage(
        number=issued.number,
        brand=said["controller"][language],
        requested_on=day(datetime.fromisoformat(said["requested_on"] + "T12:00:00+00:00")),
        erased_at=moment(datetime.fromisoformat(said["erased_at"])),
        verdict=_verdict(said["record_before"]),
        sound=said["record_before"] == "sound",
        gone=_lines(said["gone"], language),
        kept=_lines(said["kept"], language),
        backups=_backups(said["last_backup_expires_at"]),
        entry=said["ledger_entry"],
        journal=said["journal"],
        position="" if inclusion is None else f"{inclusion.index} / {inclusion.checkpoint.size}",
        sealed=inclusion is not None and inclusion.holds(),
    )


def _lines(found: list[Mapping[str, Any]], language: Language) -> tuple[Line, ...]:
    return tuple(
        Line(one[language], "" if one.get("rows") is None else number(int(one["rows"]))) for one in found
    )


def _verdict(found: str) -> str:
    if found == "sound":
        return gettext("Checked whole before the erasure: sound")
    return gettext("Checked before the erasure: something in the record did not fit, and this is recorded")


def _backups(last: str | None) -> str:
    if last is None:
        return gettext("No backup holds the key.")
    return gettext("The last backup that holds the key is deleted on {day}.").format(
        day=day(datetime.fromisoformat(last))
    )
