"""Looking people up by an address: recorded and committed first, told by a ticket afterwards."""

from collections.abc import Sequence

from django.db import connection

from amana.gate import admission, calls
from amana.gate.door import door
from amana.gate.refusals import GateRefused


def up(*, session: str, purpose: str, field: str, values: Sequence[str]) -> tuple[str, list[int]]:
    """Look for the owners of exact addresses; return the ticket that tells who they are, within its minute.

    Beside it, for each keyed address the ticket counts, which of `values` it was made of. Raises GateRefused, and
    always inside a transaction: a rollback could hide the look-up.
    """
    if connection.in_atomic_block:
        raise GateRefused.of("inside_transaction")
    sought, newest = admission.sought(door(), field, values)
    ticket = calls.value(
        "SELECT gate.look_up(%s, %s, %s, %s::bytea[], %s, %s, %s)",
        session, purpose, field, [digest for _place, digest in sought], newest,
    )  # fmt: skip
    return str(ticket), [place for place, _digest in sought]
