"""One running deployment for all that does not end it."""

from collections.abc import Iterator

import pytest

from tests.cli.deployment import Deployment, deployment
from tests.collect.running.place import make_source


@pytest.fixture(scope="module")
def served() -> Iterator[Deployment]:
    """Return a deployment that runs as its product starts it."""
    with deployment() as made:
        made.prepare()
        server = made.serve("--processes", "1")
        yield made
        server.terminate()
        server.wait(20)


@pytest.fixture
def source(served: Deployment) -> dict[str, str]:
    """Return a fresh source: its number and keys."""
    return make_source(served)
