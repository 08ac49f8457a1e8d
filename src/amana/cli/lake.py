"""`amana lake`: carry events over, merge files, and say where the lake stands; `serve` does the first two by itself."""

import click
import duckdb

from amana.cli import django
from amana.cli.words import say
from amana.collect.lake import compaction, health
from amana.collect.lake import drain as draining


@click.group("lake", help=say("Look after the website's events."))
def lake() -> None:
    """Group the verbs of the lake."""


@lake.command(help=say("Carry over the events that wait; safe at any time."))
def drain() -> None:
    """Drain the inbox once."""
    try:
        with django.database():
            done = draining.drain()
    except duckdb.IOException:
        # Its own words may name the login of the catalogue.
        raise click.ClickException(
            say(
                "The lake cannot be written: is there room? Nothing is lost, the events wait in the database."
            )
        ) from None
    click.echo(
        say("New events: {events}; repeats dropped: {repeats}").format(
            events=done.events, repeats=done.repeats
        )
    )


@lake.command(help=say("Merge small files, and remove from the disk what was deleted."))
def compact() -> None:
    """Merge and tidy."""
    with django.database():
        merged = compaction.compact()
        done = compaction.tidy()
    click.echo(
        say("Files merged: {merged}; written without deleted rows: {rewritten}; removed: {removed}").format(
            merged=merged, rewritten=done.rewritten, removed=done.removed
        )
    )


@lake.command(
    help=say("Say how much there is, what waits and what is overdue; exit code 1 when anything is late.")
)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Print the lake's figures."""
    with django.database():
        found = health.standing()
    drained = f"{found.drained_at:%Y-%m-%d %H:%M:%S} UTC" if found.drained_at else "—"
    for words, figure in (
        (say("events"), f"{found.events:,}"),
        (say("files"), f"{found.files:,}"),
        (say("bytes"), f"{found.bytes:,}"),
        (say("bytes that wait in the inbox"), f"{found.waiting_bytes:,}"),
        (say("last carried over"), drained),
    ):
        click.echo(f"{figure:>24}  {words}")
    for line in _late(found):
        click.echo(line, err=True)
    ctx.exit(0 if found.holds else 1)


def _late(found: health.Standing) -> list[str]:
    lines = [
        say("Overdue: {day} of {table} should have been deleted.").format(day=day.isoformat(), table=table)
        for table, day in found.overdue
    ]
    if found.drain_late:
        lines.append(
            say("Events wait that nothing carries over: does the worker run, and has the lake room?")
        )
    if found.deletion_late and found.undeleted_since:
        since = f"{found.undeleted_since:%Y-%m-%d %H:%M:%S} UTC"
        lines.append(say("Deleted, but on the disk since {since}: does the worker run?").format(since=since))
    return lines
