"""The example policy, and ways to change and publish it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from amana.policy import actions, parsing
from tests.database import Connection

REDTAG = Path(__file__).parents[2] / "examples" / "redtag"


@pytest.fixture(scope="session")
def text() -> str:
    """Return the example policy as it is hashed."""
    return parsing.canonical((REDTAG / "policy.yaml").read_bytes(), file="policy.yaml")


@pytest.fixture
def change(text: str) -> Callable[..., str]:
    """Return a function that replaces words of the example, each at its first place after `within`."""

    def replaced(*pairs: tuple[str, str], within: str = "") -> str:
        start = text.index(within)
        head, tail = text[:start], text[start:]
        for old, new in pairs:
            assert old in tail, old
            tail = tail.replace(old, new, 1)
        return head + tail

    return replaced


@pytest.fixture
def publish(publisher_connection: Connection) -> Callable[[str], int]:
    """Return a function that publishes a text and returns its version."""

    def put(text: str) -> int:
        return actions.publish(text=text, connection=publisher_connection, actor="test")

    return put


@pytest.fixture
def published(publish: Callable[[str], int], text: str) -> int:
    """Publish the example and return its version."""
    return publish(text)
