"""The drain carries what waits, once: repeats are dropped and counted, and a crash at any place changes nothing."""

import datetime as dt
import uuid

import pytest

from amana.collect import event
from amana.collect.lake import connection, drain
from amana.collect.lake.drain import Drained
from tests.collect.lake.conftest import NOON_MS, Look, Put, visit
from tests.database import Connection

pytestmark = pytest.mark.django_db(transaction=True)
DAY_MS = 86_400_000
REPEATS = "SELECT day, hour, source, event, count FROM collect_dropped WHERE reason = 'repeat'"


def test_everything_of_an_event_but_its_key_is_in_the_lake(put: Put, look: Look) -> None:
    put(
        [
            visit(7, user="ab" * 16, host="shop.example", title="Coats", referrer="search.example", search="coat",
                  results=0, utm_source="s", utm_medium="m", utm_campaign="c", country="AE", device="phone",
                  browser="Firefox", system="Android", language="ar", sequence=2, engaged=1500,
                  properties={"price": 9.5, "name": "معطف \"أ\"\n"},
                  trails={"content": "cd" * 16, "marketing": "ef" * 16})
        ]
    )  # fmt: skip
    assert drain.drain() == Drained(1, 1, 0)
    at = dt.datetime(2026, 11, 22, 11, 59, 59, 750_000)  # noqa: DTZ001  (as the lake has it)
    properties = '{"price":9.5,"name":"معطف \\"أ\\"\\n"}'
    assert look("SELECT * EXCLUDE (view) FROM lake.events") == [
        (dt.date(2026, 11, 22), 1, "page", "Page Viewed", at, 250, 0, 210, 2**62 + 2, "ab" * 16, "shop.example",
         "/p/7", "Coats", "search.example", "coat", 0, "s", "m", "c", "AE", "phone", "Firefox", "Android", "ar", 2,
         1500, properties, 1)
    ]  # fmt: skip
    assert look("SELECT * FROM lake.trails ORDER BY purpose") == [
        (
            dt.date(2026, 11, 22),
            purpose,
            person * 16,
            at,
            "Page Viewed",
            "shop.example",
            "/p/7",
            "coat",
            properties,
        )
        for purpose, person in (("content", "cd"), ("marketing", "ef"))
    ]
    assert look("SELECT * FROM lake.seen") == [(dt.date(2026, 11, 22), uuid.UUID(int=7))]


def test_what_an_event_does_not_say_has_its_default(put: Put, look: Look) -> None:
    put([visit(1, view="", original=None, sent=None, visitor=0)])
    drain.drain()
    found = look(
        'SELECT visitor, "user", device, view, original_after, sent_after, results, properties FROM lake.events'
    )
    assert found == [(0, "", "other", 0, None, None, None, None)]


def test_repeats_within_a_round_and_across_rounds_are_dropped_and_counted(
    put: Put, look: Look, app_connection: Connection
) -> None:
    put([visit(1), visit(2), visit(1, received=NOON_MS + 10)])
    assert drain.drain() == Drained(1, 2, 1)
    put([visit(2, received=NOON_MS + DAY_MS), visit(3, received=NOON_MS + DAY_MS)])
    assert drain.drain() == Drained(2, 1, 1)
    put([visit(3, received=NOON_MS + DAY_MS)])
    assert drain.drain() == Drained(3, 0, 1)
    assert look("SELECT path, count(*) FROM lake.events GROUP BY path ORDER BY path") == [
        ("/p/1", 1), ("/p/2", 1), ("/p/3", 1)]  # fmt: skip
    assert app_connection.execute(REPEATS + " ORDER BY day").fetchall() == [
        (dt.date(2026, 11, 22), 12, 1, "Page Viewed", 1),
        (dt.date(2026, 11, 23), 12, 1, "Page Viewed", 2),
    ]


def test_an_empty_inbox_changes_nothing(app_connection: Connection) -> None:
    assert drain.drain() == Drained()
    assert app_connection.execute("SELECT generation FROM collect_slot").fetchone() == (1,)


def test_an_inbox_whose_writers_all_failed_is_emptied(app_connection: Connection, put: Put) -> None:
    app_connection.execute("BEGIN; INSERT INTO collect_inbox_0 VALUES ('{}'); ROLLBACK")
    assert drain.drain() == Drained(1, 0, 0)
    put([visit(1)])
    assert drain.drain() == Drained(2, 1, 0)


def test_what_was_taken_before_a_crash_is_not_taken_again(put: Put, look: Look) -> None:
    put([visit(1), visit(1)])
    with connection.writing() as writer:
        writer.session.execute("SELECT collect_change_over()")
        drain._carry(writer, 1, 0)
    put([visit(2)])
    assert drain.drain() == Drained(2, 2, 1)
    assert look("SELECT count(*), count(DISTINCT path) FROM lake.events") == [(2, 2)]


def test_what_was_not_committed_before_a_crash_is_taken_whole(put: Put, look: Look) -> None:
    put([visit(1), visit(2)])
    with connection.writing() as writer:
        writer.session.execute("SELECT collect_change_over()")
        writer.lake.execute("BEGIN")
        drain._take(writer, 0, 0, drain._Taken())
    assert look("SELECT count(*) FROM lake.events") == [(0,)]
    assert drain.drain() == Drained(1, 2, 0)


def test_a_table_that_is_not_in_the_lake_is_never_emptied(put: Put, app_connection: Connection) -> None:
    put([visit(1)])
    with connection.writing() as writer, pytest.raises(LookupError, match="generation 1"):
        drain._settle(writer, 1, 0)
    assert app_connection.execute("SELECT count(*) FROM collect_inbox_0").fetchone() == (1,)


def test_a_backlog_is_taken_in_parts_and_repeats_are_seen_across_them(
    put: Put, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain, "CHUNK_PAGES", 4)
    put(visit(number % 900) for number in range(1000))
    assert drain.drain() == Drained(1, 900, 100)
    assert look("SELECT count(*), count(DISTINCT path) FROM lake.events") == [(900, 900)]


def test_lines_that_share_a_row_are_taken_one_by_one_and_once(app_connection: Connection, look: Look) -> None:
    lines = [event.line(visit(number % 9)) for number in range(12)]
    for shared in (lines[:7], lines[7:8], lines[8:]):
        app_connection.execute("INSERT INTO collect_inbox_0 VALUES (%s)", [b"\n".join(shared).decode()])
    assert (drain.drain(), drain.drain()) == (Drained(1, 9, 3), Drained())
    assert look("SELECT count(*), count(DISTINCT path) FROM lake.events") == [(9, 9)]


def test_rows_lie_by_visitor_and_time(put: Put, look: Look) -> None:
    put(visit(number * 7919 % 3000, received=NOON_MS + number % 17) for number in range(3000))
    drain.drain()
    assert look(
        'SELECT count(*) FROM (SELECT (visitor, "at") < lag((visitor, "at")) OVER () AS back FROM lake.events)'
        " WHERE back"
    ) == [(0,)]
