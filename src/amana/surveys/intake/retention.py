"""End what is over: answers by the policy's terms, and refused envelopes that somebody has looked at."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from amana.kernel import clock
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.policy.durations import Duration
from amana.surveys.models import Refused, Response
from amana.surveys.results import counting

# Whoever looked at why an envelope was refused has so long to do something about it.
AFTER_SEEN: Final = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ended:
    """How many rows went."""

    answers: int
    unfinished: int
    refused: int


def end() -> Ended:
    """Delete answers and refused envelopes whose time is over, and note how many. Raises policy_not_published."""
    now = clock.now()
    terms = policy.current().policy.surveys
    old = now - _length(terms.retention, now)
    counting.end(old.date())
    made = Ended(
        answers=Response.objects.filter(received_at__lt=old).delete()[0],
        unfinished=Response.objects.filter(
            unfinished=True, received_at__lt=now - _length(terms.unfinished, now)
        ).delete()[0],
        refused=Refused.objects.filter(seen_at__lt=now - AFTER_SEEN).delete()[0]
        + Refused.objects.filter(received_at__lt=old).delete()[0],
    )
    if made.answers or made.unfinished or made.refused:
        payload = {"answers": made.answers, "unfinished": made.unfinished, "refused": made.refused}
        ledger.note(event="surveys.ended", payload=payload)
    return made


def _length(duration: Duration, now: dt.datetime) -> dt.timedelta:
    return duration.after(now) - now
