"""Attach, detach, merge and undo. Each is one function of the database, which judges, writes and records."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import amana.customers.identity.refusals  # noqa: F401  (registers the codes the functions raise)
from amana.gate import calls
from amana.kernel.ids import CustomerId

MadeBy: TypeAlias = Literal["sign_in", "signed_link", "server_identify"]
Outcome: TypeAlias = Literal["attached", "standing", "conflict"]
Settled: TypeAlias = Literal["kept", "moved"]


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of a claim. `conflict`: the pseudonym stays whose it is, by `edge`, and staff decide."""

    edge: int
    outcome: Outcome


def attach(
    *,
    pseudonym: str,
    purpose: str,
    customer: CustomerId,
    made_by: MadeBy,
    includes_before: bool = False,
    source: str = "website",
) -> Attached:
    """Attach one purpose's pseudonym to a customer; asked again, it changes nothing.

    `includes_before` only where the person allowed that what was browsed before counts too; it is never taken back by a
    later claim without it (see `exclude_before`). Attach one pseudonym in a transaction, not several.
    Raises Refusal (pseudonym_malformed, purpose_undeclared), GateRefused (person_unknown).
    """
    edge, outcome = calls.rows(
        "SELECT edge, outcome FROM public.customers_attach(%s, %s, %s, %s, %s, %s, %s, %s)",
        pseudonym, purpose, customer, made_by, source, includes_before,
    )[0]  # fmt: skip
    return Attached(edge, outcome)


def detach(*, edge: int, customer: CustomerId, session: str | None = None) -> bool:
    """End an edge of this customer, by themselves or by the member of staff of `session`; False when it had ended.

    Raises Refusal (edge_unknown, role_refused).
    """
    ended: bool = calls.value("SELECT public.customers_detach(%s, %s, %s, %s, %s)", edge, customer, session)
    return ended


def exclude_before(*, edge: int, customer: CustomerId) -> int | None:
    """Take back that what was browsed before counts; returns the edge that goes on, None where nothing changed.

    Raises Refusal (edge_unknown).
    """
    made: int | None = calls.value("SELECT public.customers_exclude_before(%s, %s, %s, %s)", edge, customer)
    return made


def merge(*, survivor: CustomerId, other: CustomerId, session: str, reason: str) -> int:
    """Hold two customers to be one person, by a member of staff; returns the merge's number.

    Neither may stand under somebody else already. No edge moves and no consent: see `amana.consent`.
    Raises Refusal (merge_of_one, merge_of_part, reason_missing, role_refused), GateRefused (person_unknown).
    """
    made: int = calls.value(
        "SELECT public.customers_merge(%s, %s, %s, %s, %s, %s)", session, survivor, other, reason
    )
    return made


def undo(*, merge: int, session: str, reason: str) -> None:
    """Undo a merge: everybody resolves as if it had never been. Raises Refusal (merge_unknown, …)."""
    calls.rows("SELECT public.customers_undo(%s, %s, %s, %s, %s)", session, merge, reason)


def settle(*, conflict: int, outcome: Settled, session: str, reason: str) -> None:
    """Decide a conflict: the pseudonym is kept where it is, or moves to whoever claimed it.

    Raises Refusal (conflict_unknown, reason_missing, role_refused).
    """
    calls.rows("SELECT public.customers_settle(%s, %s, %s, %s, %s, %s)", session, conflict, outcome, reason)
