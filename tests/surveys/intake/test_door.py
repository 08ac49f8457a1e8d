"""The door says clearly what it does not take, keeps everything else before it says so, and stays small."""

import gc
import tracemalloc
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.conf import settings as configured

from amana.gate import door
from amana.kernel import groups
from amana.surveys.intake import pressure, standing, taking
from amana.surveys.intake.pressure import Pressure
from amana.surveys.intake.receiving import LARGEST
from amana.surveys.intake.taking import TakenIn
from tests.database import Connection
from tests.surveys.intake.place import CLOSED, Place, taken, waiting

ANSWERS = "/v1/surveys/answers"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", ANSWERS, 405, "intake_method_refused"),
        ("PUT", "/v1/surveys/device", 405, "intake_method_refused"),
        ("POST", "/v1/surveys/", 404, "intake_address_unknown"),
        ("GET", "/v1/surveys/../x", 404, "intake_address_unknown"),
        ("GET", f"{ANSWERS}/x", 404, "answer_unknown"),
        ("GET", f"{ANSWERS}/{UUID(int=7)}", 404, "answer_unknown"),
    ],
)
def test_other_addresses_are_refused(place: Place, method: str, path: str, status: int, code: str) -> None:
    reply = place.request(method, path)
    assert (reply.status, reply.code) == (status, code)


def test_refusals_speak_the_readers_language(place: Place) -> None:
    assert place.request("GET", ANSWERS, headers={"accept-language": "ar-AE"}).said["message"] == (
        "هذه الطريقة غير مقبولة على هذا العنوان."
    )


def test_other_types_empty_and_too_many_are_refused(place: Place) -> None:
    assert place.post(b"{}", **{"content-type": "application/json"}).code == "intake_type_refused"
    assert place.post(b"\n\n ").code == "envelopes_missing"
    assert place.post(*[b"x"] * 1001).code == "envelopes_too_many"
    assert (place.post(b"x" * (LARGEST + 1)).status, place.post(b"x" * (5 * LARGEST)).status) == (413, 413)


def test_a_length_that_lies_is_heard_out_only_so_far(place: Place) -> None:
    assert place.post(place.sealed(), **{"content-length": "99999999999999"}).code == "envelopes_too_large"


def test_an_answer_of_a_mebibyte_is_kept_and_then_refused_for_what_is_in_it(place: Place) -> None:
    line = place.sealed({**CLOSED, "why": "ك" * 520_000})
    assert place.post(line).status == 200
    assert taking.take_in() == TakenIn(refused={"answer_text_too_long": 1})


def test_who_holds_the_number_is_told_what_became_of_it(place: Place) -> None:
    good, known = place.submission(), place.submission({**CLOSED, "use_words": True, "why": "شكرًا"})
    bad = place.submission({"recommend": 1})
    for one in (good, known, bad):
        place.post(place.sealed(one.answers, id=one.id))
    told = [place.request("GET", f"{ANSWERS}/{one.id}").said for one in (good, known, bad)]
    assert [one["state"] for one in told] == ["waiting"] * 3
    taking.take_in()
    told = [place.request("GET", f"{ANSWERS}/{one.id}").said for one in (good, known, bad)]
    assert [one["state"] for one in told] == ["taken", "taken", "refused"]
    assert [one["code"] for one in told] == [None, None, "answer_missing"]
    assert [one["receipt"] is not None for one in told] == [False, True, False]
    assert place.request("GET", f"{ANSWERS}/{known.id}").said["receipt"] is None


