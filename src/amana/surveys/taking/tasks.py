"""The jobs of asking: send invitations, honour objections, forget codes that have ended."""

from procrastinate.contrib.django import app

from amana.surveys.taking import codes, invitations, objections


@app.periodic(cron="*/5 * * * *")
@app.task(name="surveys.invite", queue="surveys", queueing_lock="surveys.invite", pass_context=False)
def invite(timestamp: int = 0) -> None:
    """Invite whoever is due."""
    invitations.send_due()


@app.periodic(cron="17 3 * * *")
@app.task(name="surveys.drop_codes", queue="surveys", queueing_lock="surveys.drop_codes", pass_context=False)
def drop_codes(timestamp: int = 0) -> None:
    """Empty the codes that are no longer valid."""
    codes.drop_ended()


@app.periodic(cron="41 * * * *")
@app.task(
    name="surveys.honour_objections",
    queue="surveys",
    queueing_lock="surveys.honour_objections",
    pass_context=False,
)
def honour_objections(timestamp: int = 0) -> None:
    """Take out of the counts whoever objected to being counted."""
    objections.honour()
