"""What may be asked of the gate without a release: counts, look-ups, links, standing, and the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from amana.gate import calls, looking
from amana.gate.values import Link
from amana.kernel.ids import CustomerId

# With these a purpose ends. A consent that the policy has outgrown is none of them: it covered what was made then.
_LAPSES: Final = frozenset({"erased", "restricted", "objected", "no_consent", "merged_refused"})


@dataclass(frozen=True)
class Standing:
    """What stands for one purpose and channel."""

    purpose: str
    channel: str | None
    given: bool
    objected: bool
    decided_at: datetime


@dataclass(frozen=True)
class Use:
    """One release of a person's data, or one look-up that found them, as its subject may see it.

    A look-up has no task; its field is the one whose value was known already.
    """

    at: datetime
    purpose: str
    channel: str | None
    role: str
    task: str | None
    fields: tuple[str, ...]
    recipient: str


@dataclass(frozen=True)
class Finding:
    """Something the record does not bear out; the entry where there is one."""

    entry: UUID | None
    problem: str


def reach(*, session: str, purpose: str, channel: str) -> Mapping[str, int | None]:
    """Count people by the reason they cannot be written to, and under `reachable` those who can.

    None stands for fewer than ten. Raises GateRefused.
    """
    return calls.counts(calls.value("SELECT gate.reach(%s, %s, %s, %s, %s)", session, purpose, channel))


def opted_out(*, session: str, purpose: str, ref: str) -> int | None:
    """Count those planned for under a reference who withdrew or objected since; None stands for fewer than ten.

    Raises GateRefused.
    """
    counted = calls.value("SELECT gate.opted_out(%s, %s, %s, %s, %s)", session, purpose, ref)
    return calls.counts(counted)["opted_out"]


def find(*, session: str, purpose: str, field: str, value: str) -> list[CustomerId]:
    """Return the confirmed owners of an exact address; each sees that they were looked up.

    Raises GateRefused, and always inside a transaction: a rollback could hide the look-up.
    """
    return list(find_each(session=session, purpose=purpose, field=field, values=[value])[0])


def find_each(
    *, session: str, purpose: str, field: str, values: Sequence[str]
) -> list[tuple[CustomerId, ...]]:
    """Return the confirmed owners of each of these exact addresses, like `find`. Raises GateRefused."""
    ticket, places = looking.up(session=session, purpose=purpose, field=field, values=values)
    found: list[dict[CustomerId, None]] = [{} for _value in values]
    for at, customer in calls.rows("SELECT * FROM gate.found(%s, %s, %s)", ticket):
        found[places[at - 1]][CustomerId(customer)] = None
    return [tuple(owners) for owners in found]


def lapsed(*, session: str, purpose: str, people: Sequence[CustomerId]) -> frozenset[CustomerId]:
    """Return who of these people no longer allows a purpose, for the machine to let go of what it made of their words.

    Nothing is released. Raises GateRefused.
    """
    standing = answerable(session=session, purpose=purpose, channel=None, people=people)
    return frozenset(customer for customer, reason in standing.items() if reason in _LAPSES)


def answerable(
    *, session: str, purpose: str, channel: str | None, people: Sequence[CustomerId]
) -> Mapping[CustomerId, str | None]:
    """Return why each of these people cannot be answered now, None where they can; for the machine.

    Nothing is released; whoever is unknown is left out. Raises GateRefused.
    """
    found = calls.rows(
        "SELECT * FROM gate.answerable(%s, %s, %s, %s::uuid[], %s, %s)",
        session,
        purpose,
        channel,
        list(people),
    )
    return {CustomerId(customer): reason for customer, reason in found}


def look_at_link(token: str) -> Link:
    """Return what a link is for; changes nothing. Raises GateRefused for a link that was not made here."""
    scope, expired, purpose, channel, language = calls.rows(
        "SELECT * FROM gate.look_at_link(%s, %s, %s)", token
    )[0]
    return Link(scope, expired, purpose, channel, "en" if language == "en" else "ar")


def standing(token: str) -> list[Standing]:
    """Return what stands for the holder of a preference link. Raises GateRefused."""
    return [Standing(*row) for row in calls.rows("SELECT * FROM gate.standing_of_link(%s, %s, %s)", token)]


def uses(token: str) -> list[Use]:
    """Return who used the data of the holder of a preference link, or looked them up; newest first.

    At most 500 of each. Raises GateRefused.
    """
    rows = calls.rows("SELECT * FROM gate.uses_of_link(%s, %s, %s)", token)
    return [Use(at, p, c, role, task, tuple(fields), to) for at, p, c, role, task, fields, to in rows]


def audit() -> list[Finding]:
    """Check every row against the ledger and every use against the decisions in its sight."""
    return [Finding(*row) for row in calls.plain("SELECT * FROM gate.audit()")]
