"""The tablets' pages in a real browser: readable and reachable, in both languages, by day and by night."""

import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from amana.retailer.guard import SESSION_COOKIE
from tests.surveys.tablet import made
from tests.surveys.tablet.conftest import SignedIn, Unpacked
from tests.surveys.tablet.shop import Tablet, told
from tests.web import browser as window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tablet")]
SHOTS = os.environ.get("AMANA_TEST_SHOTS")
LARGE_TARGET = 44
SCREENS = ((1280, 800), (800, 1280), (390, 844))


def fit(page: Page, name: str) -> list[object]:
    """Keep a picture, and return what is wrong with the page."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    found = (window.violations(page), window.overflow(page), window.small_targets(page))
    return [] if found == ([], 0, []) else [name, *found]


def seen(
    browser: Browser, live: LiveServer, client: Client, view: window.View, paths: dict[str, str]
) -> list[object]:
    """Open pages of the console and return what is wrong with them."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.scheme,
        reduced_motion="reduce",
    )
    context.add_cookies(
        [{"name": SESSION_COOKIE, "value": client.cookies[SESSION_COOKIE].value, "url": live.url}]
    )
    page = context.new_page()
    wrong: list[object] = []
    for name, path in paths.items():
        page.goto(f"{live.url}/{view.language}/console/{path}")
        if name == "code":
            page.locator("[name=name]").fill("Till 3")
            page.locator("main form.card button").click()
            page.locator(".enrolment-code").wait_for()
        wrong += fit(page, f"console-{name}-{view}")
    context.close()
    return wrong


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("view", window.SOME_VIEWS, ids=str)
def test_pages_of_the_console_are_fit_to_use(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, view: window.View
) -> None:
    client = signed_in("administrator")
    assert seen(browser, live_server, client, view, {"empty": "tablets"}) == []
    fleet = made.fleet()
    paths = {
        "fleet": "tablets", "tablet": f"tablets/{fleet['skewed'].pk}", "stale": f"tablets/{fleet['stale'].pk}",
        "revoke": f"tablets/{fleet['quiet'].pk}/revoke", "new": "tablets/new", "code": "tablets/new",
        "posters": "posters",
    }  # fmt: skip
    assert seen(browser, live_server, client, view, paths) == []


def targets(tablet: Tablet) -> list[str]:
    """Return what is too small for a finger in passing."""
    return list(tablet.page.evaluate(window.TARGETS, LARGE_TARGET))


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screens_of_the_tablet_are_fit_to_use(unpacked: Unpacked, language: str, scheme: str) -> None:
    wide, high = SCREENS[0]
    tablet = unpacked(viewport={"width": wide, "height": high}, color_scheme=scheme)
    page, name = tablet.page, f"tablet-{language}-{scheme}"
    wrong: list[object] = []

    def look(screen: str) -> None:
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            wrong.extend(fit(page, f"{name}-{screen}-{width}"))
            wrong.extend(targets(tablet))

    tablet.open(language, told(tablet.place, "invite", "deira"))
    page.locator(".enrol").wait_for()
    look("enrol")
    tablet.enrol(language=language)
    look("attract")
    page.locator(".rest-foot .btn").click()
    page.locator(".tells").wait_for()
    look("status")
    page.locator("main .row .btn").last.click()
    tablet.rested()
    tablet.begin(language)
    look("section-1")
    page.locator("#q-overall label").nth(2).click()
    for section in (2, 3, 4):
        tablet.forward()
        page.locator(".asked h1").wait_for()
        look(f"section-{section}")
    page.locator(".asked a").click()
    page.locator(".sheet .policy h1").wait_for()
    assert window.violations(page) == []
    page.locator(".sheet .bar-top .btn").click()
    tablet.forward()
    page.locator(".done").wait_for()
    look("done")
    assert wrong == []
