"""The world of the gate's tests."""

import pytest

from tests.world import Connection, World, make_home


@pytest.fixture
def world(owner_connection: Connection, publisher_connection: Connection) -> World:
    """Return a small deployment with the example policy in force."""
    make_home()
    made = World(owner_connection, publisher_connection)
    made.publish()
    return made
