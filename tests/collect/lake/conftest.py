"""An inbox to write to as the server does, and the lake to look into."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import pytest

from amana.collect import event
from amana.collect.event import Event
from amana.collect.lake import connection
from tests.database import Connection

Put: TypeAlias = Callable[[Iterable[Event]], None]
Look: TypeAlias = Callable[..., list[tuple[Any, ...]]]
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
NOON_MS = round(NOON.timestamp() * 1000)
COPY = "COPY collect_inbox_{} FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"


def visit(number: int, *, received: int = NOON_MS, **more: Any) -> Event:
    """Return the event with this number; equal numbers are repeats."""
    given = {
        "source": 1, "call": "page", "event": "Page Viewed", "at": received - 250, "sent": received - 40,
        "original": received - 250, "visitor": 2**62 + number // 3, "path": f"/p/{number}", "view": f"v{number}",
        "policy": 1,
    }  # fmt: skip
    return Event(key=f"{number:032x}", received=received, **{**given, **more})


def put_into(app: Connection, events: Iterable[Event]) -> None:
    """Commit events to whichever table of the inbox is open, as a server does."""
    with app.transaction(), app.cursor() as cursor:
        cursor.execute("SELECT collect_write_slot()")
        [slot] = cursor.fetchone() or [None]
        with cursor.copy(COPY.format(slot)) as copying:
            for one in events:
                copying.write(event.line(one) + b"\n")


@pytest.fixture
def put(app_connection: Connection) -> Put:
    """Return a function that commits events to the inbox."""
    return lambda events: put_into(app_connection, events)


@pytest.fixture
def look(transactional_db: None) -> Look:
    """Return a function that asks the lake as a page would."""

    def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.reading() as lake:
            return lake.execute(statement, list(values)).fetchall()

    return ask
