"""A browser that keeps pages alive for "back", and the two origins it visits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.collect.tag import website
from tests.collect.tag.website import Receiver, Website
from tests.web.browser import FLAGS, PROGRAM

START = 1_795_348_800  # 22 November 2026, noon UTC, in seconds
# Every name but this machine's address is unknown to the browser.
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@contextmanager
def open_offline(*flags: str) -> Iterator[Browser]:
    """Start a browser that finds nothing but this machine and keeps pages alive for "back", and end it."""
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=PROGRAM,
            args=[*FLAGS, NOWHERE, *flags],
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for the tests of a module."""
    with open_offline() as opened:
        yield opened


@pytest.fixture
def origins() -> Iterator[tuple[Website, Receiver]]:
    """Return a website with two pages, and the receiver."""
    with website.running() as (shop, receiver):
        shop.pages = {
            "/": website.page(receiver, "Home", '<a id="next" href="/dresses">Dresses</a>'),
            "/dresses": website.page(receiver, "Dresses"),
        }
        yield shop, receiver


@pytest.fixture
def shop(origins: tuple[Website, Receiver]) -> Website:
    """Return the website."""
    return origins[0]


@pytest.fixture
def receiver(origins: tuple[Website, Receiver]) -> Receiver:
    """Return the receiver."""
    return origins[1]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a fresh visitor, whose clock stands still."""
    made = browser.new_context(locale="ar-AE")
    made.clock.install(time=START)
    made.clock.pause_at(START + 1)
    yield made
    made.close()


@pytest.fixture
def visit(context: BrowserContext, origins: tuple[Website, Receiver]) -> Iterator[Callable[[str], Page]]:
    """Return a function that opens a path in a new window; nothing complains, and nothing leaves the machine."""
    shop, receiver = origins
    complaints: list[str] = []
    asked: set[str] = set()

    def opened(path: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: asked.add("/".join(request.url.split("/")[:3])))
        page.goto(f"{shop.origin}{path}")
        website.until(page, "Boolean(window.amana && window.amana.track)")
        return page

    yield opened
    assert complaints == []
    assert asked <= {shop.origin, f"http://127.0.0.1:{receiver.port}"}
