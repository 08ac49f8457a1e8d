"""kill -9 of a running deployment's parts while tablets send: every answer that was kept is taken in exactly once."""

import logging
import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, LiteralString

import psycopg
import pytest

from tests.cli.deployment import Deployment, deployment, until
from tests.collect.running.place import superuser
from tests.collect.running.test_kills import ROUND_SECONDS, Killing
from tests.surveys.intake.running.tablet import Visitors, tablets, told

pytestmark = [pytest.mark.kills, pytest.mark.xdist_group("kills")]
log = logging.getLogger(__name__)
# The worker takes answers in: it holds envelopes, and admits people.
TAKING = """SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'public.surveys_envelope'::regclass
    AND mode = 'RowShareLock' AND granted)"""
# Each kill undoes what the worker was at: before the next it has to come down to so many.
MOST_WAITING = 3000
KEEPING = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'INSERT INTO public.surveys_envelope%'"


class Answering(Killing):
    """A deployment whose shops' visitors answer while its parts are killed."""

    under_way: ClassVar[LiteralString] = TAKING

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.server = self._serve()
        self.visitors = [Visitors(tablet) for tablet in tablets(self.place, 3, seed=self.seed)]
        for one in self.visitors:
            one.start()

    def _answered(self) -> int:
        return sum(one.tablet.statuses.get(200, 0) for one in self.visitors)

    def stand_up(self) -> None:
        """See that answers are kept again, and that the worker takes in what waits while visitors rest."""
        super().stand_up()
        for one in self.visitors:
            one.resting.set()
        assert until(lambda: self._started() and 0 <= self._waiting() < MOST_WAITING, ROUND_SECONDS), (
            self._waiting()
        )
        for one in self.visitors:
            one.resting.clear()

    def _waiting(self) -> int:
        """Return how many answers wait; -1 where the database is away."""
        try:
            with superuser(self.place) as session:
                row = session.execute("SELECT count(*) FROM public.surveys_envelope").fetchone()
        except psycopg.OperationalError:
            return -1
        return int(row[0]) if row else -1

    def backends(self) -> list[int]:
        """Return the database server's processes that keep envelopes."""
        with superuser(self.place) as session:
            return [number for (number,) in session.execute(KEEPING).fetchall()]

    def finish(self) -> None:
        """Let every tablet send what it has, and the worker take in what waits; then end."""
        for one in self.visitors:
            one.stop()
        assert until(lambda: self._started() and not any(one.is_alive() for one in self.visitors), 60)
        assert until(lambda: self._started() and told(self.place, "held")["waiting"] == 0, ROUND_SECONDS)

    def check(self) -> None:
        """Compare what visitors answered with what was taken in."""
        held = told(self.place, "held")
        self.server.terminate()
        self.server.wait(20)
        made = set().union(*(one.tablet.made for one in self.visitors))
        people = sum(one.tablet.people for one in self.visitors)
        log.info(
            "answered: %d, taken in: %d, refused: %s, people: %d of %d; starts: %d; kills: %d,"
            " while taken in: %d",
            len(made), held["responses"], dict(Counter(held["refused"].values())), held["people"], people,
            self.starts, self.kills, self.draining,
        )  # fmt: skip
        assert (held["taken"], held["responses"]) == (dict.fromkeys(made, 1), len(made))
        assert (held["refused"], held["people"]) == ({}, people)
        assert 2 * self.draining >= self.kills


@pytest.fixture
def place() -> Iterator[Deployment]:
    """Return a home of its own."""
    with deployment() as made:
        made.prepare()
        yield made


def test_u3_every_answer_is_taken_in_once_after_three_kills(place: Deployment) -> None:
    on = Answering(place, seed=20261122)
    for what, meet in (("worker", True), ("web", False), ("postgres", True)):
        on.kill(what, meet=meet)
        on.stand_up()
    on.finish()
    on.check()


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not os.environ.get("KILL_ROUNDS"), reason="make kill-tests runs it")
def test_u3_every_answer_is_taken_in_once_after_many_kills(place: Deployment) -> None:
    on = Answering(place, seed=7)
    on.kill_often(int(os.environ["KILL_ROUNDS"]))
    on.finish()
    on.check()
