"""The builder in a real browser: every page fit to use, and a whole survey built with the keyboard alone."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from amana.retailer.guard import SESSION_COOKIE
from amana.surveys.builder import actions, editing
from tests.surveys.builder.conftest import SignedIn
from tests.surveys.definition.made import example
from tests.web import browser as window

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.xdist_group("browser"),
]  # fmt: skip
SHOTS = os.environ.get("AMANA_TEST_SHOTS")
PAGES = [
    "", "/new", "/import", "/{survey}", "/{survey}/part/bought", "/{survey}/part/kind", "/{survey}/part/wrong",
    "/{survey}/part/aspects", "/{survey}/part/fit_use", "/{survey}/part/contact", "/{survey}/texts",
    "/{survey}/preview", "/{survey}/ready", "/{survey}/places", "/{survey}/versions",
    "/{survey}/versions/1", "/{survey}/history",
]  # fmt: skip
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all the pages."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with window.open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def desk(browser: Browser, server: LiveServer, signed_in: SignedIn, view: window.View) -> Iterator[Page]:
    """Open the browser of a marketer; nothing may have been complained of when they leave."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height}, color_scheme=view.scheme,
        reduced_motion="reduce",
    )  # fmt: skip
    token = signed_in("marketing").cookies[SESSION_COOKIE].value
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def fit(page: Page, name: str) -> list[object]:
    """Keep a picture, and return what is wrong with the page."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    found = (window.violations(page), window.overflow(page), window.small_targets(page))
    return [] if found == ([], 0, []) else [name, *found]


@pytest.mark.parametrize("view", window.SOME_VIEWS, ids=str)
def test_every_page_is_fit_to_use(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, survey: int, view: window.View
) -> None:
    published = actions.create(staff=1, definition=example("product"), slug="product")
    actions.publish(staff=1, survey=published, at=1)
    actions.place(staff=1, survey=published, shop=None, ways=["qr", "link"])
    actions.edit(
        staff=1,
        survey=published,
        change=lambda found: editing.add_question(found, section="fit", kind="single")[0],
        at=None,
    )
    with desk(browser, live_server, signed_in, view) as page:
        wrong = []
        for path in PAGES:
            page.goto(f"{live_server.url}/{view.language}/console/surveys{path.format(survey=published)}")
            wrong += fit(page, f"builder{path.format(survey='n').replace('/', '-')}-{view}")
    assert not wrong, "\n".join(map(str, wrong))
