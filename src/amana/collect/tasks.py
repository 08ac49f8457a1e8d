"""The jobs of the website's room: carry events to the lake, keep it tidy, end what is over.

A job that fails stays in the list of jobs as failed, and what it left undone shows in `lake.health`.
"""

from procrastinate.contrib.django import app

from amana.collect import calendar, visitors
from amana.collect.lake import compaction, drain, retention
from amana.collect.traffic import counting

LAKE = "collect.lake"


@app.periodic(cron="* * * * * */3")
@app.task(name="collect.drain", queue="lake", queueing_lock="collect.drain", lock=LAKE, pass_context=False)
def drain_inbox(timestamp: int = 0) -> None:
    """Carry over what waits in the inbox."""
    drain.drain()


@app.periodic(cron="* * * * * */20")
@app.task(name="collect.count", queue="lake", queueing_lock="collect.count", lock=LAKE, pass_context=False)
def count_visits(timestamp: int = 0) -> None:
    """Count the days whose events changed, for the traffic pages."""
    counting.count()


@app.periodic(cron="* * * * *")
@app.task(name="collect.tidy", queue="lake", queueing_lock="collect.tidy", lock=LAKE, pass_context=False)
def tidy(timestamp: int = 0) -> None:
    """Remove from the disk what was deleted."""
    compaction.tidy()


@app.periodic(cron="41 * * * *")
@app.task(
    name="collect.compact", queue="lake", queueing_lock="collect.compact", lock=LAKE, pass_context=False
)
def compact(timestamp: int = 0) -> None:
    """Merge the hour's small files."""
    compaction.compact()


@app.periodic(cron="7 0,6,12,18 * * *")
@app.task(
    name="collect.retention", queue="lake", queueing_lock="collect.retention", lock=LAKE, pass_context=False
)
def end_retention(timestamp: int = 0) -> None:
    """Drop the days whose time is over."""
    retention.end()


# Midnights of the world lie on quarters of an hour.
@app.periodic(cron="1,16,31,46 * * * *")
@app.task(name="collect.salts", queue="collect", queueing_lock="collect.salts", pass_context=False)
def forget_salts(timestamp: int = 0) -> None:
    """Delete the salts no session needs any more."""
    visitors.forget_salts(calendar.today())
