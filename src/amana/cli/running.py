"""Commands that make a deployment and keep it running."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, cast

import click
import psycopg
from django.conf import settings
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector

from amana.cli import django, home_files, serve
from amana.cli.words import say
from amana.gate import folding, narrowing
from amana.gate.door import door
from amana.ledger import cosigning, sequencer, witness
from amana.web import home, tasks

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
SERVING = (
    click.option("--host", default="127.0.0.1", show_default=True, help=say("Address to listen on.")),
    click.option("--port", default=8000, envvar="PORT", show_default=True, help=say("Port to listen on.")),
    click.option(
        "--processes", default=min(4, os.cpu_count() or 1), show_default=True, help=say("Web processes.")
    ),
    click.option(
        "--tls", is_flag=True, help=say("Serve HTTPS; without a certificate one is made for development.")
    ),
    click.option("--certificate", type=FILE, help=say("Certificate chain (PEM).")),
    click.option("--key", type=FILE, help=say("Its private key (PEM, PKCS#8).")),
)


@click.command(help=say("Make the home: secrets, keys, database server, roles and tables."))
def setup() -> None:
    """Make everything a first start needs; what is there stays."""
    with django.database():
        home_files.make(home.home())
        django.migrate(verbosity=0)
    click.echo(say("Ready: {home}").format(home=home.home()))


@click.command(help=say("Bring the database up to date, as its owner."))
@click.option("--quiet", is_flag=True, help=say("Print nothing but errors."))
def migrate(quiet: bool) -> None:
    """Run the migrations."""
    with django.database():
        django.migrate(verbosity=0 if quiet else 1)


def serving_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of whatever serves."""
    for option in reversed(SERVING):
        command = option(command)
    return command


@click.command("serve", help=say("Start everything, and keep it running until Ctrl-C."))
@serving_options
@click.pass_context
def serve_command(ctx: click.Context, /, **words: Any) -> None:
    """Serve in the foreground."""
    ctx.exit(serve.run(serve.options(**words)))


@click.command(help=say("Carry out jobs (a part of `serve`; more can run elsewhere)."))
@click.option("--concurrency", default=4, show_default=True, help=say("Jobs at a time."))
def worker(concurrency: int) -> None:
    """Work on the queue until SIGTERM."""
    connector = cast(DjangoConnector, jobs.connector).get_worker_connector()
    with jobs.replace_connector(connector) as queue:
        # There is a job every few seconds: those that are done would fill the database.
        queue.run_worker(
            concurrency=concurrency, install_signal_handlers=True, delete_jobs="successful",
            update_heartbeat_interval=tasks.HEARTBEAT_SECONDS, stalled_worker_timeout=tasks.DEAD_SECONDS,
        )  # fmt: skip


@click.command(help=say("Number and sign the ledger's entries (a part of `serve`)."))
def sequence() -> None:
    """Sequence until SIGTERM."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    signer = home_files.ledger_signer(home.home())
    keep = narrowing.Keeper()

    def prepare(connection: psycopg.Connection[Any]) -> None:
        folding.fold(connection)
        keep(connection)

    with psycopg.connect(**home.address("sequencer"), autocommit=True) as connection:
        sequencer.run(connection, signer, door().journal.head, stop, prepare=prepare)


@click.command(
    "ask-witnesses", help=say("Have witnesses cosign the ledger's checkpoints (a part of `serve`).")
)
def ask_witnesses() -> None:
    """Ask every minute, until SIGTERM."""
    witnesses = witness.parse(settings.AMANA_WITNESSES)
    # Nothing is ever half done here: the end need not wait for a witness that is slow.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    with psycopg.connect(**home.address("sequencer"), autocommit=True) as connection:
        cosigning.run(connection, witnesses, Event())
