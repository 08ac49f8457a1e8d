"""Hand a campaign over, batch by batch, until nothing waits; and see what is left after a pause, a stop or a crash."""

import time
from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from amana.campaigns import queries
from amana.campaigns.models import Campaign, ref_of
from amana.kernel import clock
from amana.ledger import actions as ledger
from amana.post import actions as post
from amana.post import handover, settling
from amana.post import queries as post_queries
from amana.post.carrier import Carrier
from amana.post.handover import Handed

# A job gives its place back after this long, so that a worker that is asked to end does so soon.
SECONDS = 20.0
State = Campaign.State


def hand_over(
    *,
    campaign: UUID,
    carrier: Carrier,
    seconds: float = SECONDS,
    elapsed: Callable[[], float] = time.monotonic,
) -> bool:
    """Hand over what waits, for `seconds` at most; tell whether there is more to do at once.

    Any number of processes may call it at any time, also after a crash: one works, the others return. It ends
    early where no batch gets through, because the next would not either.
    """
    ends_at = elapsed() + seconds
    with settling.alone(campaign) as held:
        if not held:
            return False
        handover.recover(carrier=carrier)
        more = _work(campaign, carrier, lambda: elapsed() < ends_at)
    return not settle(campaign=campaign) and more


def _work(campaign: UUID, carrier: Carrier, in_time: Callable[[], bool]) -> bool:
    """Hand over batch after batch while the hour allows it; tell whether time ended it."""
    tried: set[UUID] = set()
    while _goes_on(campaign):
        batch = post_queries.find_held(ref=ref_of(campaign), tried=tried)
        if batch is None or queries.quiet() is not None:
            return False
        if not in_time():
            return True
        tried.add(batch)
        if not _got_through(handover.hand_over(batch=batch, carrier=carrier)):
            return False
    return False


@transaction.atomic
def settle(*, campaign: UUID) -> bool:
    """Call a campaign finished when no message of it waits or is on its way; tell whether that is so.

    Of a stopped one it refuses second tries: they are planned anew by the batch that was leaving meanwhile.
    """
    found = Campaign.objects.select_for_update().filter(pk=campaign).exclude(state=State.DRAFT).first()
    if found is None or found.resolved_at is not None:
        return found is not None
    if found.state == State.STOPPED:
        post.stop(ref=found.ref)
    if not post_queries.progress(ref=found.ref).finished:
        return False
    if found.state != State.STOPPED:
        found.state = State.FINISHED
    found.resolved_at = clock.now()
    found.save(update_fields=["state", "resolved_at"])
    counts = asdict(queries.report(queries.get_campaign(campaign)))
    ledger.note(event="campaigns.finished", payload={"campaign": str(campaign), **counts})
    return True


def _goes_on(campaign: UUID) -> bool:
    Campaign.objects.filter(pk=campaign, state=State.PLANNED).update(state=State.SENDING)
    return Campaign.objects.filter(pk=campaign, state=State.SENDING, resolved_at=None).exists()


def _got_through(handed: Handed) -> bool:
    return not handed.counts or set(handed.counts) != {"planned"}
