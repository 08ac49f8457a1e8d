"""Django for a command: set up as the application, or for the migrations as the owner."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from amana.cli import server
from amana.web import home


def set_up() -> None:
    """Load the settings and the rooms, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.web.settings")
    if not apps.ready:
        django.setup()


@contextmanager
def database() -> Iterator[None]:
    """Keep the home's database running inside the block, with the application signed in."""
    with server.running(home.home()), signed_in("app"):
        yield


@contextmanager
def signed_in(role: home.Role) -> Iterator[None]:
    """Make the one alias, `default`, sign in as `role` inside the block."""
    connection = connections["default"]
    before = connection.settings_dict.copy()
    connection.close()
    # Read anew: at a first start the passwords are younger than the settings.
    connection.settings_dict.update(home.django_database(role))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


def migrate(*, verbosity: int = 1) -> None:
    """Bring the database up to date as its owner, then let every room check that it may start.

    Raises SystemCheckError when a room refuses.
    """
    with signed_in("owner"):
        call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("check", databases=["default"], stdout=StringIO() if verbosity == 0 else None)
