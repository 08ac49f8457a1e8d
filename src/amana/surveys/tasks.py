"""The jobs of the surveys: take answers in every second, end what is over."""

from procrastinate.contrib.django import app

from amana.surveys.intake import retention, taking

TAKE_IN = "surveys.take_in"


@app.periodic(cron="* * * * * *")
@app.task(name=TAKE_IN, queue="surveys", queueing_lock=TAKE_IN, lock=TAKE_IN, pass_context=False)
def take_in(timestamp: int = 0) -> None:
    """Take in the answers that wait."""
    taking.take_in(seconds=taking.PATIENCE_SECONDS)


@app.periodic(cron="23 * * * *")
@app.task(
    name="surveys.end_retention",
    queue="surveys",
    queueing_lock="surveys.end_retention",
    pass_context=False,
)
def end_retention(timestamp: int = 0) -> None:
    """Delete answers and envelopes whose time is over."""
    retention.end()
