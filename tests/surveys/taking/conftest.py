"""A deployment in which the example's surveys are open, and how a test answers them."""

from pathlib import Path

import pytest

from amana.surveys.builder import seeding
from amana.surveys.intake import keys
from tests.world import World

SURVEYS = Path(__file__).parents[3] / "examples" / "redtag" / "surveys"


@pytest.fixture
def surveys(world: World) -> World:
    """Return the deployment with the example's surveys published and open."""
    keys.make_key(keys.key_path())
    seeding.seed(staff=1, folder=SURVEYS)
    return world
