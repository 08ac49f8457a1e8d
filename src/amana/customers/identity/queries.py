"""Read whose browser is whose. Nothing here says who a person is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from amana.customers.identity.models import Edge as EdgeRow
from amana.customers.identity.models import Merge as MergeRow
from amana.kernel.ids import CustomerId

_EDGES = """
SELECT i.edge, i.purpose, i.pseudonym, i.customer, i.whole, e.made_by, e.source, e.policy, e.at, i.starts_at, i.until
FROM public.customers_identity i JOIN public.customers_edge e ON e.id = i.edge"""


@dataclass(frozen=True, slots=True)
class Edge:
    """A pseudonym that stands for a customer now; `whole` is whoever stands for them where they are merged.

    Only rows from `starts_at` (None: all of them) to before `until` (None: no end) count for the customer.
    """

    id: int
    purpose: str
    pseudonym: str
    customer: CustomerId
    whole: CustomerId
    made_by: str
    source: str
    policy: int
    attached_at: datetime
    starts_at: datetime | None
    until: datetime | None

    @property
    def includes_before(self) -> bool:
        """Whether what was browsed before the edge was made counts too."""
        return self.starts_at is None


@dataclass(frozen=True, slots=True)
class Past:
    """A pseudonym that stood for a customer for a time, or still does (`ended_at` None)."""

    purpose: str
    pseudonym: str
    starts_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge and whether it was undone."""

    id: int
    survivor: CustomerId
    other: CustomerId
    staff: int
    reason: str
    at: datetime
    undone_at: datetime | None
    undone_by: int | None
    undone_reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A pseudonym of `holder` that was claimed for `claimant`."""

    id: int
    purpose: str
    holder: CustomerId
    claimant: CustomerId
    made_by: str
    source: str
    at: datetime


def pseudonyms_of(customer: CustomerId) -> tuple[Edge, ...]:
    """Return the pseudonyms that stand for this very customer, oldest first; not those of people merged with them."""
    return _edges(" WHERE i.customer = %s ORDER BY i.edge", customer)


def pseudonyms_of_whole(customer: CustomerId) -> tuple[Edge, ...]:
    """Return the pseudonyms of everybody who is held to be one person with this customer."""
    return _edges(" WHERE i.customer = ANY (%s::uuid[]) ORDER BY i.edge", list(together_with(customer)))


def history_of(customer: CustomerId) -> tuple[Past, ...]:
    """Return every pseudonym that ever stood for this very customer and when: what erasing has to reach."""
    rows = EdgeRow.objects.filter(customer=customer).order_by("id").select_related("detachment")
    return tuple(
        Past(
            row.purpose,
            row.pseudonym,
            None if row.includes_before else row.began_at,
            row.detachment.at if hasattr(row, "detachment") else None,
        )
        for row in rows
    )


def resolve(*, purpose: str, pseudonyms: Iterable[str]) -> Mapping[str, Edge]:
    """Return the standing edge of each pseudonym that has one, for any number of them."""
    found = _edges(" WHERE i.purpose = %s AND i.pseudonym = ANY (%s::text[])", purpose, list(pseudonyms))
    return {edge.pseudonym: edge for edge in found}


def whole_of(customer: CustomerId) -> CustomerId:
    """Return who stands for this customer: themselves, unless they are merged under somebody."""
    return wholes([customer])[customer]


def wholes(customers: Iterable[CustomerId]) -> Mapping[CustomerId, CustomerId]:
    """Return who stands for each of these customers."""
    asked = list(customers)
    found = _rows(
        "SELECT customer, whole FROM public.customers_whole WHERE customer = ANY (%s::uuid[])", asked
    )
    merged = {CustomerId(one): CustomerId(whole) for one, whole in found}
    return {customer: merged.get(customer, customer) for customer in asked}


def together_with(customer: CustomerId) -> tuple[CustomerId, ...]:
    """Return everybody held to be one person with this customer, themselves included."""
    found = _rows(
        "SELECT o.customer FROM public.customers_whole t JOIN public.customers_whole o ON o.whole = t.whole"
        " WHERE t.customer = %s ORDER BY o.customer",
        customer,
    )
    return tuple(CustomerId(one) for (one,) in found) or (customer,)


def merges_of(customer: CustomerId) -> tuple[Merge, ...]:
    """Return every merge within this customer's whole, and those they were ever part of, newest first."""
    people = list(together_with(customer))
    rows = MergeRow.objects.filter(survivor__in=people) | MergeRow.objects.filter(other__in=people)
    return tuple(_merge(row) for row in rows.select_related("undone").order_by("-id"))


def conflicts(*, customer: CustomerId | None = None, limit: int = 500) -> tuple[Conflict, ...]:
    """Return the conflicts that wait for staff, oldest first; those of one customer, or all."""
    found = _rows(
        "SELECT id, purpose, holder, customer, made_by, source, at FROM public.customers_open_conflict"
        " WHERE %s::uuid IS NULL OR %s::uuid IN (holder, customer) ORDER BY id LIMIT %s",
        customer, customer, limit,
    )  # fmt: skip
    return tuple(
        Conflict(number, purpose, CustomerId(holder), CustomerId(claimant), made_by, source, at)
        for number, purpose, holder, claimant, made_by, source, at in found
    )


def _edges(condition: str, *parameters: Any) -> tuple[Edge, ...]:
    return tuple(Edge(*row) for row in _rows(_EDGES + condition, *parameters))


def _rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _merge(row: MergeRow) -> Merge:
    undone = getattr(row, "undone", None)
    return Merge(
        row.id,
        CustomerId(row.survivor),
        CustomerId(row.other),
        row.staff,
        row.reason,
        row.at,
        undone.at if undone else None,
        undone.staff if undone else None,
        undone.reason if undone else "",
    )
