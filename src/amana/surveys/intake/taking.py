"""Take answers in: open what waits, judge it, keep it, and delete the envelope in the same transaction."""

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db import Error, InterfaceError, OperationalError, connection, transaction

from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.ledger import actions as ledger
from amana.surveys.intake import bearings, envelope, keeping, keys
from amana.surveys.intake.judging import Judged, judge
from amana.surveys.intake.refusals import AnswerRefused
from amana.surveys.intake.submission import Submission
from amana.surveys.models import Envelope, Refused, Response
from amana.surveys.taken import Taken

log = logging.getLogger(__name__)

BATCH: Final = 200
PATIENCE_SECONDS: Final = 30.0
# Refusals that say nothing of the answer: it waits until they are over.
UNAVAILABLE: Final = 503
FAULT: Final = "answer_not_taken"
LONGEST_WAIT: Final = timedelta(minutes=15)
# A connection that went, a full disk, a deadlock, a limit of time: the next try may meet none of it.
PASSING: Final = (OperationalError, InterfaceError)
_WAITING: Final = """SELECT id, sealed, device, received_at FROM public.surveys_envelope
ORDER BY received_at, id LIMIT %s FOR UPDATE SKIP LOCKED"""
_KNOWN: Final = """SELECT key FROM public.surveys_response WHERE key = ANY (%s::uuid[])
UNION SELECT key FROM public.surveys_refused WHERE key = ANY (%s::uuid[])"""
_DONE: Final = "DELETE FROM public.surveys_envelope WHERE id = ANY (%s::uuid[])"
_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 4))"


class Waiting(NamedTuple):
    """One envelope that waits."""

    id: UUID
    sealed: bytes
    device: UUID | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of what waited: how many were taken in, had come before, and were refused by reason."""

    taken: int = 0
    repeated: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def settled(self) -> int:
        """Return how many envelopes no longer wait."""
        return self.taken + self.repeated + sum(self.refused.values())

    def __add__(self, other: "TakenIn") -> "TakenIn":
        refused = dict(Counter(self.refused) + Counter(other.refused))
        return TakenIn(self.taken + other.taken, self.repeated + other.repeated, refused)


class _Fallen(NamedTuple):
    """One envelope that fell over a fault of ours: since when it waits, and whether the fault may pass by itself."""

    id: UUID
    since: datetime
    passing: bool


@dataclass(frozen=True, slots=True)
class TakenOne:
    """One answer taken in at once: its response, and whom it was admitted as where it told of somebody."""

    response: UUID
    customer: CustomerId | None


def take_in(*, batch: int = BATCH, seconds: float = float("inf")) -> TakenIn:
    """Take in what waits, `batch` envelopes to a transaction, until nothing does or so long; return the counts.

    What cannot be taken in goes to the refused, sealed as it came. Raises Refusal where nothing may be taken in now.
    """
    total = TakenIn()
    end = time.monotonic() + seconds
    while True:
        made = take_some(batch)
        total += made
        if made.settled < batch or time.monotonic() > end:
            return total


def try_again(*, key: UUID, staff: int) -> bool:
    """Let a refused envelope wait once more, as after a fault was mended; False where it is not among the refused."""
    with transaction.atomic():
        found = Refused.objects.select_for_update().filter(pk=key).first()
        if found is None:
            return False
        Envelope.objects.create(
            pk=key, sealed=bytes(found.sealed), device=found.device, received_at=found.received_at
        )
        found.delete()
        ledger.note(event="surveys.tried_again", payload={"envelope": str(key), "staff": staff})
        return True


def take_one(submission: Submission) -> TakenOne:
    """Take in one answer that was posted as a plain form; the same number again changes nothing.

    Raises AnswerRefused, GateRefused, and the refusals of whatever cannot be read of a person.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ALONE, [str(submission.id)])
        known = Response.objects.filter(key=submission.id).values_list("id", "customer").first()
        if known is not None:
            return TakenOne(known[0], None if known[1] is None else CustomerId(known[1]))
        by = bearings.read([submission], [])
        judged = judge(submission, by, device=None, received_at=clock.now(), strictly=True)
        [taken] = keeping.keep([judged], by)
        return TakenOne(taken.id, taken.customer)


def take_some(most: int = BATCH) -> TakenIn:
    """Take in one batch of what waits; return the counts. Raises Refusal where nothing may be taken in now."""
    try:
        with transaction.atomic():
            waiting = _waiting(most)
            return _settle(waiting) if waiting else TakenIn()
    except Refusal as refusal:
        if refusal.status == UNAVAILABLE:
            raise
    except Error:
        # A batch may fall by one of its answers; a database that is away is none of theirs.
        if not _answers():
            raise
        log.exception("answers: a batch fell")
    except Exception:
        log.exception("answers: a batch fell")
    return _take_each(_waiting_now(most))


