"""Why somebody was written to: the task, each release under it, and what that release relied on. Opens nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from amana.gate import calls
from amana.kernel.ids import CustomerId
from amana.ledger import merkle


@dataclass(frozen=True)
class Relied:
    """The decision a release relied on: who decided what, when, on which words."""

    entry: UUID
    at: datetime
    kind: str
    actor: str
    source: str | None
    language: str
    policy: int
    wording: str | None


@dataclass(frozen=True)
class Release:
    """One release of this person's data under the task.

    `place` is where the person's use stands among the release's, counted from 1; `proven` tells whether the uses give
    the root that the release's entry commits to; None until the sequencer has made that entry.
    """

    entry: UUID
    at: datetime
    taken_at: datetime | None
    policy: int
    channel: str | None
    recipient: str
    role: str
    fields: tuple[str, ...]
    basis: str | None
    decision: Relied | None
    place: int
    people: int
    proven: bool | None


@dataclass(frozen=True)
class Confirmed:
    """An address its owner confirmed; `superseded_at` when somebody newer took it over."""

    field: str
    entry: UUID
    confirmed_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True)
class Explanation:
    """Why one person is in a task, in the gate's words; without releases when nothing of theirs was opened."""

    kind: str
    purpose: str
    ref: str
    planned_at: datetime
    role: str
    releases: tuple[Release, ...]
    addresses: tuple[Confirmed, ...]


def why(*, task: int, customer: CustomerId | None) -> Explanation | None:
    """Explain why this person is in this task, None when there is no such task; signed in as the owner.

    Of somebody erased, or without a customer, only the task is left.
    """
    found = calls.plain("SELECT gate.why(%s, %s)", task, customer)
    if not found or found[0][0] is None:
        return None
    told: Mapping[str, Any] = json.loads(found[0][0])  # Django's connections hand JSON over as text
    about = told["task"]
    return Explanation(
        kind=about["kind"],
        purpose=about["purpose"],
        ref=about["ref"],
        planned_at=_moment(about["planned_at"]),
        role=about["role"],
        releases=tuple(_release(call) for call in told["calls"]),
        addresses=tuple(_confirmed(address) for address in told["addresses"]),
    )


def _release(call: Mapping[str, Any]) -> Release:
    commitments = [bytes.fromhex(use) for use in call["commitments"]]
    decision = call["decision"]
    return Release(
        entry=UUID(call["entry"]),
        at=_moment(call["at"]),
        taken_at=_moment(call["taken_at"]) if call["taken_at"] else None,
        policy=call["policy"],
        channel=call["channel"],
        recipient=call["recipient"],
        role=call["role"],
        fields=tuple(call["fields"]),
        basis=call["basis"],
        decision=_relied(decision) if decision else None,
        place=commitments.index(bytes.fromhex(call["own"])) + 1,
        people=len(commitments),
        proven=merkle.root(b"".join(commitments)).hex() == call["root"] if call["root"] else None,
    )


def _relied(decision: Mapping[str, Any]) -> Relied:
    return Relied(
        entry=UUID(decision["entry"]),
        at=_moment(decision["at"]),
        kind=decision["kind"],
        actor=decision["actor"],
        source=decision["source"],
        language=decision["language"],
        policy=decision["policy"],
        wording=decision["wording"],
    )


def _confirmed(address: Mapping[str, Any]) -> Confirmed:
    until = address["superseded_at"]
    return Confirmed(
        field=address["field"],
        entry=UUID(address["entry"]),
        confirmed_at=_moment(address["confirmed_at"]),
        superseded_at=_moment(until) if until else None,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
