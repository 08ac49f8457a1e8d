"""A deployment for one benchmark: the embedded server as it is shipped, durable, in a folder of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
from django.core.management import call_command

from amana.cli import django, home_files, postgres
from amana.web import home

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def deployment() -> Iterator[Path]:
    """Make a home with every table, keep its server running inside the block, and remove both."""
    place = Path(tempfile.mkdtemp(prefix="amana-bench-"))
    os.environ["AMANA_HOME"] = str(place)
    django.set_up()
    data = postgres.place_for(place).data.parent
    try:
        with django.database():
            home_files.make(place)
            with django.signed_in("owner"):
                call_command("migrate", interactive=False, verbosity=0)
            yield place
    finally:
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)


def connect(role: home.Role) -> Connection:
    """Open an autocommit connection as one of the deployment's logins."""
    return psycopg.connect(**home.address(role), autocommit=True)
