"""The commands. Each only reads its words and calls what does the work."""

import os
from pathlib import Path
from typing import Any, cast

import click
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector

from amana.cli import django, serve, server
from amana.cli.postgres import PostgresError
from amana.cli.words import say
from amana.web import home

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


class Group(click.Group):
    """A group that says in one line why the database cannot be had."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except PostgresError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Group, help=say("Amana: data kept and used only as the published notice says."))
@click.version_option(package_name="amana", message="%(version)s", help=say("Show the version and exit."))
def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.web.settings")


@main.command(help=say("Make the home: secrets, database server, roles and tables."))
def setup() -> None:
    """Make everything a first start needs."""
    with server.running(home.home()):
        django.set_up()
        django.migrate(verbosity=0)
    click.echo(say("Ready: {home}").format(home=home.home()))


@main.command(help=say("Bring the database up to date, as its owner."))
@click.option("--quiet", is_flag=True, help=say("Print nothing but errors."))
def migrate(quiet: bool) -> None:
    """Run the migrations."""
    with server.running(home.home()):
        django.set_up()
        django.migrate(verbosity=0 if quiet else 1)


@main.command("serve", help=say("Start database, web and worker, and keep them running until Ctrl-C."))
@click.option("--host", default="127.0.0.1", show_default=True, help=say("Address to listen on."))
@click.option("--port", default=8000, envvar="PORT", show_default=True, help=say("Port to listen on."))
@click.option("--processes", default=1, show_default=True, help=say("Web processes."))
@click.option(
    "--tls", is_flag=True, help=say("Serve HTTPS; without a certificate one is made for development.")
)
@click.option(
    "--certificate", type=click.Path(path_type=Path, exists=True), help=say("Certificate chain (PEM).")
)
@click.option(
    "--key", type=click.Path(path_type=Path, exists=True), help=say("Its private key (PEM, PKCS#8).")
)
@click.pass_context
def serve_command(ctx: click.Context, /, **words: Any) -> None:
    """Serve in the foreground."""
    ctx.exit(serve.run(serve.options(**words)))


@main.command(help=say("Carry out jobs (one of the parts `serve` starts; more can run elsewhere)."))
@click.option("--concurrency", default=4, show_default=True, help=say("Jobs at a time."))
def worker(concurrency: int) -> None:
    """Work on the queue until SIGTERM."""
    django.set_up()
    connector = cast(DjangoConnector, jobs.connector).get_worker_connector()
    with jobs.replace_connector(connector) as queue:
        queue.run_worker(concurrency=concurrency, install_signal_handlers=True)
