"""The world of the gate's tests."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from amana.gate import narrowing
from tests.world import Connection, World, make_home

Keep: TypeAlias = Callable[[], narrowing.Kept]


@pytest.fixture
def world(owner_connection: Connection, publisher_connection: Connection) -> World:
    """Return a small deployment with the example policy in force."""
    make_home()
    made = World(owner_connection, publisher_connection)
    made.publish()
    return made


@pytest.fixture
def keep(sequencer_connection: Connection) -> Keep:
    """Return what the sequencer does every moment with what people narrowed."""
    return lambda: narrowing.keep(sequencer_connection)
