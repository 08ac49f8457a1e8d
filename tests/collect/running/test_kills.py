"""kill -9 of a running deployment's parts under load: every event answered 200 is in the lake exactly once."""

import itertools
import logging
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, LiteralString

import psycopg
import pytest

from tests.cli.deployment import Deployment, deployment, until
from tests.cli.disk import fill, full, on_small_disks
from tests.collect.running.load import Sender
from tests.collect.running.place import make_source, superuser, told, waiting

pytestmark = [pytest.mark.kills, pytest.mark.xdist_group("kills")]
log = logging.getLogger(__name__)
ROUND_SECONDS = 60
# What a killed worker held is free a quarter of a minute later, and a drain comes every three seconds.
MEETING_SECONDS = 30
# Of so many rounds the kill waits for a drain; half of all have to meet one.
MEETINGS = 0.8
# The drain holds this lock while it carries over what a closed table of the inbox holds.
DRAINING = """SELECT pg_relation_size(format('public.collect_inbox_%s', 1 - slot)::regclass) > 0 AND EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND (classid::bigint << 32 | objid::bigint) = hashtextextended('collect.lake', 0))
FROM public.collect_slot"""


@dataclass
class Killing:
    """A deployment under load whose parts are killed; it is started again as an operator would."""

    place: Deployment
    seed: int
    senders: list[Sender] = field(default_factory=list)
    starts: int = 0
    kills: int = 0
    draining: int = 0
    under_way: ClassVar[LiteralString] = DRAINING

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.server = self._serve()
        key = make_source(self.place)["secret"]
        self.senders = [
            Sender(self.place.port, key, f"s{number}", self.seed + number, patient=number % 2 == 0)
            for number in range(4)
        ]
        for sender in self.senders:
            sender.start()

    def _serve(self) -> "subprocess.Popen[str]":
        self.starts += 1
        return self.place.serve("--processes", "1")

    def kill(self, what: str, *, meet: bool) -> None:
        """Kill a part after a seeded while, or while events are carried over."""
        time.sleep(self.chance.uniform(0.1, 1.0))
        victims = VICTIMS[what](self)
        self.draining += meet and self._meets()
        for number in victims:
            os.kill(number, signal.SIGKILL)
        self.kills += 1
        # Until the supervisor has ended, what the database was at may still be answered.
        assert what not in ("postgres", "all") or until(lambda: self.server.poll() is not None, 30), (
            self.place.said
        )

    def kill_often(self, rounds: int) -> None:
        """Kill one part after the other, and see that it stands up each time."""
        kinds = itertools.cycle(VICTIMS)
        for _ in range(rounds):
            self.kill(next(kinds), meet=self.chance.random() < MEETINGS)
            self.stand_up()

    def _meets(self) -> bool:
        """Wait for a drain and a seeded while; True when it is still under way then."""
        end = time.monotonic() + MEETING_SECONDS
        while until(self.drains, end - time.monotonic()):
            time.sleep(self.chance.uniform(0, 0.3))
            if self.drains():
                return True
        return False

    def drains(self) -> bool:
        """Tell whether what waits is being carried over just now."""
        try:
            with superuser(self.place) as session:
                return session.execute(self.under_way).fetchone() == (True,)
        except psycopg.OperationalError:
            return False

    def stand_up(self) -> None:
        """See that events are taken in again, by whatever the supervisor does, or by a new start where it ended."""
        time.sleep(0.5)  # answers that were on their way are no sign of life
        before = self._answered()
        assert until(lambda: self._started() and self._answered() > before, ROUND_SECONDS), self.place.said

    def _started(self) -> bool:
        if self.server.poll() is not None:
            assert until(lambda: self.place.alive() == {}, 30), self.place.alive()
            self.server = self._serve()
        return True

    def _answered(self) -> int:
        return sum(sender.statuses.get(200, 0) for sender in self.senders)

    def finish(self) -> None:
        """Let everybody be answered, and the running worker carry over what waits; then end."""
        for sender in self.senders:
            sender.stop()
        assert until(lambda: self._started() and not any(one.busy for one in self.senders), 60)
        assert until(lambda: self._started() and waiting(self.place) == 0, ROUND_SECONDS), waiting(self.place)
        self.server.terminate()
        self.server.wait(20)

    def part(self, words: str) -> int:
        """Return the number of a part by words of its command line; 0 where it is not there."""
        return next((number for number in self.children(self.server.pid) if words in line(number)), 0)

    @staticmethod
    def children(parent: int) -> list[int]:
        """Return the processes a process started."""
        try:
            return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
        except OSError:
            return []

    def postmaster(self) -> int:
        """Return the number of the database server."""
        return int((self.place.data / "data" / "postmaster.pid").read_text("utf-8").split()[0])

    def backends(self) -> list[int]:
        """Return the database server's processes that write events."""
        with superuser(self.place) as session:
            rows = session.execute(
                "SELECT pid FROM pg_stat_activity WHERE query LIKE '%collect_write_slot%'"
                " AND pid <> pg_backend_pid()"
            ).fetchall()
        return [number for (number,) in rows]


