"""The demo's shop: there in the demo alone, fit to use, and silent about whoever walks through it."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Request
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from amana.collect import sources
from amana.policy import queries
from amana.web.shop import goods
from tests.collect.tag.website import until
from tests.gate.conftest import world as world
from tests.web import browser as window
from tests.web.browser import View
from tests.web.test_gallery import browser as browser
from tests.web.test_gallery import retailer as retailer
from tests.world import World

pytestmark = pytest.mark.xdist_group("browser")
SHOTS = os.environ.get("AMANA_TEST_SHOTS")
PHONE = View("en", "light", 390, 844)
PAGES = {
    "front": "",
    "department": "women",
    "good": "women/dress",
    "good-without-sizes": "home/lantern",
    "found": "search?q=linen",
    "nothing-found": "search?q=ski",
    "bag": "bag?item=dress",
    "empty-bag": "bag",
    "thanks": "thanks?item=dress",
}


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    """Run the demo."""
    settings.AMANA_DEMO = True


@contextmanager
def looking(browser: Browser, view: View) -> Iterator[tuple[Page, list[dict[str, Any]], list[str]]]:
    """Open a window; the lists fill with the events that leave it, and with what the browser complains of."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.scheme,
        reduced_motion="reduce",
    )
    told: list[dict[str, Any]] = []
    complaints: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/v1/batch"):
            told.extend(json.loads(request.post_data or "{}")["batch"])

    context.on("request", note)
    context.route("**/v1/batch", lambda route: route.fulfill(json={"success": True}))
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page, told, complaints
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("view", window.VIEWS if SHOTS else window.SOME_VIEWS, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_fit_to_use(
    retailer: World, live_server: LiveServer, browser: Browser, view: View, name: str
) -> None:
    with looking(browser, view) as (page, _, complaints):
        page.goto(f"{live_server.url}/shop/{view.language}/{PAGES[name]}")
        until(page, "!document.getElementById('consent').hidden")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{view}.png", full_page=True)
        assert window.violations(page) == []
        assert (window.overflow(page), window.small_targets(page), complaints) == (0, [], [])


@pytest.mark.browser
def test_a_walk_tells_what_the_policy_declares_and_no_more(
    retailer: World, live_server: LiveServer, browser: Browser
) -> None:
    with looking(browser, PHONE) as (page, told, complaints):

        def view(go: Callable[[], object]) -> None:
            with page.expect_request(lambda one: '"type":"page"' in (one.post_data or "")):
                go()

        view(lambda: page.goto(f"{live_server.url}/shop/en/"))
        view(page.get_by_role("link", name="Women", exact=True).click)
        view(page.get_by_role("link", name="Palm-leaf dress").click)
        page.get_by_text("Size guide").click()
        page.get_by_role("radio", name="XL").check()
        view(page.get_by_role("button", name="Add to the bag").click)
        view(page.get_by_role("button", name="Place the order").click)
        page.get_by_role("searchbox").fill("ski boots")
        with page.expect_request(lambda one: "Products Searched" in (one.post_data or "")):
            page.keyboard.press("Enter")
        assert complaints == []
    known = queries.current().policy.website.events
    names = [event.get("event", "Page Viewed") for event in told]
    assert {name: names.count(name) for name in names if name != "Time Engaged"} == {
        "Page Viewed": 6, "Product List Viewed": 1, "Product Viewed": 1, "Size Guide Opened": 1,
        "Unavailable Size Chosen": 1, "Product Added": 1, "Cart Viewed": 1, "Order Completed": 1,
        "Products Searched": 1,
    }  # fmt: skip
    undeclared = {
        (name, own)
        for name, event in zip(names, told, strict=True)
        for own in set(event["properties"]) - set(known[name].properties)
    }
    assert undeclared == set()
    assert [one["properties"] for one in told if one.get("event") == "Products Searched"] == [
        {"query": "ski boots", "results": 0}
    ]
    assert [one for one in told if "anonymousId" in one] == []


@pytest.mark.browser
def test_consent_is_asked_in_the_words_of_the_policy_and_taken_back_as_easily(
    retailer: World, live_server: LiveServer, browser: Browser
) -> None:
    kept = "() => [document.cookie, localStorage.length, sessionStorage.length]"
    with looking(browser, PHONE) as (page, _, _complaints):
        page.goto(f"{live_server.url}/shop/en/")
        band = page.locator("#consent")
        band.wait_for()
        policy = queries.current().policy
        asked = [
            " · ".join((policy.purposes[one].consent or policy.purposes[one].name).en for one in purposes)
            for purposes in policy.website.consent_categories.values()
        ]
        assert band.locator("label > span").all_inner_texts() == asked
        assert (band.locator(":checked").count(), page.evaluate(kept)) == (0, ["", 0, 0])
        band.get_by_role("button", name="No, thank you").click()
        band.get_by_text("Nothing is kept.").wait_for()
        assert page.evaluate(kept) == ["", 0, 0]
        band.locator("label").first.click()
        band.get_by_role("button", name="Save what I ticked").click()
        band.get_by_text("Thank you.").wait_for()
        assert page.evaluate(kept) == ["", 1, 0]
        page.get_by_role("link", name="Home", exact=True).click()
        band.get_by_text("Thank you.").wait_for()
        assert band.locator(":checked").count() == 1
        band.locator("label").first.click()
        band.get_by_role("button", name="Save what I ticked").click()
        band.get_by_text("Nothing is kept.").wait_for()
        assert page.evaluate(kept) == ["", 0, 0]


def test_it_carries_the_tag_under_a_strict_policy_and_sets_no_cookie(retailer: World) -> None:
    page = Client().get("/shop/ar/")
    assert (page.status_code, page.headers["Content-Language"], dict(page.cookies)) == (200, "ar", {})
    assert f'src="/amana.js" data-key="{sources.demo_key()}"' in page.content.decode()
    rules = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert (rules["default-src"], rules["script-src"], rules["connect-src"]) == ("'none'", "'self'", "'self'")
    assert (rules["require-trusted-types-for"], rules["trusted-types"]) == ("'script'", "'none'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "ar/", "en/women", "en/women/dress", "en/search", "en/bag"])
def test_there_is_no_shop_outside_the_demo(retailer: World, settings: Settings, path: str) -> None:
    settings.AMANA_DEMO = False
    assert Client().get(f"/shop/{path}").status_code == 404
    assert "/shop/" not in Client().get("/en/").content.decode()


@pytest.mark.parametrize("path", ["fr/", "en/nowhere", "en/men/dress", "en/thanks", "en/thanks?item=x"])
def test_what_is_not_there_is_missing(retailer: World, path: str) -> None:
    assert Client().get(f"/shop/{path}").status_code == 404


def test_the_shop_opens_in_the_readers_language(retailer: World) -> None:
    asked = [
        Client().get("/shop/", headers={"Accept-Language": wish}).headers["Location"]
        for wish in ("en-GB", "ar-AE", "fr")
    ]
    assert asked == ["/shop/en/", "/shop/ar/", "/shop/ar/"]
    page = Client().get("/shop/en/search?q=%D9%81").content.decode()
    assert re.findall(r'href="(/shop/ar/search[^"]*)"', page) == ["/shop/ar/search?q=%D9%81"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("فستان", ["dress"]), ("القهوه", ["cups"]), ("LINEN", ["abaya", "shirt"]), ("كتّان", ["abaya", "shirt"]),
        ("linen shirt", ["shirt"]), ("أطفال", ["tshirt", "dungarees", "cap"]), ("ski", []), ("", []), ("  ", []),
    ],
)  # fmt: skip
def test_goods_are_found_in_either_language(words: str, found: list[str]) -> None:
    assert [good.slug for good in goods.matching(words)] == found


def test_every_good_is_drawn_and_every_department_has_some() -> None:
    sprite = (Path(goods.__file__).parents[1] / "static" / "web" / "goods.svg").read_text("utf-8")
    drawn = set(re.findall(r'symbol id="(\w+)"', sprite))
    assert {good.slug for good in goods.GOODS} | {one.drawing for one in goods.DEPARTMENTS} == drawn
    assert [len(goods.within(one.slug)) for one in goods.DEPARTMENTS] == [3, 3, 3, 3]
