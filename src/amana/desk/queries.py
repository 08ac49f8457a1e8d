"""What may be asked about conversations: the queue and what is known of one. Never a word of a mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from amana.desk.models import Conversation, Letter
from amana.desk.refusals import DeskRefused
from amana.kernel.text import Language, find_language

State = Conversation.State


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as the queue knows it."""

    id: UUID
    customer: UUID | None
    owner: UUID | None
    language: Language
    jurisdiction: str
    intent: str
    why: tuple[str, ...]
    state: str
    unreadable: bool
    unsubscribed: bool
    staff: int | None
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None

    @property
    def erased(self) -> bool:
        """Tell whether whoever wrote it was erased."""
        return self.customer is None


@dataclass(frozen=True, slots=True)
class Posted:
    """One letter of a conversation without its words."""

    id: UUID
    customer: UUID | None
    incoming: bool
    readable: bool
    authenticated: bool
    automatic: bool
    staff: int | None
    fate: str
    at: datetime


def queue(*, done: bool = False, limit: int = 200) -> tuple[Talk, ...]:
    """List the conversations that want an answer, the most urgent first; or those done, the latest first."""
    if done:
        found = Conversation.objects.filter(state=State.DONE).order_by("-received_at", "id")
    else:
        found = Conversation.objects.exclude(state=State.DONE).order_by("state", "due_at", "id")
    return tuple(map(_talk, found[:limit]))


def counts() -> Mapping[str, int]:
    """Count the conversations by state."""
    found = Conversation.objects.order_by().values_list("state").annotate(Count("id"))
    return {str(state): count for state, count in found}


def get_conversation(number: UUID) -> Talk:
    """Return one conversation. Raises DeskRefused (404)."""
    found = Conversation.objects.filter(pk=number).first()
    if found is None:
        raise DeskRefused.of("conversation_unknown")
    return _talk(found)


def letters(conversation: UUID) -> tuple[Posted, ...]:
    """List the letters of a conversation in their order."""
    found = Letter.objects.filter(conversation=conversation).order_by("at", "id")
    return tuple(
        Posted(
            id=row.pk, customer=row.customer, incoming=row.direction == Letter.Direction.IN, readable=row.readable,
            authenticated=row.authenticated, automatic=row.automatic, staff=row.staff, fate=row.fate, at=row.at,
        )
        for row in found
    )  # fmt: skip


def _talk(row: Conversation) -> Talk:
    return Talk(
        id=row.pk,
        customer=row.customer,
        owner=row.owner,
        language=find_language(row.language) or "ar",
        jurisdiction=row.jurisdiction,
        intent=row.intent,
        why=tuple(row.why),
        state=row.state,
        unreadable=row.unreadable,
        unsubscribed=row.unsubscribed,
        staff=row.staff,
        received_at=row.received_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
    )
