"""`amana purchases`: tell of what was bought, so that its buyers may be asked about it."""

from pathlib import Path

import click

from amana.cli import django, serve
from amana.cli.people import FILE
from amana.cli.words import say
from amana.surveys.taking import purchases as asking


@click.command(
    "purchases",
    help=say(
        "Ask after purchases from a file (CSV: order, email, shop), whoever allowed it and not too often."
    ),
)
@click.argument("file", type=FILE)
def purchases(file: Path) -> None:
    """Read a file of purchases and plan what follows them."""
    with django.database(), django.signed_in("app"), serve.system_session() as session:
        told = asking.tell(asking.read(file.read_text("utf-8")), session=session)
    click.echo(
        say("To be asked: {invited}; told before: {repeated}; nobody known: {unknown}").format(
            invited=told.invited, repeated=told.repeated, unknown=told.unknown
        )
    )
