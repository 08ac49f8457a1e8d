"""What a customer is shown and what is forgotten of theirs: the trail of their browser while it was theirs."""

import datetime as dt

import pytest

from amana.collect import holding
from amana.collect.lake import drain
from amana.customers.identity import actions as identity
from amana.gate import holdings
from tests.collect.lake.conftest import Look, Put, visit
from tests.conftest import Clock
from tests.database import Connection
from tests.world import World, make_home

pytestmark = pytest.mark.django_db(transaction=True)
HERS, OTHERS = "aa" * 16, "bb" * 16


@pytest.fixture
def world(owner_connection: Connection, publisher_connection: Connection) -> World:
    """Return a deployment with the example policy in force."""
    make_home()
    made = World(owner_connection, publisher_connection)
    made.publish()
    return made


def test_r1_r3_a_customer_sees_and_forgets_what_was_theirs_and_nobody_elses(
    world: World, fixed_clock: Clock, put: Put, look: Look
) -> None:
    customer = world.admit().customer
    identity.attach(pseudonym=HERS, purpose="content", customer=customer, made_by="sign_in")
    noon = round(fixed_clock.at.timestamp() * 1000)
    hour = 3_600_000
    put(
        visit(
            number,
            at=noon + at * hour,
            received=noon + 9 * hour,
            host="shop.example",
            trails={"content": person},
        )
        for number, (at, person) in enumerate([(-1, HERS), (1, HERS), (2, OTHERS)])
    )
    drain.drain()
    at = (fixed_clock.at + dt.timedelta(hours=1)).isoformat()
    assert holding.disclose(customer) == {
        "content 1": {
            "at": at, "event": "Page Viewed", "page": "shop.example/p/1", "search": "", "properties": {}}
    }  # fmt: skip
    assert holding.forget(customer) == 1
    assert holding.disclose(customer) == {}
    assert look("SELECT person, path FROM lake.trails ORDER BY path") == [(HERS, "/p/0"), (OTHERS, "/p/2")]


def test_the_room_has_declared_what_it_keeps() -> None:
    assert [one for one in holdings.declared() if one.room == "collect"] == [holding.HOLDING]
