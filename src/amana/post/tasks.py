"""The jobs of the post room: hand over what is due, every minute and whenever somebody wakes it."""

from procrastinate.contrib.django import app

from amana.post import carrier, handover

LOCK = "post.hand_over_due"


@app.periodic(cron="* * * * *")
@app.task(name="post.hand_over_due", queue="post", queueing_lock=LOCK, pass_context=False)
def hand_over_due(timestamp: int = 0) -> None:
    """Hand over what is due; what a crash left behind is resolved first."""
    handover.hand_over_due(carrier=carrier.carrier())
