"""What keeps a deployment over the years: backups, restoring them, the erase journal, new keys."""

from datetime import datetime

import click
from django.db import DatabaseError

from amana.cli import django, dumps, lake_files, replayed, server
from amana.cli.words import say
from amana.gate import keeping, narrowing, reindexing, replaying, rotation
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.post import actions as post
from amana.web import home


@click.command(help=say("Write a backup of the database; old ones whose time is over are deleted."))
@click.option("--name", help=say("Name of the backup; by default the time."))
@click.option("--days", default=keeping.DAYS, show_default=True, help=say("Days it is kept."))
def backup(name: str | None, days: int) -> None:
    """Dump the database into the home."""
    with django.database(), django.signed_in("owner"):
        for over in keeping.expire():
            lake_files.remove(over)
            click.echo(say("Deleted, its time is over: {name}").format(name=over))
        chosen = name or clock.now().strftime("%Y%m%dT%H%M%SZ")
        with keeping.entered(name=chosen, days=days) as (entry, path), lake_files.kept(chosen):
            dumps.dump(path)
    click.echo(
        say(
            "Backup {name}: {size} bytes, kept until {until}. Without the keys in the home it opens nothing."
        ).format(name=chosen, size=path.stat().st_size, until=day(entry.expires_at))
    )


@click.command(help=say("List the backups."))
def backups() -> None:
    """List name, time, end and the journal's place."""
    for each in keeping.backups():
        click.echo(
            f"{each.name}  {each.taken_at:%Y-%m-%d %H:%M}  → {day(each.expires_at)}  #{each.journal.sequence}"
        )


@click.command(
    help=say("Put a backup in the place of the database, then erase again whoever was erased since.")
)
@click.argument("name")
def restore(name: str) -> None:
    """Restore, migrate, replay; nobody is served meanwhile."""
    path = keeping.dump_of(name)
    _refuse_while_served()
    with django.database():
        _keep_narrowings()
        dumps.put_back(path)
        lake_files.put_back(name)
        django.migrate(verbosity=0)
        with django.signed_in("owner"):
            post.settle_restored()
            done = replaying.replay()
            replaying.note_restore()
        _keep_narrowings()
    report(done)
    click.echo(say("Restored: {name}").format(name=name))
    for line in replayed.narrowed(done):
        click.echo(line)
    click.echo(
        say("Consents given since the backup are not in it: whoever gave one has to be asked again."),
        err=True,
    )


def _keep_narrowings() -> None:
    """Keep outside the database what was narrowed last; the database may be past that, and is replaced all the same."""
    try:
        with django.signed_in("owner"):
            narrowing.keep_all()
    except (DatabaseError, Refusal):
        click.echo(
            say(
                "What was withdrawn in the last moments could not be read from the database: look at the outgoing logs."
            ),
            err=True,
        )


@click.command(help=say("Erase again whoever the erase journal names and the database still has."))
def replay() -> None:
    """Bring the database up to the journal, and to what was narrowed."""
    with django.database(), django.signed_in("owner"):
        done = replaying.replay()
    report(done)
    for line in replayed.narrowed(done):
        click.echo(line)


def report(done: replaying.Replayed) -> None:
    """Say what a replay did."""
    if done.records == 0:
        click.echo(say("The database and the erase journal agree."))
        return
    click.echo(replayed.erased(done))


@click.command(
    "rotate-keys", help=say("Make a new epoch key, wrap everybody's key by it, destroy what nothing needs.")
)
@click.option(
    "--indexes", is_flag=True, help=say("Make a new index key instead, and index every address by it.")
)
def rotate_keys(indexes: bool) -> None:
    """Rotate under load: nobody is locked out, an old key stays while a backup needs it."""
    with (
        django.database(),
        django.signed_in("owner"),
        click.progressbar(length=1, label=say("People")) as bar,
    ):
        done = (reindexing.reindex if indexes else rotation.rotate)(lambda at, of: _show(bar, at, of))
    click.echo(say("Key {number} is in use; people: {people}").format(number=done.key, people=done.people))
    if isinstance(done, reindexing.Reindexed) and done.left:
        click.echo(
            say("Not indexed anew, as something of theirs does not open; people: {people}").format(
                people=done.left
            ),
            err=True,
        )
    for number in done.destroyed:
        click.echo(say("Destroyed: key {number}").format(number=number))
    if done.kept and done.kept_until:
        numbers = ", ".join(map(str, done.kept))
        click.echo(
            say("Kept for backups until {until}: key {numbers}").format(
                until=day(done.kept_until), numbers=numbers
            )
        )


def _show(bar: "click._termui_impl.ProgressBar[int]", at: int, of: int) -> None:
    bar.length = max(of, 1)
    bar.update(at - bar.pos)


def _refuse_while_served() -> None:
    """Refuse while another process runs on this home; on a server of one's own its sessions are ended instead."""
    held = None if home.own_server() else server.lock(home.home())
    if held is not None:
        held.close()
    elif not home.own_server():
        raise click.ClickException(say("Amana runs on this home: end it first."))


def day(at: datetime) -> str:
    """Write a day as it stands in a certificate."""
    return at.date().isoformat()
