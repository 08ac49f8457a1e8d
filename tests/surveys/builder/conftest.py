"""The example policy in force, shops, and browsers of staff."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from amana.retailer.guard import SESSION_COOKIE
from amana.surveys.builder import actions
from tests.customers.conftest import world
from tests.surveys.definition.made import small
from tests.world import World

__all__ = ["world"]

SignedIn = Callable[..., Client]
EXAMPLES = Path(__file__).parents[3] / "examples" / "redtag"


@pytest.fixture
def signed_in(world: World) -> SignedIn:
    """Return a function that gives the browser of somebody with this role."""

    def browser(role: str, name: str = "") -> Client:
        token = hashlib.sha256((role + name).encode()).hexdigest()
        if token not in world.sessions:
            world.sessions[token] = world._open(role, None, token)
        client = Client()
        client.cookies[SESSION_COOKIE] = token
        return client

    return browser


@pytest.fixture
def survey(world: World) -> int:
    """Return a draft of three questions."""
    return actions.create(staff=1, definition=small(), slug="small")
