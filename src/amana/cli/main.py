"""The list of commands; each is loaded when it is named, once Django knows the rooms it imports."""

from importlib import import_module
from typing import Any, NoReturn

import click

from amana.cli import django
from amana.cli.postgres import PostgresError
from amana.cli.words import language, say
from amana.kernel.refusal import Refusal

COMMANDS = {
    "setup": "running",
    "migrate": "running",
    "serve": "running",
    "demo": "demo",
    "worker": "running",
    "mail": "mail",
    "sequence": "running",
    "ask-witnesses": "running",
    "policy": "promise",
    "brand": "people",
    "staff": "people",
    "purchases": "purchases",
    "surveys": "surveys",
    "verify": "proof",
    "why": "proof",
    "lake": "lake",
    "backup": "keeping",
    "backups": "keeping",
    "keep-backups": "rounds",
    "restore": "keeping",
    "replay": "keeping",
    "rotate-keys": "keeping",
}


class Commands(click.Group):
    """Commands by name: `COMMANDS` says which file of this room holds each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order an operator meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Load one command."""
        if name not in COMMANDS:
            return None
        django.set_up()
        module = import_module(f"amana.cli.{COMMANDS[name]}")
        found = (
            each for each in vars(module).values() if isinstance(each, click.Command) and each.name == name
        )
        return next(found)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal is one line in the reader's language, everything else is a bug."""
        try:
            return super().invoke(ctx)
        except PostgresError as error:
            _give_up(str(error))
        except Refusal as refusal:
            _give_up(refusal.message_in(language()))


def _give_up(words: str) -> NoReturn:
    raise click.ClickException(words) from None


@click.group(cls=Commands, help=say("Amana: data kept and used only as the published notice says."))
@click.version_option(package_name="amana", message="%(version)s", help=say("Show the version and exit."))
def main() -> None:
    """Run one command."""
