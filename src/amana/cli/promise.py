"""`amana policy`: look at a policy file, compare it with the running one, put it in force."""

import getpass
from pathlib import Path

import click
import psycopg

from amana.cli import django
from amana.cli.words import say
from amana.policy import commands
from amana.web import home

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("policy", help=say("Check, compare and publish the policy file."))
def policy() -> None:
    """Group the verbs of the policy file."""


@policy.command(help=say("Say everything that is wrong with a policy file."))
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Check a file; needs no database."""
    _say(commands.check(file))


@policy.command(help=say("Say what a policy file would change, and who would be asked again."))
@click.argument("file", type=FILE)
def diff(file: Path) -> None:
    """Compare a file with what runs."""
    with django.database(), psycopg.connect(**home.address("publisher"), autocommit=True) as connection:
        _say(commands.compare(file, connection=connection))


@policy.command(help=say("Put a policy file in force, with the publisher's login."))
@click.argument("file", type=FILE)
@click.option("--actor", default=getpass.getuser, help=say("Who publishes it, for the record."))
def publish(file: Path, actor: str) -> None:
    """Publish a file."""
    with django.database(), psycopg.connect(**home.address("publisher"), autocommit=True) as connection:
        _say(commands.publish(file, connection=connection, actor=actor))


def _say(report: commands.Report) -> None:
    click.echo(report.text, err=not report.ok)
    if not report.ok:
        raise click.exceptions.Exit(1)