def test_a_network_that_sends_too_much_waits(place: Place) -> None:
    line = place.sealed()
    for _ in range(pressure.AT_ONCE // 100):
        assert place.post(*[line] * 100).status == 200
    reply = place.post(*[place.sealed()] * 20)
    assert (reply.status, reply.code, reply.headers["retry-after"]) == (429, "intake_busy", "2")
    place.peer = "2.49.1.1"
    assert place.post(line).status == 200


def test_a_tablet_waits_for_nobody(place: Place) -> None:
    tablet = place.tablet()
    line = place.signed(tablet)
    for _ in range(2 * pressure.AT_ONCE // 200):
        assert place.post(*[line] * 200).status == 200


def test_a_network_may_send_again_after_a_while_and_is_forgotten_after_many_others() -> None:
    kept = Pressure()
    assert [kept.allows("192.0.2.0/24", 600, now=0.0), kept.allows("192.0.2.0/24", 1, now=0.0)] == [
        True,
        False,
    ]
    assert [kept.allows("192.0.2.0/24", 3, now=1.0), kept.allows("192.0.2.0/24", 2, now=1.0)] == [False, True]
    for number in range(pressure.MOST_NETWORKS + 5):
        kept.allows(str(number), 1, now=2.0)
    assert len(kept._left) == pressure.MOST_NETWORKS


def test_a_full_inbox_and_a_deep_queue_ask_to_come_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.post(place.sealed())
    monkeypatch.setattr(standing, "MOST_WAITING", 0)
    place.refresh()
    assert place.post(place.sealed()).code == "intake_busy"
    monkeypatch.undo()
    place.refresh()
    monkeypatch.setattr(groups, "MOST_WAITING", -1)
    assert place.post(place.sealed()).code == "intake_busy"


def test_what_the_database_refuses_is_said_and_kept_when_sent_again(
    place: Place, owner_connection: Connection
) -> None:
    line = place.sealed()
    owner_connection.execute("ALTER TABLE surveys_envelope ADD CONSTRAINT planted CHECK (false) NOT VALID")
    reply = place.post(line)
    assert (reply.status, reply.code) == (503, "intake_unavailable")
    owner_connection.execute("ALTER TABLE surveys_envelope DROP CONSTRAINT planted")
    assert (place.post(line).status, len(waiting())) == (200, 1)


def test_lost_connections_are_replaced(place: Place, superuser_connection: Connection) -> None:
    place.post(place.sealed())
    superuser_connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'amana_app'"
        " AND query LIKE 'INSERT INTO public.surveys_envelope%'"
    )
    statuses = [place.post(place.sealed()).status for _ in range(3)]
    assert statuses[-1] == 200


def test_where_nobody_may_be_served_nothing_is_taken(place: Place) -> None:
    line = place.sealed()
    journal = Path(configured.AMANA_HOME) / "journal"
    journal.rename(journal.with_name("away"))
    door._door.cache_clear()
    try:
        place.refresh()
        reply = place.post(line)
    finally:
        journal.with_name("away").rename(journal)
        door._door.cache_clear()
    assert (reply.status, reply.code.partition("_")[0]) == (503, "journal")
    place.refresh()
    assert place.post(line).status == 200


@pytest.mark.parametrize("seed", range(30))
def test_hostile_bodies_are_refused_by_name_and_the_good_one_among_them_is_kept(
    place: Place, seed: int
) -> None:
    random = Random(seed)
    good = place.sealed()
    lines = []
    for _ in range(20):
        line = bytearray(place.sealed())
        for _ in range(random.randrange(1, 30)):
            line[random.randrange(len(line))] = random.choice(b'\0."{}[]=abc\xff\r')
        lines.append(bytes(line[: random.randrange(1, len(line))]))
    lines.insert(random.randrange(len(lines)), good)
    reply = place.post(*lines)
    assert reply.status == 200
    assert place.post(good).said["kept"][0] in reply.said["kept"]
    made = taking.take_in()
    assert (made.taken >= 1, len(waiting()), made.taken + sum(made.refused.values()) >= 1) == (True, 0, True)
    assert len(taken()) == made.taken


def test_memory_stays_flat(place: Place) -> None:
    line, tablet = place.sealed({**CLOSED, "why": "x" * 100_000}), place.tablet()
    signed = place.signed(tablet)

    def round_of() -> None:
        place.post(*[line] * 50)
        place.post(*[signed] * 50)
        place.post(b"x" * LARGEST)
        place.post(*[b"[" * 1000] * 900)

    round_of()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(8):
        round_of()
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 1_000_000
