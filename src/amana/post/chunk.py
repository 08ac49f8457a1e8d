"""Hand one chunk over: one connection, each message begun on the waybill, never for long.

While a chunk is handed over its people are locked, and a withdrawal waits: so a chunk is small and its time
is short.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from amana.post.transports import Envelope, Outcome, Transport, Verdict
from amana.post.waybill import Waybill

SIZE = 50
SECONDS = 5.0


def hand_over(
    envelopes: Iterable[Envelope],
    *,
    transport: Transport,
    waybill: Waybill,
    still_locked: Callable[[], bool],
    seconds: float = SECONDS,
    elapsed: Callable[[], float] = time.monotonic,
) -> Mapping[UUID, Verdict]:
    """Hand the envelopes over in order and return the verdict of each that left.

    Stops when the lock on the people is lost, when the carrier cannot be reached, or after `seconds`;
    whoever is absent from the answer never left and may be planned again.
    """
    verdicts: dict[UUID, Verdict] = {}
    started = elapsed()
    with transport.open() as carriage:
        for envelope in envelopes:
            if elapsed() - started > seconds or not still_locked():
                break
            waybill.begin(envelope.message)
            verdict = carriage.hand(envelope)
            waybill.end(envelope.message, verdict)
            verdicts[envelope.message] = verdict
            if verdict.outcome is Outcome.NO_CARRIER:
                break
    return verdicts
