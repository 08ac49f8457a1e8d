"""Open single answers in words, through the gate: whoever wrote one sees by whom it was read, and for what."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.retailer.queries import StaffSession
from amana.surveys.intake import opinions
from amana.surveys.intake.opinions import OPINION
from amana.surveys.models import Response, Theme
from amana.surveys.reading.asked import Asked

PAGE: Final = 10


@dataclass(frozen=True, slots=True)
class Text:
    """One answer in words, open. `text` is empty where its person no longer allows reading it, or it was kept back."""

    response: UUID
    day: dt.date
    shop: int | None
    language: str
    sentiment: int
    text: str


def open_page(*, staff: StaffSession, asked: Asked, theme: str, page: int = 0) -> tuple[Text, ...]:
    """Open one page of answers about a theme, the newest first; each opening is written down. Raises GateRefused."""
    rows = list(_about(asked, theme)[page * PAGE : (page + 1) * PAGE])
    if not rows:
        return ()
    people = list(dict.fromkeys(CustomerId(row.customer) for row in rows))
    task = gate.plan(
        session=staff.token,
        kind="answer",
        purpose="feedback",
        people=people,
        ref=f"surveys:theme-{theme.replace('_', '-')}",
    )
    opening = gate.open(session=staff.token, purpose="feedback", fields=[OPINION], task=task)
    opened = {one.customer: one.values.get(OPINION, "") for one in opening.people}
    names = dict(Response.objects.filter(pk__in=[row.response for row in rows]).values_list("id", "texts"))
    return tuple(
        _text(row, opened.get(CustomerId(row.customer), ""), names.get(row.response) or []) for row in rows
    )


def more(asked: Asked, theme: str, page: int) -> bool:
    """Tell whether there is a page after this one."""
    return bool(_about(asked, theme)[(page + 1) * PAGE : (page + 1) * PAGE + 1])


def _about(asked: Asked, theme: str) -> QuerySet[Theme]:
    where = Q(theme=theme, day__gte=asked.first, day__lte=asked.last)
    if asked.shops is not None:
        where &= Q(shop__in=asked.shops)
    if asked.language:
        where &= Q(language=asked.language)
    return Theme.objects.filter(where).order_by("-day", "-id")


def _text(row: Theme, packed: str, names: list[str]) -> Text:
    words = opinions.unpack(packed, names).get(row.question, "") if packed and names else ""
    return Text(row.response, row.day, row.shop, row.language, row.sentiment, words)
