"""Backups by the clock, as a part of `serve` with the owner's login: no job of the worker may read everything."""

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import click
from django.conf import settings

from amana.cli.words import say
from amana.gate import keeping
from amana.kernel import clock
from amana.web import backups, home

# After the start everything else comes first; after a failure the disk or the database may be back soon.
FIRST, AGAIN = timedelta(minutes=1), timedelta(minutes=10)
# A part that falls later than this is started again without being counted out.
STEADY = timedelta(seconds=30)


@click.command("keep-backups", help=say("Take backups by the clock (a part of `serve`)."))
def keep_backups() -> None:
    """Take a backup whenever one is due, until SIGTERM; end with 1 after a failure, so that it is announced."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    every = timedelta(hours=settings.AMANA_BACKUP_HOURS)
    started = clock.now()
    while not stop.wait(_seconds(next_at(every=every, started=started) - clock.now())):
        if not take(days=days(settings.AMANA_BACKUP_COUNT, every)):
            stop.wait(_seconds(started + STEADY - clock.now()))
            raise click.ClickException(say("The backup failed. It is tried again in ten minutes."))


def next_at(*, every: timedelta, started: datetime) -> datetime:
    """Return when the next backup is due: `every` so often, soon after the start, and again soon after a failure."""
    done = [one.taken_at for one in keeping.backups()]
    due = max(done) + every if done else started
    failed = backups.failed_at(home.home())
    return max(due, started + FIRST, failed + AGAIN if failed else due)


def days(count: int, every: timedelta) -> int:
    """Return how many days a backup is kept so that `count` of them are there; the certificates name that day."""
    return max(1, -(-count * every // timedelta(days=1)))


def take(*, days: int, run: Callable[[list[str]], int] = subprocess.call) -> bool:
    """Take one backup by the command an operator uses; tell whether it stands. A failure is noted in the home."""
    note = backups.failure(home.home())
    if run([sys.executable, "-m", "amana.cli", "backup", "--days", str(days)]) == 0:
        note.unlink(missing_ok=True)
        return True
    note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    Path(note).write_text(clock.now().astimezone(UTC).isoformat(), "ascii")
    return False


def _seconds(until: timedelta) -> float:
    return max(until.total_seconds(), 0.0)
