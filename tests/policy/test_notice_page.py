"""The notice in a real browser, with what the website records opened: both languages, by day and by night."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.web import browser as window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHOTS = os.environ.get("AMANA_TEST_SHOTS")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all the views."""
    # Playwright runs a loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with window.open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.mark.parametrize("view", window.VIEWS, ids=str)
def test_c2_what_the_site_records_can_be_read(
    published: int, live_server: LiveServer, browser: Browser, view: window.View
) -> None:
    with window.open_page(browser, f"{live_server.url}/{view.language}/privacy", view) as (page, complaints):
        for clause in ("C2", "N1"):
            page.locator(f"#{clause} summary").click()
            if SHOTS:
                page.locator(f"#{clause}").screenshot(path=Path(SHOTS) / f"notice-{clause}-{view}.png")
        assert page.locator("#C2 tbody tr").count() == 17
        assert window.violations(page) == []
        assert (window.overflow(page), window.small_targets(page), complaints) == (0, [], [])
