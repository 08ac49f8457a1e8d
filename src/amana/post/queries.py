"""What may be asked about messages and about the mail that came in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.post.models import Batch, Incoming, Message

State = Message.State

register(
    "message_unknown",
    Bilingual(ar="لا توجد رسالة بهذا الرقم.", en="There is no message with this number."),
    404,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is. `unconfirmed` may have arrived or not: they are never sent again."""

    planned: int
    taken: int
    handed_over: int
    unconfirmed: int
    refused: int
    bounced: int
    failed: int

    @property
    def total(self) -> int:
        """Return how many messages there are."""
        return self.planned + self.settled

    @property
    def settled(self) -> int:
        """Return how many will not change by sending any more, beside those on their way now."""
        return self.taken + self.handed_over + self.unconfirmed + self.refused + self.bounced + self.failed

    @property
    def finished(self) -> bool:
        """Tell whether nothing waits and nothing is on its way."""
        return not self.planned and not self.taken


@dataclass(frozen=True, slots=True)
class Posted:
    """One message and what became of it."""

    id: UUID
    customer: CustomerId | None
    ref: str
    kind: str
    purpose: str
    channel: str
    state: str
    reason: str
    status: str
    attempts: int
    task: int | None
    planned_at: datetime
    handed_over_at: datetime | None
    bounced_at: datetime | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail that came in; `customer` is the claim the gate keeps it under, for planning to read it."""

    id: UUID
    received_at: datetime
    customer: CustomerId
    readable: bool
    authenticated: bool
    automatic: bool
    recipient_kind: str


def progress(*, ref: str) -> Progress:
    """Count the messages of `ref` by where they stand."""
    counts = dict(Message.objects.filter(ref=ref).order_by().values_list("state").annotate(Count("id")))
    return Progress(**{str(state.value): counts.get(state.value, 0) for state in State})


def reasons(*, ref: str) -> Mapping[tuple[str, str], int]:
    """Count the messages of `ref` that did not arrive by state and reason."""
    apart = Message.objects.filter(ref=ref).exclude(reason="").exclude(state=State.PLANNED)
    found = apart.order_by().values_list("state", "reason").annotate(Count("id"))
    return {(state, reason): count for state, reason, count in found}


def find_held(*, ref: str, tried: Collection[UUID] = ()) -> UUID | None:
    """Return the oldest held batch of `ref` whose turn it is, leaving out those tried already."""
    mine = Batch.objects.filter(
        ref=ref, held=True, taken_at=None, settled_at=None, due_at__lte=clock.now()
    ).exclude(pk__in=list(tried))
    return mine.order_by("task").values_list("pk", flat=True).first()


def written_to(*, purpose: str, since: datetime, at_least: int) -> frozenset[CustomerId]:
    """Return to whom `at_least` messages of a purpose left since then, or wait to leave."""
    found = Message.objects.filter(
        purpose=purpose, planned_at__gte=since, customer__isnull=False,
        state__in=[State.PLANNED, State.TAKEN, State.HANDED_OVER, State.UNCONFIRMED],
    )  # fmt: skip
    many = found.order_by().values("customer").annotate(count=Count("id")).filter(count__gte=at_least)
    return frozenset(CustomerId(number) for number in many.values_list("customer", flat=True) if number)


def get_message(text: str) -> Posted:
    """Return the message a number or a Message-ID names. Raises Refusal (404)."""
    number = text.strip().strip("<>").partition("@")[0]
    try:
        found = Message.objects.select_related("batch").get(pk=UUID(number))
    except (ValueError, Message.DoesNotExist):
        raise Refusal.of("message_unknown") from None
    return _posted(found)


def messages_to(*, customer: CustomerId, limit: int = 200) -> tuple[Posted, ...]:
    """List the messages to one customer, the latest first."""
    found = Message.objects.filter(customer=customer).select_related("batch").order_by("-planned_at", "id")
    return tuple(map(_posted, found[:limit]))


def waiting(*, limit: int = 100) -> tuple[Arrived, ...]:
    """List the mails to the service address that nobody has dealt with yet, the oldest first."""
    found = Incoming.objects.filter(
        recipient_kind=Incoming.Kind.SERVICE, handled_at=None, customer__isnull=False
    ).order_by("received_at", "id")
    return tuple(map(_arrived, found[:limit]))


def unreadable(*, limit: int = 100) -> tuple[Arrived, ...]:
    """List the mails that are kept raw because nobody can read them, the latest first."""
    found = Incoming.objects.filter(verdict=Incoming.Verdict.UNREADABLE, customer__isnull=False).order_by(
        "-received_at", "id"
    )
    return tuple(map(_arrived, found[:limit]))


def _posted(found: Message) -> Posted:
    return Posted(
        id=found.pk,
        customer=None if found.customer is None else CustomerId(found.customer),
        ref=found.ref,
        kind=found.kind,
        purpose=found.purpose,
        channel=found.channel,
        state=found.state,
        reason=found.reason,
        status=found.status,
        attempts=found.attempts,
        task=found.batch.task if found.batch else None,
        planned_at=found.planned_at,
        handed_over_at=found.handed_over_at,
        bounced_at=found.bounced_at,
    )


def _arrived(found: Incoming) -> Arrived:
    if found.customer is None:
        raise ValueError("nothing of this mail is kept")
    return Arrived(
        id=found.pk,
        received_at=found.received_at,
        customer=CustomerId(found.customer),
        readable=found.verdict == Incoming.Verdict.READABLE,
        authenticated=found.authenticated,
        automatic=found.automatic,
        recipient_kind=found.recipient_kind,
    )
