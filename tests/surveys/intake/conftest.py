"""A deployment with the example's policy, shops and surveys, and a door that stands open."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from amana.retailer import queries as retailer
from amana.surveys.builder import seeding
from amana.surveys.intake import keys
from amana.surveys.intake.door import Door
from tests.customers.conftest import world
from tests.surveys.intake.place import Place
from tests.world import World

__all__ = ["world"]

EXAMPLES = Path(__file__).parents[3] / "examples" / "redtag"


@pytest.fixture
def place(world: World) -> Iterator[Place]:
    """Return a shop whose visitors are asked, with its door open."""
    keys.make_key(keys.key_path())
    seeding.seed(staff=1, folder=EXAMPLES / seeding.FOLDER)
    shop = retailer.shops()[0]
    with asyncio.Runner() as runner:
        door = Door()
        runner.run(door.start())
        yield Place(runner, door, shop.id, shop.slug)
        runner.run(door.stop())
