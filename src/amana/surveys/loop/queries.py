"""Read cases, replies and notes, each as far as a member of staff may see: managers their own shops, service all."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from amana.kernel import clock
from amana.kernel.text import Language, find_language
from amana.retailer import queries as retailer
from amana.retailer.queries import Colleague, Shop, StaffSession
from amana.surveys.definition.document import Text
from amana.surveys.loop.refusals import LoopRefused
from amana.surveys.models import Candidate, Case, CaseStep, Improvement, Reply, Response
from amana.surveys.photo import PHOTO
from amana.surveys.taken import Answer

MOST: Final = 200
VIEWS: Final = ("open", "answered", "resolved", "all")
WHOSE: Final = ("", "mine", "nobody")
SOON: Final = dt.timedelta(hours=12)
State = Case.State
PhotoState: TypeAlias = Literal["sealed", "kept", "gone"]


@dataclass(frozen=True, slots=True)
class Found:
    """One case. `known` tells whether its person can still be reached at all; `late` that its deadline is past."""

    id: UUID
    response: UUID
    survey: int
    version: int
    shop: int | None
    language: Language
    known: bool
    words: bool
    channels: tuple[str, ...]
    severity: str
    state: str
    resolution: str
    owner: int | None
    opened_at: dt.datetime
    due_at: dt.datetime
    escalated_at: dt.datetime | None
    resolved_at: dt.datetime | None

    @property
    def late(self) -> bool:
        """Tell whether nobody answered in time."""
        return self.state == State.OPEN and self.due_at < clock.now()

    @property
    def soon(self) -> bool:
        """Tell whether little time is left."""
        return self.state == State.OPEN and not self.late and self.due_at - clock.now() < SOON


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened in a case."""

    kind: str
    staff: int | None
    other: int | None
    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Replied:
    """One reply and what became of it."""

    id: UUID
    staff: int
    channel: str
    text: str
    state: str
    reason: str
    made_at: dt.datetime
    leaves_at: dt.datetime
    settled_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Note:
    """What a shop says it changed."""

    id: int
    shop: int
    text: Text
    state: str
    written_by: int
    written_at: dt.datetime
    published_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases a list is asked for."""

    view: str = "open"
    whose: str = ""
    shop: int | None = None
    grave: bool = False
    late: bool = False


def asked(given: Mapping[str, str]) -> Asked:
    """Read what a list is asked for; what cannot be read is left at what is usual."""
    view, whose, shop = given.get("view", ""), given.get("whose", ""), given.get("shop", "")
    return Asked(
        view if view in VIEWS else "open",
        whose if whose in WHOSE else "",
        int(shop) if shop.isascii() and shop.isdigit() and len(shop) < 19 else None,
        given.get("grave") == "on",
        given.get("late") == "on",
    )


def cases(staff: StaffSession, wanted: Asked, *, most: int = MOST) -> tuple[Found, ...]:
    """Return the cases somebody may see, the most pressing first; resolved ones the latest first."""
    rows = _whose(_visible(staff), staff, wanted)
    if wanted.view != "all":
        rows = rows.filter(state=wanted.view)
    if wanted.shop is not None:
        rows = rows.filter(shop=wanted.shop)
    if wanted.grave:
        rows = rows.filter(severity=Case.Severity.GRAVE)
    if wanted.late:
        rows = rows.filter(state=State.OPEN, due_at__lt=clock.now())
    order = ("-resolved_at", "id") if wanted.view == "resolved" else ("-state", "due_at", "id")
    return tuple(map(_found, rows.order_by(*order)[:most]))


def _whose(rows: "QuerySet[Case]", staff: StaffSession, wanted: Asked) -> "QuerySet[Case]":
    if wanted.whose == "mine":
        return rows.filter(owner=staff.staff)
    return rows.filter(owner=None) if wanted.whose == "nobody" else rows


def get(staff: StaffSession, number: UUID) -> Found:
    """Return one case. Raises LoopRefused case_unknown, also for one of another's shop."""
    return _found(row(staff, number))


def row(staff: StaffSession, number: UUID, *, locked: bool = False) -> Case:
    """Return a case's row, `locked` within the caller's transaction. Raises LoopRefused case_unknown."""
    rows = _visible(staff)
    found = (rows.select_for_update() if locked else rows).filter(pk=number).first()
    if found is None:
        raise LoopRefused.of("case_unknown")
    return found


