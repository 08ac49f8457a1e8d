"""What the holder of a link may take away as proof: who they are here, each decision and its opening."""

from amana.consent.receipts import Decided, Holder
from amana.gate import calls
from amana.kernel.ids import CustomerId


def holder(token: str) -> Holder:
    """Return whom a receipt's or a preference link stands for, without identity. Raises GateRefused."""
    customer, place, entry, admitted_at, until, fields, source, payload, blinding = calls.rows(
        "SELECT * FROM gate.holder_of_link(%s, %s, %s)", token
    )[0]
    return Holder(
        customer=CustomerId(customer),
        jurisdiction=place,
        entry=entry,
        admitted_at=admitted_at,
        shown_until=until,
        fields=tuple(fields),
        source=source or "",
        payload=payload,
        blinding=bytes(blinding),
    )


def decisions(token: str) -> tuple[Decided, ...]:
    """Return what the holder of a link decided, the oldest first. Raises GateRefused."""
    found = calls.rows("SELECT * FROM gate.decisions_of_link(%s, %s, %s)", token)
    return tuple(Decided(*row) for row in found)
