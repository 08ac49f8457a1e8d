"""What is deleted leaves lake, old states and disk; days end when the policy says; small files become few."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.conf import settings

from amana.collect.lake import compaction, disclosing, drain, forgetting, health, retention
from amana.collect.lake.compaction import Tidied
from amana.collect.lake.spans import Span
from amana.kernel import clock
from amana.policy import queries as policy
from tests.collect.lake.conftest import NOON, NOON_MS, Look, Put, visit
from tests.database import Connection
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
HER, HIS = "aa" * 16, "bb" * 16
DAY = dt.timedelta(days=1)


def files() -> set[Path]:
    """Return the files of the lake that are on the disk."""
    return set((Path(settings.AMANA_HOME) / "lake").rglob("*.parquet"))


@pytest.fixture
def world(owner_connection: Connection, publisher_connection: Connection) -> World:
    """Return a deployment with the example policy in force."""
    made = World(owner_connection, publisher_connection)
    made.publish()
    return made


def test_r3_a_forgotten_person_is_gone_from_rows_old_states_and_disk(put: Put, look: Look) -> None:
    put(visit(n, trails={"content": HER, "marketing": "cc" * 16}) for n in range(40))
    put(visit(n, trails={"content": HIS}) for n in range(40, 60))
    drain.drain()
    before = files()
    put([visit(99, trails={"content": HER})])
    assert forgetting.forget([Span("content", HER), Span("marketing", HIS)]) == 41
    assert look("SELECT purpose, person, count(*) FROM lake.trails GROUP BY ALL ORDER BY ALL") == [
        ("content", HIS, 20), ("marketing", "cc" * 16, 40)]  # fmt: skip
    assert [row[0] for row in look("SELECT snapshot_id FROM ducklake_snapshots('lake')")] == [
        row[0] for row in look("SELECT max(snapshot_id) FROM ducklake_snapshots('lake')")]  # fmt: skip
    # One file is written anew without them; of another nothing is left. Deletions are files of their own until then.
    assert compaction.tidy(grace_minutes=0) == Tidied(1, 3)
    assert compaction.tidy(grace_minutes=0) == Tidied()
    assert len(before & files()) == 2, "events and keys stay, the trail's file went"
    assert look("SELECT count(*) FROM lake.events") == [(61,)]


def test_only_the_time_a_pseudonym_was_theirs_is_forgotten_and_shown(put: Put) -> None:
    put(
        visit(hour, at=NOON_MS + hour * 3_600_000, trails={"content": HER}, properties={"n": hour})
        for hour in range(5)
    )
    drain.drain()
    span = Span("content", HER, NOON + dt.timedelta(hours=1), NOON + dt.timedelta(hours=3))
    assert [trace.properties for trace in disclosing.disclose([span])] == [{"n": 1}, {"n": 2}]
    assert disclosing.disclose([Span("marketing", HER)]) == ()
    assert forgetting.forget([span]) == 2
    assert [trace.at for trace in disclosing.disclose([Span("content", HER)])] == [
        NOON, NOON + dt.timedelta(hours=3), NOON + dt.timedelta(hours=4)]  # fmt: skip


def test_files_nobody_may_be_reading_any_more_go_after_a_grace(put: Put, look: Look) -> None:
    for number in range(3):
        put([visit(number)])
        drain.drain()
    assert len(files()) == 6
    assert compaction.compact() == 6
    assert compaction.tidy() == Tidied(0, 0)
    assert len(files()) == 8
    assert compaction.tidy(grace_minutes=0) == Tidied(0, 6)
    assert len(files()) == 2
    assert look("SELECT path FROM lake.events ORDER BY path") == [("/p/0",), ("/p/1",), ("/p/2",)]


def test_r4_days_end_when_the_policy_says(put: Put, look: Look, world: World) -> None:
    for ago in (800, 400, 30, 0):
        put([visit(ago, received=NOON_MS - ago * 86_400_000, trails={"content": HER})])
        drain.drain()
    today = NOON.date()
    with clock.fixed(NOON):
        assert {table for table, _ in health.standing().overdue} >= {"events", "trails", "seen"}
        assert retention.end() > 0
        assert health.standing().overdue == ()
    left = {row[0] for row in look("SELECT day FROM lake.events")}
    keep = policy.current().policy.website.retention
    assert left == {today - ago * DAY for ago in (800, 400, 30, 0) if keep.after(today - ago * DAY) > today}
    assert look("SELECT DISTINCT day FROM lake.seen") == [(today,)]


def test_counts_end_with_the_days_they_are_of(world: World, app_connection: Connection) -> None:
    today = NOON.date()
    for ago in (800, 30):
        app_connection.execute(
            "INSERT INTO collect_dropped VALUES (%s, 9, 1, 'Hello', '', 'undeclared_event', 0, 1)",
            [today - ago * DAY],
        )
    retention.end(today)
    assert app_connection.execute("SELECT day FROM collect_dropped").fetchall() == [(today - 30 * DAY,)]


def test_keys_of_repeats_are_kept_for_a_day_and_not_for_two(put: Put, look: Look, world: World) -> None:
    put([visit(1)])
    drain.drain()
    retention.end(NOON.date() + DAY)
    assert look("SELECT count(*) FROM lake.seen") == [(1,)]
    retention.end(NOON.date() + 2 * DAY)
    assert look("SELECT count(*) FROM lake.seen") == [(0,)]


def test_health_counts_and_says_what_waits(put: Put, world: World) -> None:
    put(visit(n, trails={"content": HER}) for n in range(10))
    late = clock.now() + dt.timedelta(hours=1)
    with clock.fixed(late):
        found = health.standing()
        assert (found.events, found.files, found.drain_late, found.holds) == (0, 0, True, False)
    drain.drain()
    forgetting.forget([Span("content", HER)])
    with clock.fixed(late):
        found = health.standing()
        assert (found.events, found.waiting_bytes, found.drain_late, found.deletion_late) == (
            10,
            0,
            False,
            True,
        )
    compaction.tidy(grace_minutes=0)
    with clock.fixed(late):
        assert health.standing().deletion_late is False


def test_files_and_names_tell_nothing(put: Put) -> None:
    put([visit(1, path="/very/private", trails={"content": HER})])
    drain.drain()
    assert files()
    for path in files():
        content = path.read_bytes()
        assert (content[:4], b"/very/private" in content, HER.encode() in content) == (b"PARE", False, False)
        assert json.dumps(str(path)).count("content") == 0
