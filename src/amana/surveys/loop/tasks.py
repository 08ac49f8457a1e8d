"""The jobs of the loop: tell who has to know, send replies, hand up what is late, let go of what is over."""

from procrastinate.contrib.django import app

from amana.surveys.loop import actions, ending, replies, telling


@app.periodic(cron="* * * * * */5")
@app.task(name="surveys.close_loop", queue="loop", queueing_lock="surveys.close_loop", pass_context=False)
def close_loop(timestamp: int = 0) -> None:
    """Tell of new cases, and send the replies whose time has come."""
    telling.tell()
    replies.send_due()


@app.periodic(cron="* * * * *")
@app.task(name="surveys.escalate", queue="loop", queueing_lock="surveys.escalate", pass_context=False)
def escalate(timestamp: int = 0) -> None:
    """Hand up what is late, and close what is no longer allowed."""
    actions.escalate_late()
    ending.let_go_withdrawn()


@app.periodic(cron="47 3 * * *")
@app.task(name="surveys.end_cases", queue="loop", queueing_lock="surveys.end_cases", pass_context=False)
def end_cases(timestamp: int = 0) -> None:
    """Delete the cases whose time is over."""
    ending.end_retention()
