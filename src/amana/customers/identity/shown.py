"""What pages say of edges, conflicts and merges, in the reader's language and the policy's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from amana.customers.identity.queries import Conflict, Edge, Merge
from amana.customers.shown import Reader
from amana.kernel.text import Bilingual
from amana.policy.document import Policy


@dataclass(frozen=True, slots=True)
class Browser:
    """What was linked by one act: one browser's pseudonyms for several purposes."""

    id: str
    edges: tuple[int, ...]
    how: str
    since: str
    purposes: str
    before: bool
    contested: bool
    customer: str


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge as staff see it."""

    id: int
    survivor: str
    other: str
    by: str
    at: str
    reason: str
    undone: str
    undone_by: str
    undone_reason: str


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A claim that waits, as staff see it."""

    id: int
    holder: str
    claimant: str
    purpose: str
    how: str
    at: str


def browsers(edges: Iterable[Edge], policy: Policy, who: Reader) -> tuple[Browser, ...]:
    """Put the edges of one act together; pseudonyms of two purposes tell nobody that they are one browser's."""
    acts: dict[tuple[object, ...], list[Edge]] = {}
    for edge in edges:
        minute = edge.attached_at.replace(second=0, microsecond=0)
        key = (edge.customer, edge.made_by, edge.source, minute, edge.includes_before, edge.until is not None)
        acts.setdefault(key, []).append(edge)
    return tuple(_browser(one, policy, who) for one in acts.values())


def _browser(edges: list[Edge], policy: Policy, who: Reader) -> Browser:
    first = edges[0]
    return Browser(
        id=f"browser-{first.id}",
        edges=tuple(edge.id for edge in edges),
        how=made_by(first.made_by),
        since=_moment(first.attached_at, who),
        purposes=who.joined(dict.fromkeys(_purpose(edge.purpose, policy, who) for edge in edges)),
        before=first.includes_before,
        contested=first.until is not None,
        customer=str(first.customer),
    )


def made_by(how: str) -> str:
    """Say how an edge was made."""
    return {
        "sign_in": gettext("Signed in on this browser"),
        "signed_link": gettext("Opened a link from the mail on this browser"),
        "server_identify": gettext("Signed in on the retailer's website or app"),
    }.get(how, how)


def merges(found: Iterable[Merge], names: Mapping[int, Bilingual], who: Reader) -> tuple[MergeRow, ...]:
    """Say each merge, and how it was undone."""
    return tuple(
        MergeRow(
            id=one.id,
            survivor=str(one.survivor),
            other=str(one.other),
            by=_name(one.staff, names, who),
            at=_moment(one.at, who),
            reason=one.reason,
            undone=_moment(one.undone_at, who) if one.undone_at else "",
            undone_by=_name(one.undone_by, names, who) if one.undone_by else "",
            undone_reason=one.undone_reason,
        )
        for one in found
    )


def conflicts(found: Iterable[Conflict], policy: Policy, who: Reader) -> tuple[ConflictRow, ...]:
    """Say each claim that waits."""
    return tuple(
        ConflictRow(
            id=one.id,
            holder=str(one.holder),
            claimant=str(one.claimant),
            purpose=_purpose(one.purpose, policy, who),
            how=made_by(one.made_by),
            at=_moment(one.at, who),
        )
        for one in found
    )


def _moment(at: datetime, who: Reader) -> str:
    return f"{who.day(at)} · {who.time(at)}"


def _purpose(name: str, policy: Policy, who: Reader) -> str:
    found = policy.purposes.get(name)
    return found.name.in_(who.language) if found else name


def _name(staff: int, names: Mapping[int, Bilingual], who: Reader) -> str:
    return names[staff].in_(who.language) if staff in names else str(staff)
