"""One running deployment whose shops ask, and tablets to be unpacked in them."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from amana.retailer.guard import SESSION_COOKIE
from tests.cli.deployment import Deployment, deployment
from tests.customers.conftest import world
from tests.surveys.tablet.shop import TABLET, Tablet, told
from tests.web.browser import PROGRAM, open_browser
from tests.world import World

__all__ = ["world"]

Unpacked = Callable[..., Tablet]
SignedIn = Callable[..., Client]


@pytest.fixture(scope="module")
def served() -> Iterator[Deployment]:
    """Return a deployment that runs as its product starts it, with the example's surveys open in its shops."""
    if not Path(PROGRAM).exists() and not os.environ.get("CI"):
        pytest.skip("Chromium is missing: apt-get install chromium")
    with deployment() as made:
        made.prepare()
        told(made, "prepare")
        server = made.serve("--processes", "1")
        yield made
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for the tests of a module."""
    # Beside a browser of this kind Django takes every question to the database for one out of a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def unpacked(served: Deployment, browser: Browser) -> Iterator[Unpacked]:
    """Return a function that unpacks a tablet; at the end no page may have failed."""
    made: list[tuple[BrowserContext, Tablet]] = []

    def tablet(**options: object) -> Tablet:
        given = {"viewport": TABLET, "locale": "ar-AE", "reduced_motion": "reduce", **options}
        context = browser.new_context(**given)  # type: ignore[arg-type]
        made.append((context, Tablet.unpacked(served, context)))
        return made[-1][1]

    yield tablet
    for context, one in made:
        context.close()
        assert one.complaints == []


@pytest.fixture
def signed_in(world: World) -> SignedIn:
    """Return a function that gives the browser of somebody with this role, of all shops or of some."""

    def browser(role: str, shops: tuple[int, ...] = ()) -> Client:
        token = hashlib.sha256(f"{role}{shops}".encode()).hexdigest()
        if token not in world.sessions:
            world.sessions[token] = world._open(role, list(shops) or None, token)
        client = Client()
        client.cookies[SESSION_COOKIE] = token
        return client

    return browser
