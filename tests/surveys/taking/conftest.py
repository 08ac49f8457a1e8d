"""A deployment in which the example's surveys are open, a browser, and the door for sealed answers behind its pages."""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Route
from pytest_django.live_server_helper import LiveServer

from amana.retailer import queries as retailer
from amana.surveys.builder import seeding
from amana.surveys.intake import keys, taking
from amana.surveys.intake.door import Door
from amana.web import branding
from tests.surveys.intake.place import Place
from tests.web import browser as window
from tests.world import World

SURVEYS = Path(__file__).parents[3] / "examples" / "redtag" / "surveys"
R = TypeVar("R")


class Elsewhere:
    """Runs coroutines on a loop of its own thread: the browser's own runs in this one."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        """Run one to its end."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def end(self) -> None:
        """Stop the loop."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


@pytest.fixture
def surveys(world: World) -> World:
    """Return the deployment with the example's surveys published and open."""
    keys.make_key(keys.key_path())
    seeding.seed(staff=1, folder=SURVEYS)
    branding.forget()
    return world


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all the views."""
    # Playwright runs a loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with window.open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def place(surveys: World) -> Iterator[Place]:
    """Return an open door for sealed answers."""
    runner = Elsewhere()
    door = Door()
    runner.run(door.start())
    shop = retailer.shops()[0]
    yield Place(cast(asyncio.Runner, runner), door, shop.id, shop.slug)
    runner.run(door.stop())
    runner.end()


class Visitor:
    """Somebody with a phone whose pages reach both the site and the door; what was sent is kept as it was sealed."""

    def __init__(self, context: BrowserContext, place: Place, address: str) -> None:
        self.context, self.place, self.address = context, place, address
        self.sent: list[str] = []
        self.complaints: list[str] = []
        self.cut = False
        context.route("**/v1/surveys/**", self._answer)
        self.page = context.new_page()
        self.page.on(
            "console", lambda said: self.complaints.extend([said.text] if said.type == "error" else [])
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _answer(self, route: Route) -> None:
        request = route.request
        if self.cut:
            route.abort()
            return
        body = request.post_data_buffer or b""
        reply = self.place.request(
            request.method,
            urlsplit(request.url).path,
            body,
            {**request.headers, "content-length": str(len(body))},
        )
        if request.method == "POST":
            self.sent.append(body.decode())
            taking.take_in()
        route.fulfill(status=reply.status, json=reply.said)

    def open(self, path: str) -> None:
        """Open a page and wait until its script has taken over."""
        self.page.goto(f"{self.address}{path}")
        self.page.locator("html[data-taking=ready]").wait_for()


@pytest.fixture
def visitor(place: Place, live_server: LiveServer, browser: Browser) -> Iterator[Visitor]:
    """Return somebody with a phone."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, reduced_motion="reduce",
        locale="ar-AE",
    )  # fmt: skip
    context.set_default_timeout(8_000)
    yield Visitor(context, place, live_server.url)
    context.close()
