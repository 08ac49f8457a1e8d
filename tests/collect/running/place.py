"""A deployment that takes events in: its source, its database as the superuser sees it, its lake."""

import json
import subprocess
import sys
from typing import Any

import psycopg

from tests.cli.deployment import Deployment
from tests.database import Connection


def told(place: Deployment, *words: str) -> Any:
    """Let something be done with the deployment's collection, and return what was said of it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.collect.running.story", *words],
        env={**place.environment(), "DJANGO_SETTINGS_MODULE": "amana.web.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def superuser(place: Deployment, user: str = "superuser") -> Connection:
    """Open an autocommit connection to a deployment's database as its superuser, or as its owner."""
    password = (place.home / "secrets" / f"pg-{user}").read_text("utf-8").strip()
    socket = (place.home / "postgres.location").read_text("utf-8").partition('"socket"')[2].split('"')[1]
    login = "postgres" if user == "superuser" else f"amana_{user}"
    return psycopg.connect(
        host=socket, port=5432, dbname="amana", user=login, password=password, autocommit=True,
        connect_timeout=5,
    )  # fmt: skip


def waiting(place: Deployment) -> int:
    """Return how many events wait for the lake; -1 where the database is away."""
    try:
        with superuser(place) as session:
            row = session.execute(
                "SELECT (SELECT count(*) FROM collect_inbox_0) + (SELECT count(*) FROM collect_inbox_1)"
            ).fetchone()
    except psycopg.OperationalError:
        return -1
    return int(row[0]) if row else -1
