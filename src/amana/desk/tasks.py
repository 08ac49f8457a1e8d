"""The job of the desk: take in what has come, every few seconds."""

from procrastinate.contrib.django import app

from amana.desk import arrivals

LOCK = "desk.take_in_mail"


@app.periodic(cron="* * * * * */5")
@app.task(name="desk.take_in_mail", queue="desk", queueing_lock=LOCK, lock=LOCK, pass_context=False)
def take_in_mail(timestamp: int = 0) -> None:
    """Turn the mails that wait into conversations, understand and answer them."""
    arrivals.take_in()
