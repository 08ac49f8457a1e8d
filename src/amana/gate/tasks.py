"""The gate's job: once a night, end what the policy keeps only for a time."""

from procrastinate.contrib.django import app

from amana.gate import retention

LOCK = "gate.end_retention"


@app.periodic(cron="17 1 * * *")
@app.task(name="gate.end_retention", queue="gate", queueing_lock=LOCK, pass_context=False)
def end_retention(timestamp: int = 0) -> None:
    """Delete values and months that have outlived their retention."""
    retention.end()
