"""The traffic pages in a real browser: readable, reachable, in both languages, wide and narrow, by day and by night."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from amana.collect import sources
from amana.retailer.guard import SESSION_COOKIE
from tests.collect.traffic.conftest import token_of
from tests.web import browser as window
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHOTS = os.environ.get("AMANA_TEST_SHOTS")
PAGES = [
    "traffic", "traffic?period=today", "traffic/pages", "traffic/sources?country=AE&period=7_days",
    "traffic/devices", "traffic/searches", "traffic/now", "intake",
]  # fmt: skip


def see(browser: Browser, live: LiveServer, token: str, path: str, view: window.View, shot: str = "") -> None:
    """Open a page and find nothing wrong with it."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.scheme,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(f"{live.url}/{view.language}/console/{path}")
    if SHOTS:
        name = shot + path.replace("/", "-").replace("?", "-").replace("&", "-")
        page.screenshot(path=Path(SHOTS) / f"{name}-{view}.png", full_page=True)
    assert (answer.status if answer else 0, complaints) == (200, [])
    assert window.violations(page) == []
    assert (window.overflow(page), window.small_targets(page)) == (0, [])
    context.close()


def test_pages_are_fit_to_use(visited: World, live_server: LiveServer, browser: Browser) -> None:
    token = token_of(visited, "marketing")
    for path in PAGES:
        for view in window.SOME_VIEWS:
            see(browser, live_server, token, path, view)


@pytest.mark.parametrize("view", window.SOME_VIEWS, ids=str)
def test_empty_pages_teach_the_first_step(
    world: World, live_server: LiveServer, browser: Browser, view: window.View
) -> None:
    token = token_of(world, "marketing")
    sources.demo_key()
    for path in ("traffic", "traffic/now", "intake"):
        see(browser, live_server, token, path, view, "empty-")