def _take_each(waiting: Sequence[tuple[UUID, datetime]]) -> TakenIn:
    """Take in each by itself. One that falls over a fault of ours goes to the refused once others of its time did not.

    Where all fall, or where the fault may pass, it is in none of them: they wait until it is over, or until they have
    waited for long.
    """
    total = TakenIn()
    fallen: list[_Fallen] = []
    for number, since in waiting:
        made = _take_alone(number, since)
        if isinstance(made, _Fallen):
            fallen.append(made)
        else:
            total += made
    worked = total.taken > 0
    long_ago = clock.now() - LONGEST_WAIT
    for one in fallen:
        if (worked and not one.passing) or one.since < long_ago:
            total += _put_aside(one.id, FAULT)
    return total


def _take_alone(number: UUID, since: datetime) -> TakenIn | _Fallen:
    """Take in one envelope by itself, the others untouched."""
    try:
        with transaction.atomic():
            found = _waiting(1, only=number)
            return _settle(found) if found else TakenIn()
    except Refusal as refusal:
        if refusal.status == UNAVAILABLE:
            raise
        return _put_aside(number, refusal.code)
    except Exception as error:
        if isinstance(error, Error) and not _answers():
            raise
        log.exception("answers: envelope %s was not taken in", number)
        return _Fallen(number, since, isinstance(error, PASSING))


def _put_aside(number: UUID, reason: str) -> TakenIn:
    with transaction.atomic():
        found = _waiting(1, only=number)
        _refuse([(one, reason) for one in found])
        _delete([number])
    return TakenIn(refused={reason: len(found)})


def _settle(waiting: Sequence[Waiting]) -> TakenIn:
    """Take in, refuse or drop as known each of these, and delete them."""
    known = _known([one.id for one in waiting])
    opened: list[tuple[Waiting, Submission]] = []
    refused: list[tuple[Waiting, str]] = []
    for one in waiting:
        if one.id in known:
            continue
        try:
            opened.append((one, _opened(one)))
        except AnswerRefused as refusal:
            refused.append((one, refusal.code))
    taken = _keep(opened, refused)
    _refuse(refused)
    _delete([one.id for one in waiting])
    reasons = Counter(reason for _, reason in refused)
    return TakenIn(len(taken), len(known), dict(reasons))


def _opened(one: Waiting) -> Submission:
    sealed = envelope.within(one.sealed)
    outside = envelope.look(sealed)
    key = keys.private_key(outside.kid)
    if key is None:
        raise AnswerRefused.of("envelope_sealed_otherwise")
    return envelope.open_sealed(sealed, key, id=one.id)


def _keep(
    opened: Sequence[tuple[Waiting, Submission]], refused: list[tuple[Waiting, str]]
) -> tuple[Taken, ...]:
    if not opened:
        return ()
    by = bearings.read([given for _, given in opened], {one.device for one, _ in opened if one.device})
    judged: list[Judged] = []
    for one, given in opened:
        try:
            judged.append(judge(given, by, device=one.device, received_at=one.received_at))
        except Refusal as refusal:
            refused.append((one, refusal.code))
    return keeping.keep(judged, by)


def _waiting(most: int, *, only: UUID | None = None) -> list[Waiting]:
    with connection.cursor() as cursor:
        if only is None:
            cursor.execute(_WAITING, [most])
        else:
            cursor.execute(_WAITING.replace("ORDER", "WHERE id = %s ORDER"), [only, most])
        return [
            Waiting(number, bytes(sealed), device, at) for number, sealed, device, at in cursor.fetchall()
        ]


def _waiting_now(most: int) -> list[tuple[UUID, datetime]]:
    """Return which envelopes wait first, and since when, without holding them."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING.removesuffix("FOR UPDATE SKIP LOCKED"), [most])
        return [(number, at) for number, _, _, at in cursor.fetchall()]


def _known(numbers: Sequence[UUID]) -> frozenset[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(numbers), list(numbers)])
        return frozenset(row[0] for row in cursor.fetchall())


def _refuse(refused: Sequence[tuple[Waiting, str]]) -> None:
    now = clock.now()
    Refused.objects.bulk_create(
        [
            Refused(
                key=one.id, sealed=one.sealed, device=one.device, reason=reason, received_at=one.received_at,
                refused_at=now,
            )
            for one, reason in refused
        ]
    )  # fmt: skip


def _delete(numbers: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [list(numbers)])


def _answers() -> bool:
    """Tell whether the database still answers on this connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return False
    return True
