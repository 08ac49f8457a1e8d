"""A deployment that takes events in: its source, its database as the superuser sees it, its lake."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.cli.deployment import Deployment, until
from tests.database import Connection

FULL_DISK = """
CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'No space left on device'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON public.collect_inbox_0 FOR EACH ROW EXECUTE FUNCTION public.full_disk();
CREATE TRIGGER full_disk BEFORE INSERT ON public.collect_inbox_1 FOR EACH ROW EXECUTE FUNCTION public.full_disk();
"""


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
                """SELECT count(*) FROM (TABLE collect_inbox_0 UNION ALL TABLE collect_inbox_1) AS rows,
                string_to_table(line, E'\\n')"""
            ).fetchone()
    except psycopg.OperationalError:
        return -1
    return int(row[0]) if row else -1


@contextmanager
def full_disk(place: Deployment) -> Iterator[None]:
    """Let the database answer every write of events as it does when its disk is full (SQLSTATE 53100)."""
    with superuser(place, "owner") as owner:
        owner.execute(FULL_DISK)
        try:
            yield
        finally:
            owner.execute("DROP FUNCTION public.full_disk() CASCADE")


def counts(place: Deployment, source: str) -> dict[tuple[str, str, str], int]:
    """Return what became of what one source sent, by event, property and reason (empty: accepted)."""
    with superuser(place) as session:
        rows = session.execute(
            "SELECT event, property, reason, sum(count)::int FROM collect_dropped WHERE source = %s"
            " GROUP BY 1, 2, 3",
            [int(source)],
        ).fetchall()
    return {(event, of, reason): number for event, of, reason, number in rows}


def make_source(place: Deployment, *origins: str) -> dict[str, str]:
    """Make a source, and wait until the running server knows it: it looks once a second."""
    made: dict[str, str] = told(place, "source", *origins)

    def known() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=5)
        try:
            connection.request("GET", f"/v1/projects/{made['public']}/settings")
            return connection.getresponse().status == 200
        finally:
            connection.close()

    assert until(known, 15)
    return made
