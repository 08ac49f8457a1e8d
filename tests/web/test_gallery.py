"""Every piece in a real browser: readable, reachable, in both languages, wide and narrow, by day and by night."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from amana.retailer.actions import load_brand
from amana.web import branding
from tests import database
from tests.gate.conftest import world as world
from tests.web import browser as window
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
BRAND = Path(__file__).parents[2] / "examples" / "redtag" / "brand.yaml"
SHOTS = os.environ.get("AMANA_TEST_SHOTS")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all the views."""
    # Playwright runs a loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with window.open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def retailer(world: World, database_name: str) -> World:
    """Load the example's brand and shops."""
    database.sign_in("amana_owner", database_name)
    load_brand(BRAND)
    database.sign_in("amana_app", database_name)
    branding.forget()
    return world


def see(browser: Browser, address: str, view: window.View, name: str) -> None:
    """Open a page and find nothing wrong with it."""
    with window.open_page(browser, address, view) as (page, complaints):
        if SHOTS:
            page.screenshot(
                path=Path(SHOTS) / f"{name.replace('/', '-') or 'front'}-{view}.png", full_page=True
            )
        assert window.violations(page) == []
        assert (window.overflow(page), window.small_targets(page), complaints) == (0, [], [])


@pytest.mark.parametrize("view", window.VIEWS, ids=str)
def test_every_piece_is_fit_to_use(
    retailer: World, live_server: LiveServer, settings: Settings, browser: Browser, view: window.View
) -> None:
    settings.AMANA_GALLERY = True
    see(browser, f"{live_server.url}/{view.language}/gallery", view, "gallery")


@pytest.mark.parametrize("view", window.SOME_VIEWS, ids=str)
@pytest.mark.parametrize("name", ["", "privacy", "preferences", "survey/deira", "console/sign-in", "nowhere"])
def test_page_is_fit_to_use(
    retailer: World, live_server: LiveServer, browser: Browser, view: window.View, name: str
) -> None:
    see(browser, f"{live_server.url}/{view.language}/{name}", view, name)


def test_gallery_is_not_there_otherwise(world: World) -> None:
    assert Client().get("/ar/gallery").status_code == 404
