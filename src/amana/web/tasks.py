"""Free what a killed worker held, so that no job waits for ever for the lock of one that nobody carries out."""

from typing import Final

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

# A worker says so often that it lives, and is taken for dead after so long.
HEARTBEAT_SECONDS: Final = 2.0
DEAD_SECONDS: Final = 10.0


@app.periodic(cron="* * * * * */5")
@app.task(name="web.free_jobs", queue="web", queueing_lock="web.free_jobs", pass_context=False)
def free_jobs(timestamp: int = 0) -> None:
    """End as failed what dead workers were at. Every job comes again by its clock, and takes up what was left."""
    manager = app.job_manager
    for job in async_to_sync(manager.get_stalled_jobs)(seconds_since_heartbeat=DEAD_SECONDS):
        async_to_sync(manager.finish_job)(job, Status.FAILED, delete_job=False)
