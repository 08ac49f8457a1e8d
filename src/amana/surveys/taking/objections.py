"""Honour an objection to surveys for statistics (in the Emirates: Federal Decree-Law 45/2021, art. 17).

Whoever objects to `feedback` is invited no more (the gate refuses), and what they answered before is taken out of the
counts and deleted: a count that somebody objected to is not kept because it is only a count.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from amana.gate import queries as gate
from amana.kernel.ids import CustomerId
from amana.ledger import actions as ledger
from amana.surveys.models import Response
from amana.surveys.reading import letting_go
from amana.surveys.results import counting
from amana.surveys.stored import taken

CHUNK: Final = 5_000
PURPOSE: Final = "feedback"
OBJECTED: Final = "objected"


def honour() -> int:
    """Take the answers of everybody who objected out of the counts, and delete them; return how many responses went."""
    people = Response.objects.filter(customer__isnull=False).values_list("customer", flat=True).distinct()
    gone = 0
    for chunk in _chunks(people.order_by("customer").iterator(CHUNK)):
        standing = gate.answerable(
            session=settings.AMANA_SYSTEM_TOKEN, purpose=PURPOSE, channel=None, people=chunk
        )
        objectors = [customer for customer, reason in standing.items() if reason == OBJECTED]
        gone += _remove(objectors) if objectors else 0
    return gone


@transaction.atomic
def _remove(objectors: Sequence[CustomerId]) -> int:
    found = list(Response.objects.select_for_update().filter(customer__in=objectors).order_by("id"))
    counting.uncount([taken(response) for response in found if not response.unfinished])
    letting_go.drop([response.pk for response in found])
    Response.objects.filter(pk__in=[response.pk for response in found]).delete()
    ledger.note(event="surveys.objected", payload={"responses": len(found)})
    return len(found)


def _chunks(people: Iterable[UUID | None]) -> Iterator[list[CustomerId]]:
    waiting = (CustomerId(person) for person in people if person is not None)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
