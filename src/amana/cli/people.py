"""The retailer's own side, from the command line: its brand and shops, and the first of its staff."""

from pathlib import Path
from typing import Any

import click

from amana.cli import django
from amana.cli.words import say
from amana.kernel.text import Bilingual
from amana.retailer import actions, factors, passwords

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(help=say("Load brand, countries, regions and shops from a file."))
@click.argument("file", type=FILE)
def brand(file: Path) -> None:
    """Load the brand file as the owner."""
    with django.database(), django.signed_in("owner"):
        actions.load_brand(file)
    click.echo(say("Loaded: {file}").format(file=file))


@click.group(help=say("The people who work with Amana."))
def staff() -> None:
    """Group the verbs of staff."""


@staff.command(
    help=say("Add a member of staff; prints a password to hand over, to be changed at first sign-in.")
)
@click.argument("email")
@click.option("--name-ar", required=True, help=say("Name in Arabic."))
@click.option("--name-en", required=True, help=say("Name in English."))
@click.option(
    "--role", "roles", multiple=True, required=True, help=say("Role from the policy; repeat for more.")
)
@click.option("--shop", "shops", type=int, multiple=True, help=say("Only this shop; repeat for more."))
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True)
def add(email: str, name_ar: str, name_en: str, shops: tuple[int, ...], **words: Any) -> None:
    """Add somebody as the owner, as the first administrator must be."""
    password = passwords.temporary()
    with django.database(), django.signed_in("owner"):
        actions.add_staff_as_owner(
            email=email, name=Bilingual(ar=name_ar, en=name_en), password=password, must_change=True,
            shops=shops or None, **words,
        )  # fmt: skip
    click.echo(say("Password of {email}: {password}").format(email=email, password=password))


@staff.command(
    help=say(
        "Demand a second factor of exactly these roles; the others may set one up. Without roles: nobody."
    )
)
@click.option("--role", "roles", multiple=True, help=say("Role from the policy; repeat for more."))
def demand(roles: tuple[str, ...]) -> None:
    """Set as the owner what nobody who is signed in may loosen."""
    with django.database(), django.signed_in("owner"):
        factors.demand(roles=roles)
    click.echo(say("A second factor is demanded of: {roles}").format(roles=", ".join(roles) or "-"))


@staff.command(
    "drop-factor", help=say("Remove the second factor of somebody who lost it; ends their sessions.")
)
@click.argument("email")
def drop_factor(email: str) -> None:
    """Let the last administrator in again."""
    with django.database(), django.signed_in("owner"):
        factors.drop_as_owner(email=email)
    click.echo(say("Removed: the second factor of {email}").format(email=email))
