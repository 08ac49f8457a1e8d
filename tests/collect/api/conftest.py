"""A door that stands open in a small deployment."""

import asyncio
from collections.abc import Iterator

import pytest

from amana.collect import pseudonyms, sources
from amana.collect.api.door import Door
from tests.collect.api.sending import Api
from tests.customers.conftest import world
from tests.database import Connection
from tests.world import World

__all__ = ["world"]


@pytest.fixture
def api(world: World, app_connection: Connection) -> Iterator[Api]:
    """Return the event API of a deployment with the example policy and one source."""
    pseudonyms.make_key(pseudonyms.key_path())
    made = sources.make(name="The shop")
    with asyncio.Runner() as runner:
        door = Door()
        runner.run(door.start())
        yield Api(runner, door, made, app_connection)
        runner.run(door.stop())
