"""kill -9 of the process that drains, at seeded places: every event is in the lake exactly once."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings

from amana.collect.lake import connection, drain
from tests.collect.lake.conftest import NOON_MS, Look, put_into, visit
from tests.database import PASSWORD, Connection

pytestmark = pytest.mark.django_db(transaction=True)
CHILD = Path(__file__).with_name("child.py")
ROOT = Path(__file__).resolve().parents[3]
# A drain of one part runs about so many lines of its own.
LINES = 110


def spawn(database: str, how: str, number: float) -> "subprocess.Popen[bytes]":
    """Start a child that drains this worker's database, to be killed there."""
    address = f"host={os.environ['AMANA_TEST_SOCKET']} port=5432 dbname={database} user=amana_app password='{PASSWORD}'"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        "DJANGO_SETTINGS_MODULE": "amana.web.settings",
        "AMANA_HOME": str(settings.AMANA_HOME),
        "AMANA_DATABASE_URL": address,
    }
    return subprocess.Popen([sys.executable, str(CHILD), how, str(number)], env=environment)


def places(seed: int) -> Iterator[tuple[str, float]]:
    """Yield where to kill, for ever, the same for a seed."""
    chance = random.Random(seed)
    while True:
        by_line = chance.random() < 0.5
        yield ("line", chance.randint(1, LINES)) if by_line else ("after", round(chance.uniform(0, 0.25), 4))


def kill_and_go_on(app: Connection, database: str, *, rounds: int, seed: int, each: int) -> tuple[int, int]:
    """Send events and kill their drain, again and again; return how many were sent and how often it was killed."""
    numbers, killed = count(), 0
    for (how, at), _ in zip(places(seed), range(rounds), strict=False):
        fresh = [next(numbers) for _ in range(each)]
        again = fresh[:: each // 5]
        put_into(app, (visit(number, received=NOON_MS + number) for number in [*fresh, *again]))
        child = spawn(database, how, at)
        if child.wait(timeout=120) == -signal.SIGKILL:
            killed += 1
        else:
            assert child.returncode == 0
    connection.close()
    drain.drain()
    return next(numbers), killed


def held(look: Look) -> tuple[int, int, int, int]:
    """Return how many events and trails are in the lake, different ones, remembered keys, and different ones."""
    [events] = look("SELECT count(*), count(DISTINCT path) FROM lake.events")
    [seen] = look("SELECT count(*), count(DISTINCT key) FROM lake.seen")
    return (*events, *seen)


def test_c2_every_event_is_in_the_lake_once_whatever_is_killed(
    app_connection: Connection, database_name: str, look: Look
) -> None:
    sent, killed = kill_and_go_on(app_connection, database_name, rounds=8, seed=20261122, each=50)
    assert killed >= 4
    assert held(look) == (sent, sent, sent, sent)
    assert app_connection.execute(
        "SELECT sum(count) FROM collect_dropped WHERE reason = 'repeat'"
    ).fetchone() == (8 * 5,)


@pytest.mark.kills
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_c2_sixty_kills_of_larger_rounds(app_connection: Connection, database_name: str, look: Look) -> None:
    sent, killed = kill_and_go_on(app_connection, database_name, rounds=60, seed=7, each=2000)
    assert killed >= 30
    assert held(look) == (sent, sent, sent, sent)
    assert app_connection.execute(
        "SELECT sum(count) FROM collect_dropped WHERE reason = 'repeat'"
    ).fetchone() == (60 * 5,)


def test_two_that_drain_at_once_carry_each_event_once(
    app_connection: Connection, database_name: str, look: Look
) -> None:
    put_into(app_connection, (visit(number) for number in range(300)))
    both = [spawn(database_name, "line", 0) for _ in range(2)]
    assert [child.wait(timeout=120) for child in both] == [0, 0]
    assert held(look) == (300, 300, 300, 300)
