"""Facts of everybody for one purpose: asked, recorded and committed, then taken once as a table.

Facts (gender, year of birth, nationality, city, language) are personal data under a random number. Each person whose
row leaves is a use, which they see; conditions are parameters and hold before anybody is used. The second step is one
statement of the database, so that an analytical engine can run it and join what it gives.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import connection

from amana.gate import calls
from amana.gate.refusals import GateRefused
from amana.kernel.ids import CustomerId

_ASK: Final = "SELECT * FROM gate.ask_facts(%s, %s, %s, %s, %s::text[], %s::jsonb, %s, %s, %s)"
_TAKE: Final = "SELECT customer, known FROM gate.take_facts(%s, %s::text[], %s, %s)"


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on one fact: it is known, and where given, among some values, or between two (inclusive, as text)."""

    fact: str
    among: tuple[str, ...] | None = None
    least: str | None = None
    most: str | None = None

    def parameters(self) -> dict[str, object]:
        """Return the condition as the gate reads it."""
        among = None if self.among is None else list(self.among)
        return {"field": self.fact, "among": among, "least": self.least, "most": self.most}


@dataclass(frozen=True, slots=True)
class Asked:
    """A committed call for facts: `people` may be taken once, within a minute.

    `refused` counts people by reason; None stands for fewer than ten.
    """

    call: int
    people: int
    refused: Mapping[str, int | None]
    columns: tuple[str, ...]
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one person, in the order of the columns asked for; None is not known."""

    customer: CustomerId
    values: tuple[str | None, ...]


def ask(
    *,
    session: str,
    purpose: str,
    columns: Sequence[str],
    ref: str,
    where: Sequence[Where] = (),
    channel: str | None = None,
    kind: str = "session",
) -> Asked:
    """Ask for facts of everybody of whom `where` holds and whom the rule allows: record and commit the uses.

    `ref` names what needs them, as in `audience:12`; `kind` is the policy's kind of task. Raises GateRefused with the
    rule that refused, and always inside a transaction: a rollback could hide the use.
    """
    if connection.in_atomic_block:
        raise GateRefused.of("inside_transaction")
    wanted = list(dict.fromkeys([*columns, *(each.fact for each in where)]))
    conditions = json.dumps([each.parameters() for each in where])
    call, ticket, people, refused = calls.rows(
        _ASK, session, kind, purpose, channel, wanted, conditions, ref
    )[0]  # fmt: skip
    return Asked(call, people, calls.counts(refused), tuple(columns), ticket)


def take(asked: Asked) -> list[Known]:
    """Take what a committed call may have, here. Raises GateRefused."""
    rows = calls.rows(_TAKE, asked.ticket, list(asked.columns))
    return [Known(CustomerId(customer), tuple(known)) for customer, known in rows]


def statement(asked: Asked) -> str:
    """Return the statement that takes them, for an engine with the same login: columns `customer` and `known`.

    It has to run at READ COMMITTED, and its transaction to end at once: until then nobody in it can withdraw.
    """
    sequence, head = calls.head()
    columns = ", ".join(f"'{name}'" for name in asked.columns)
    # A ticket is hex, and each name of a column was a term of the policy when it was asked for.
    return (
        f"SELECT customer, known FROM gate.take_facts('{asked.ticket}', ARRAY[{columns}]::text[],"  # noqa: S608
        f" {sequence}, '\\x{head.hex()}'::bytea)"
    )
