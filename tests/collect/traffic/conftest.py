"""Staff who are signed in, and a lake with made-up visits."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser

from amana.cli import visiting
from amana.retailer.guard import SESSION_COOKIE
from tests.customers.conftest import world
from tests.web import browser as window
from tests.world import World

__all__ = ["world"]

SignedIn = Callable[[str], Client]


def token_of(world: World, role: str) -> str:
    """Open a session for somebody with this role and return its token."""
    token = hashlib.sha256(role.encode()).hexdigest()
    if token not in world.sessions:
        world.sessions[token] = world._open(role, None, token)
    return token


@pytest.fixture
def signed_in(world: World) -> SignedIn:
    """Return a function that gives the browser of somebody with this role."""

    def browser(role: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = token_of(world, role)
        return client

    return browser


@pytest.fixture
def visited(world: World, tmp_path: Path) -> World:
    """Fill the lake with two weeks of made-up visits, by the way the demo takes."""
    visiting.seed(tmp_path, days=int(os.environ.get("AMANA_TEST_DAYS", "15")))
    return world


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all the views."""
    # Playwright runs a loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with window.open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
