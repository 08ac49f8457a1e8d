"""Coming back: nobody who was erased returns by an import; whoever confirms the same address anew begins afresh.

The journal names an address by a tag of its own, kept beside the address's index, so that index keys may change. A
phone is shared by families and offices: it never stands for a person here.
"""

from django.db import transaction

from amana.gate import calls
from amana.gate.door import door
from amana.vault.journal import Head


def was_forgotten(tags: list[bytes]) -> bool:
    """Tell whether any of these tags stands in the journal for somebody erased."""
    return bool(calls.plain("SELECT gate.was_forgotten(%s::bytea[])", tags)[0][0])


def begin(token: str) -> None:
    """Write a fresh start into the journal when the address a link confirmed was forgotten. Raises GateRefused.

    In a transaction of its own after the confirmation: when the process dies between, the next click does it.
    """
    if not was_forgotten(calls.value("SELECT gate.tags_of_link(%s, %s, %s)", token)):
        return
    with transaction.atomic():
        tags = calls.value("SELECT gate.afresh_begin(%s, %s, %s)", token)
        last = door().append(kind="fresh_start", subjects=tags, expected=Head(*calls.head()))
        calls.plain(
            "SELECT gate.afresh_finish(%s, %s, %s, %s::bytea[])", token, last.sequence, last.hash, tags
        )
