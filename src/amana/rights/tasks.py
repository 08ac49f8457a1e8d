"""The jobs of the rights room: let lapse what was not confirmed, and issue what a crash left out."""

from procrastinate.contrib.django import app

from amana.rights import actions, certificates


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="rights.look_after_requests", queue="rights", queueing_lock="rights.look_after", pass_context=False
)
def look_after_requests(timestamp: int = 0) -> None:
    """Expire requests and issue missing certificates."""
    actions.expire()
    certificates.issue_missing()