def answers(found: Found) -> tuple[Mapping[str, Answer], tuple[str, ...]]:
    """Return what was chosen, and the names of the questions answered in words; nothing once they are deleted."""
    kept = Response.objects.filter(pk=found.response).values_list("answers", "texts").first()
    return (kept[0], tuple(kept[1])) if kept else ({}, ())


def photo(found: Found) -> tuple[str, PhotoState]:
    """Return which question was answered with a photo, and whether it is sealed, kept back or gone; none: ""."""
    asked = Response.objects.filter(pk=found.response).values_list("photo", flat=True).first() or ""
    judged = set(
        Candidate.objects.filter(response=found.response, field=PHOTO).values_list("state", flat=True)
    )
    if judged & {Candidate.State.FOUND, Candidate.State.HELD}:
        return asked, "kept"
    return asked, "gone" if Candidate.State.PURGED in judged else "sealed"


def steps(number: UUID) -> tuple[Step, ...]:
    """Return what happened in a case, the first first."""
    rows = CaseStep.objects.filter(case=number).order_by("at", "id")
    return tuple(Step(one.kind, one.staff, one.other, one.text, one.at) for one in rows)


def replies(number: UUID) -> tuple[Replied, ...]:
    """Return a case's replies, the first first; those taken back are left out."""
    rows = Reply.objects.filter(case=number).exclude(state=Reply.State.UNDONE).order_by("made_at")
    return tuple(
        Replied(
            one.pk, one.staff, one.channel, one.text, one.state, one.reason, one.made_at, one.leaves_at,
            one.settled_at,
        )
        for one in rows
    )  # fmt: skip


def waiting(staff: StaffSession) -> int:
    """Return how many cases wait for somebody to answer."""
    return _visible(staff).filter(state=State.OPEN).count()


def shops(staff: StaffSession) -> tuple[Shop, ...]:
    """List the open shops whose cases somebody may see."""
    return tuple(one for one in retailer.shops() if staff.shops is None or one.id in staff.shops)


def colleagues(staff: StaffSession, shop: int | None) -> tuple[Colleague, ...]:
    """List who may be given a shop's case, by name."""
    may = {one.id for one in retailer.to_tell(session=settings.AMANA_SYSTEM_TOKEN, shop=shop)}
    return tuple(one for one in retailer.colleagues(session=staff.token) if one.active and one.id in may)


def notes(shop_numbers: Collection[int] | None, *, most: int = 100) -> tuple[Note, ...]:
    """Return the notes of these shops (None: of all), the newest first."""
    rows = (
        Improvement.objects.all()
        if shop_numbers is None
        else Improvement.objects.filter(shop__in=shop_numbers)
    )
    return tuple(map(_note, rows.order_by("-written_at", "-id")[:most]))


def published(shop: int, *, most: int = 50) -> tuple[Note, ...]:
    """Return what a shop has published and not withdrawn, the newest first."""
    rows = Improvement.objects.filter(shop=shop, state=Improvement.State.PUBLISHED)
    return tuple(map(_note, rows.order_by("-published_at", "-id")[:most]))


def note_row(staff: StaffSession, number: int, *, locked: bool = False) -> Improvement:
    """Return a note's row. Raises LoopRefused improvement_unknown, also for one of another's shop."""
    rows = Improvement.objects.select_for_update() if locked else Improvement.objects.all()
    found = rows.filter(pk=number).first()
    if found is None or not may_see(staff, found.shop):
        raise LoopRefused.of("improvement_unknown")
    return found


def may_see(staff: StaffSession, shop: int) -> bool:
    """Tell whether a shop is among somebody's."""
    return staff.shops is None or shop in staff.shops


def _visible(staff: StaffSession) -> "QuerySet[Case]":
    return Case.objects.all() if staff.shops is None else Case.objects.filter(Q(shop__in=staff.shops))


def _found(one: Case) -> Found:
    return Found(
        id=one.pk,
        response=one.response,
        survey=one.survey,
        version=one.version,
        shop=one.shop,
        language=find_language(one.language) or "ar",
        known=one.customer is not None,
        words=one.words,
        channels=tuple(one.channels),
        severity=one.severity,
        state=one.state,
        resolution=one.resolution,
        owner=one.owner,
        opened_at=one.opened_at,
        due_at=one.due_at,
        escalated_at=one.escalated_at,
        resolved_at=one.resolved_at,
    )


def _note(one: Improvement) -> Note:
    return Note(
        one.pk, one.shop, Text(ar=one.text_ar, en=one.text_en), one.state, one.written_by, one.written_at,
        one.published_at,
    )  # fmt: skip