def line(number: int) -> str:
    """Return the command line of a process."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text("utf-8")
    except OSError:
        return ""


def some(*numbers: int) -> list[int]:
    """Return those that are there."""
    return [number for number in numbers if number]


VICTIMS: dict[str, Callable[[Killing], list[int]]] = {
    "web": lambda on: some(on.part("granian")),
    "web child": lambda on: on.children(on.part("granian"))[-1:],
    "worker": lambda on: some(on.part("worker")),
    "postgres": lambda on: [on.postmaster()],
    "backend": lambda on: on.backends()[:1],
    "all": lambda on: [on.server.pid],
}


@pytest.fixture
def place() -> Iterator[Deployment]:
    """Return a home of its own."""
    with deployment() as made:
        made.prepare()
        yield made


def check(on: Killing) -> None:
    """Compare what was answered with what the lake holds."""
    found = told(on.place, "held")
    events: dict[str, int] = found["events"]
    answered = set().union(*(sender.answered for sender in on.senders))
    unknown = set().union(*(sender.unknown for sender in on.senders))
    lost = answered - events.keys()
    doubled = {number for number, count in events.items() if count != 1}
    log.info(
        "answered 200: %d events, in the lake: %d, lost: %d, doubled: %d; never answered: %d, of them in the lake:"
        " %d; sent again: %d requests; starts: %d; kills: %d, while carried over: %d",
        len(answered), len(events), len(lost), len(doubled), len(unknown), len(unknown & events.keys()),
        sum(sender.again for sender in on.senders), on.starts, on.kills, on.draining,
    )  # fmt: skip
    assert (sorted(lost)[:9], sorted(doubled)[:9]) == ([], [])
    assert events.keys() <= answered | unknown
    assert found["keys"] == found["different"] == len(events)
    assert 2 * on.draining >= on.kills


def test_c2_every_event_answered_is_in_the_lake_once_after_three_kills(place: Deployment) -> None:
    on = Killing(place, seed=20261122)
    for what, meet in (("web", True), ("worker", True), ("postgres", False)):
        on.kill(what, meet=meet)
        on.stand_up()
    on.finish()
    check(on)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not os.environ.get("KILL_ROUNDS"), reason="make kill-tests runs it")
def test_c2_every_event_answered_is_in_the_lake_once_after_many_kills(place: Deployment) -> None:
    on = Killing(place, seed=3)
    on.kill_often(int(os.environ["KILL_ROUNDS"]))
    on.finish()
    check(on)


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("KILL_ROUNDS"), reason="make kill-tests runs it")
def test_c2_a_log_of_the_database_without_room_ends_the_server_and_loses_nothing() -> None:
    """Where its write-ahead log cannot grow, PostgreSQL ends, and everything with it; with room it comes up again."""
    with deployment() as place, on_small_disks(place):
        place.prepare()
        on = Killing(place, seed=5)
        on.stand_up()
        with full(place.data.parent):
            assert until(lambda: ended(on), ROUND_SECONDS), place.said
        on.stand_up()
        on.finish()
        check(on)


def ended(on: Killing) -> bool:
    """Use up what the write-ahead log has left, and tell whether the server has ended."""
    try:
        with superuser(on.place) as session:
            session.execute("SELECT pg_logical_emit_message(true, 'test', 'x'), pg_switch_wal()")
    except psycopg.Error:
        fill(on.place.data.parent)
    return on.server.poll() is not None
