"""Facts beside the lake: taken by DuckDB through the gate, under its conditions, and gone with the block."""

import duckdb
import pytest

from amana.collect.lake import connection, drain
from amana.collect.lake import facts as beside
from amana.gate import facts, queries
from amana.gate.facts import Asked
from amana.gate.values import Wish
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.collect.lake.conftest import Put, visit
from tests.database import Connection
from tests.world import World, make_home

FIT = Wish("product_fit", None, "Fit what you make to people like me")
HERS, OTHERS = "aa" * 16, "bb" * 16


@pytest.fixture
def world(owner_connection: Connection, publisher_connection: Connection) -> World:
    """Return a small deployment with the example policy in force."""
    make_home()
    made = World(owner_connection, publisher_connection)
    made.publish()
    return made


def asked(world: World) -> Asked:
    """Ask for city and gender, as the analyst."""
    return facts.ask(
        session=world.session("analyst"), purpose="product_fit", columns=["city", "gender"], ref="audience:1"
    )


def somebody(world: World, number: int, **values: str) -> CustomerId:
    """Admit somebody who agreed to be counted."""
    return world.admit(f"shopper{number}@mail.example", FIT, **values).customer


def test_u4_facts_stand_beside_the_lake_and_go_with_the_block(world: World) -> None:
    noor, salma = somebody(world, 1, city="Dubai", gender="female"), somebody(world, 2, city="Al 'Ain")
    with beside.reading(asked(world)) as lake:
        rows = lake.execute("SELECT customer, city, gender FROM facts ORDER BY city").fetchall()
        with pytest.raises(duckdb.Error):
            lake.execute("CREATE TABLE lake.kept AS SELECT * FROM facts")
    assert [(CustomerId(number), city, gender) for number, city, gender in rows] == [
        (salma, "Al 'Ain", None), (noor, "Dubai", "female"),
    ]  # fmt: skip
    with connection.reading() as lake, pytest.raises(duckdb.CatalogException):
        lake.execute("SELECT * FROM facts")
    assert queries.audit() == []


def test_u4_they_are_joined_with_the_traces_of_their_people(world: World, put: Put) -> None:
    noor, salma = somebody(world, 1, city="Dubai"), somebody(world, 2, city="Sharjah")
    put(visit(number, trails={"product_fit": HERS if number < 3 else OTHERS}) for number in range(4))
    drain.drain()
    with beside.reading(asked(world)) as lake:
        lake.execute("CREATE TEMP TABLE pseudonym (customer UUID, person VARCHAR)")
        lake.execute("INSERT INTO pseudonym VALUES (?, ?), (?, ?)", [noor, HERS, salma, OTHERS])
        rows = lake.execute(
            "SELECT city, count(*) FROM facts JOIN pseudonym USING (customer) JOIN lake.trails t USING (person)"
            " WHERE t.purpose = 'product_fit' GROUP BY city ORDER BY city"
        ).fetchall()
    assert rows == [("Dubai", 3), ("Sharjah", 1)]


def test_a_ticket_is_spent_by_duckdb_too_and_its_refusals_have_their_codes(world: World) -> None:
    somebody(world, 1, city="Dubai")
    given = asked(world)
    with beside.reading(given) as lake:
        assert lake.execute("SELECT count(*) FROM facts").fetchone() == (1,)
    with pytest.raises(Refusal) as refusal, beside.reading(given):
        pass
    assert refusal.value.code == "ticket_spent"


def test_r1_nobody_waits_to_withdraw_while_facts_are_looked_at(
    world: World, owner_connection: Connection
) -> None:
    noor = somebody(world, 1, city="Dubai")
    with beside.reading(asked(world)):
        owner_connection.execute("SET lock_timeout = '2s'")
        with owner_connection.transaction():
            owner_connection.execute("SELECT FROM vault.person WHERE customer = %s FOR UPDATE", [noor])
