"""What an intruder with a bare login can do: the gate's functions called by hand, over a connection of one's own."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import psycopg

from amana.gate import actions, admission, calls
from amana.gate.door import door
from amana.kernel.ids import CustomerId
from tests.world import Connection, World

_CODE = re.compile(r"[a-z_]+")


class Asked(NamedTuple):
    """What `gate.ask` answers."""

    call: int
    ticket: str
    people: int
    refused: dict[str, int | None]


def ask(
    connection: Connection,
    token: str,
    task: int,
    *,
    purpose: str = "marketing",
    channel: str | None = "email",
    fields: Sequence[str] = ("email",),
    links: Sequence[str] = (),
    recipient: str = "controller",
) -> Asked:
    """Ask for people's fields, as raw SQL."""
    row = connection.execute(
        "SELECT * FROM gate.ask(%s, %s, %s, %s::text[], %s::text[], %s, %s, %s, %s)",
        [token, purpose, channel, list(fields), list(links), task, recipient, *calls.head()],
    ).fetchone()
    assert row is not None
    return Asked(*row)


def take(connection: Connection, ticket: str) -> list[tuple[Any, ...]]:
    """Take what a ticket is good for, as raw SQL: the ciphertext rows."""
    return connection.execute("SELECT * FROM gate.take(%s, %s, %s)", [ticket, *calls.head()]).fetchall()


def look_up(
    connection: Connection, token: str, address: str, *, purpose: str = "service", field: str = "email"
) -> str:
    """Look for the owner of an address, as raw SQL; the ticket tells who it is."""
    sought, newest = admission.sought(door(), field, [address])
    row = connection.execute(
        "SELECT gate.look_up(%s, %s, %s, %s::bytea[], %s, %s, %s)",
        [token, purpose, field, [digest for _place, digest in sought], newest, *calls.head()],
    ).fetchone()
    assert row is not None
    return str(row[0])


def found(connection: Connection, ticket: str) -> list[tuple[Any, ...]]:
    """Tell who was found, as raw SQL."""
    return connection.execute("SELECT * FROM gate.found(%s, %s, %s)", [ticket, *calls.head()]).fetchall()


def hold(connection: Connection, call: int, token: str) -> list[tuple[Any, ...]]:
    """Hold the people of a call, as raw SQL."""
    return connection.execute(
        "SELECT * FROM gate.hold(%s, %s, %s, %s)", [call, token, *calls.head()]
    ).fetchall()


def refusal(act: Callable[[], Any]) -> str:
    """Return how the database refused: the gate's code, or the SQLSTATE of PostgreSQL's own refusal."""
    try:
        got = act()
    except psycopg.Error as error:
        message = error.diag.message_primary or ""
        if error.sqlstate == "AM001":
            assert _CODE.fullmatch(message), message
            return message
        return error.sqlstate or type(error).__name__
    return f"answered {got!r}"


def run(connection: Connection, statement: str, *parameters: Any) -> Callable[[], Any]:
    """Return the act of running one statement and reading its rows."""

    def act() -> Any:
        cursor = connection.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else cursor.rowcount

    return act


def plan(world: World, *people: CustomerId, ref: str = "campaign:1") -> int:
    """Plan a promotional mail to these people, as the marketer."""
    return actions.plan(
        session=world.session("marketing"), kind="message", purpose="marketing", people=people, ref=ref
    )


def count(world: World, table: str) -> int:
    """Count a table's rows as its owner."""
    row = world.owner.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def used(world: World, purpose: str = "marketing") -> tuple[int, int]:
    """Count the calls for a purpose, and the uses they recorded."""
    row = world.owner.execute(
        "SELECT count(DISTINCT c.id), count(u.call) FROM uses.call c LEFT JOIN uses.use u ON u.call = c.id"
        " WHERE c.purpose = policy.term_id('purpose', %s)",
        [purpose],
    ).fetchone()
    assert row is not None
    return row[0], row[1]
