"""The jobs of this room: hand one campaign over, and see every minute that none was left lying."""

from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from amana.campaigns import queries, sending
from amana.post import carrier

LOCK = "campaigns.hand_over"


@app.task(name="campaigns.hand_over", queue="campaigns", pass_context=False)
def hand_over(campaign: str) -> None:
    """Hand over what waits of one campaign, and come back for the rest."""
    number = UUID(campaign)
    if sending.hand_over(campaign=number, carrier=carrier.carrier()):
        wake(number)


@app.periodic(cron="* * * * *")
@app.task(
    name="campaigns.look_after", queue="campaigns", queueing_lock="campaigns.look_after", pass_context=False
)
def look_after(timestamp: int = 0) -> None:
    """Settle what can be, and wake the hand-over of what cannot: after a crash nobody else would."""
    for campaign in queries.unresolved():
        if not sending.settle(campaign=campaign.id) and campaign.running:
            wake(campaign.id)


def wake(campaign: UUID) -> None:
    """Have a campaign handed over as soon as a worker is free."""
    try:
        hand_over.configure(queueing_lock=f"{LOCK}:{campaign}").defer(campaign=str(campaign))
    except AlreadyEnqueued:
        return  # it will run anyway
