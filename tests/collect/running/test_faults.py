"""A full disk, a slow database, a frozen one: senders are told to come again, and nothing is lost or made up."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.deployment import Deployment, until
from tests.cli.disk import full, served_on_small_disks
from tests.collect.running import raw
from tests.collect.running.place import counts, full_disk, superuser, told, waiting
from tests.collect.running.raw import Answer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running")]
MIB = 1024 * 1024
# What may wait, and what is being read and judged of four dozen large requests; more of them take no more.
GROWTH, FLAT = 256 * MIB, 32 * MIB
FULL = "Error: The lake cannot be written: is there room? Nothing is lost, the events wait in the database.\n"
LATE = "Events wait that nothing carries over: does the worker run, and has the lake room?\n"
# Of so many events a batch needs more than the last page of the inbox has room for.
MANY = 200


@pytest.fixture(scope="module")
def served() -> Iterator[Deployment]:
    """Return a deployment that runs as its product starts it, on small disks where they can be mounted."""
    with served_on_small_disks() as made:
        yield made


def numbers(name: str) -> list[str]:
    """Return the numbers of many events."""
    return [f"{name}-{at}" for at in range(MANY)]


def send(served: Deployment, key: str, *numbers: str, padding: int = 0) -> Answer:
    """Send events with these numbers in one batch."""
    batch = [
        {
            "type": "track", "event": "Product Viewed", "messageId": n,
            "properties": {"product_id": n, "name": "x" * padding},
        }
        for n in numbers
    ]  # fmt: skip
    return raw.post(served.port, json.dumps({"writeKey": key, "batch": batch}).encode())


def web_memory(served: Deployment) -> int:
    """Return how many bytes the process that takes events in holds."""
    return max(raw.resident(number) for number, words in served.alive().items() if "granian" in words)


def held(served: Deployment, source: dict[str, str]) -> dict[str, int]:
    """Return how often the lake holds each event of a source, once nothing waits any more."""
    assert until(lambda: waiting(served) == 0, 40), waiting(served)
    found: dict[str, int] = {}
    for row in told(served, "rows", source["number"]):
        number = row["properties"]["product_id"]
        found[number] = found.get(number, 0) + 1
    return found


def test_c2_on_a_full_disk_senders_come_again(served: Deployment, source: dict[str, str]) -> None:
    with full_disk(served):
        refused = [send(served, source["secret"], f"d-{number}") for number in range(5)]
    assert {(one.status, json.loads(one.body)["code"], one.retry_after) for one in refused} == {
        (503, "event_not_written", "1")
    }
    assert counts(served, source["number"]) == {}
    assert until(lambda: send(served, source["secret"], "d-1").status == 200, 10)
    assert held(served, source) == {"d-1": 1}


def test_c2_on_a_disk_that_is_full_senders_come_again(served: Deployment, source: dict[str, str]) -> None:
    """The disk of the database takes not one page more; what was answered before stays, and it goes on with room."""
    key = source["secret"]
    assert send(served, key, *numbers("before")).status == 200
    with full(served.data.parent):
        refused = [send(served, key, *numbers(f"full-{at}"), padding=190) for at in range(5)]
    assert {(one.status, json.loads(one.body)["code"], one.retry_after) for one in refused} == {
        (503, "event_not_written", "1")
    }
    assert until(lambda: send(served, key, *numbers("after")).status == 200, 20)
    assert held(served, source) == dict.fromkeys([*numbers("before"), *numbers("after")], 1)


def test_c2_a_full_lake_keeps_events_waiting_and_says_so(served: Deployment, source: dict[str, str]) -> None:
    key = source["secret"]
    assert held(served, source) == {}
    with full(served.home / "lake"):
        assert [send(served, key, *numbers(name)).status for name in ("one", "two")] == [200, 200]
        drained = served.command("lake", "drain")
        assert (drained.returncode, drained.stderr, waiting(served)) == (1, FULL, 2 * MANY)
        assert told(served, "check", "6") == [1, LATE]
    assert held(served, source) == dict.fromkeys([*numbers("one"), *numbers("two")], 1)
    assert told(served, "check", "0") == [0, ""]


def test_c2_a_slow_database_is_not_waited_for_without_end(served: Deployment, source: dict[str, str]) -> None:
    """Both tables of the inbox are locked; more comes than may wait: 429, then 503, and never 200."""
    assert send(served, source["secret"], "before").status == 200
    bodies = [[f"l-{one}-{two}" for two in range(3000)] for one in range(48)]

    def one(numbers: list[str]) -> Answer:
        return send(served, source["secret"], *numbers, padding=190)

    at_rest = web_memory(served)
    with superuser(served) as session, ThreadPoolExecutor(48) as pool, session.transaction():
        session.execute("LOCK TABLE collect_inbox_0, collect_inbox_1 IN ACCESS EXCLUSIVE MODE")
        sent, full_once = list(pool.map(one, bodies)), web_memory(served)
        sent += pool.map(one, bodies)
        full_twice = web_memory(served)
    statuses = {answer.status for answer in sent}
    assert (statuses <= {429, 503}, 503 in statuses) == (True, True), statuses
    assert {answer.retry_after for answer in sent} == {"1"}
    assert (full_once - at_rest < GROWTH, full_twice - full_once < FLAT) == (True, True), (
        at_rest, full_once, full_twice
    )  # fmt: skip
    assert until(lambda: send(served, source["secret"], "after").status == 200, 20)
    assert held(served, source) == {"before": 1, "after": 1}


def test_c2_a_frozen_database_is_given_up(served: Deployment, source: dict[str, str]) -> None:
    """The processes that write events stand still in the middle, as on a disk that hangs."""
    assert send(served, source["secret"], "f-0").status == 200
    with superuser(served) as session:
        rows = session.execute(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE '%collect_write_slot%' AND pid <> pg_backend_pid()"
        ).fetchall()
    for (number,) in rows:
        os.kill(number, signal.SIGSTOP)
    try:
        started = time.monotonic()
        answers = [send(served, source["secret"], f"f-{number}") for number in range(1, 4)]
        took = time.monotonic() - started
    finally:
        for (number,) in rows:
            os.kill(number, signal.SIGCONT)
    # A writer that had not connected yet is not among the frozen: what it takes is committed.
    statuses = [one.status for one in answers]
    assert (set(statuses), statuses[-1], took < 60) == ({200, 503}, 200, True), answers
    answered = {"f-0", *(f"f-{at + 1}" for at, one in enumerate(answers) if one.status == 200)}
    found = held(served, source)
    assert (answered <= set(found), set(found.values())) == (True, {1})


def test_c2_a_repeat_after_a_lost_answer_is_one_event(served: Deployment, source: dict[str, str]) -> None:
    body = json.dumps(
        {
            "writeKey": source["secret"],
            "event": "Product Viewed",
            "messageId": "m-1",
            "properties": {"product_id": "m"},
        }
    ).encode()
    head = f"POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    for _ in range(3):
        raw.say(served.port, head + body)  # who hears the first bytes of an answer has not read it
    assert send(served, source["secret"], "m-1").status == 200
    assert held(served, source) == {"m": 1}
    assert until(lambda: counts(served, source["number"]).get(("Product Viewed", "", "repeat")) == 3, 10)
