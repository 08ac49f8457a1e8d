"""Who is held to be one with whom never touches a decision, and parting restores it."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.database import Connection

A, B, C, D = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def definer(owner_connection: Connection) -> Iterator[Connection]:
    """Return a connection with the functions' own rights."""
    owner_connection.execute("SET ROLE amana_definer")
    yield owner_connection
    owner_connection.execute("RESET ROLE")


def wholes(connection: Connection) -> list[int]:
    """Return who stands for A, B, C and D."""
    found = connection.execute(
        "SELECT consent.whole_of(c) FROM unnest(%s::uuid[]) WITH ORDINALITY AS x (c, n) ORDER BY n",
        [[A, B, C, D]],
    ).fetchall()
    return [whole.int for (whole,) in found]


def test_joining_and_parting(definer: Connection) -> None:
    for survivor, other in ((A, B), (C, D), (A, C)):
        definer.execute("SELECT consent.join_people(%s, %s)", [survivor, other])
    assert wholes(definer) == [1, 1, 1, 1]
    definer.execute("SELECT consent.part_people(%s, %s)", [[C, D], C])
    assert wholes(definer) == [1, 1, 3, 3]
    definer.execute("SELECT consent.part_people(%s, %s)", [[B], B])
    assert wholes(definer) == [1, 2, 3, 3]
    left = definer.execute("SELECT count(*) FROM consent.together").fetchone()
    assert left == (2,)


@pytest.mark.attack
def test_the_application_neither_reads_nor_writes_it(app_connection: Connection) -> None:
    for statement in (
        "SELECT * FROM consent.together",
        "SELECT consent.join_people(gen_random_uuid(), gen_random_uuid())",
        "SELECT consent.lift(1, 1, 1::smallint)",
        "SELECT consent.ask_to_lift(1, 'restriction_lifted', 0::smallint, 0::smallint, 1, 'x', 'en', 'x')",
    ):
        with pytest.raises(Exception, match="permission denied"):
            app_connection.execute(statement.encode())
