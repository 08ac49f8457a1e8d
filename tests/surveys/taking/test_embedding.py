"""Surveys in a frame of another page: who may show them, what the page learns, what is remembered."""

import pytest
from django.test import Client
from playwright.sync_api import FrameLocator, Page

from tests.surveys.taking.conftest import Visitor
from tests.world import World

SHOP = "https://shop.example/"


def page_with(host: str, *, inside: str = "", script: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>{script}'
        f'<div data-amana-survey="product" data-language="en" data-once="30" {inside}></div>'
        f'<script async src="{host}/survey.js"></script></html>'
    )


def test_the_loader_is_small_and_the_same_for_everybody(surveys: World) -> None:
    answer = Client(headers={"Accept-Encoding": "gzip"}).get("/survey.js")
    assert (answer.status_code, len(answer.content) <= 1_100, dict(answer.cookies)) == (200, True, {})
    names = ("Cross-Origin-Resource-Policy", "Access-Control-Allow-Origin", "Vary")
    assert [answer.headers[name] for name in names] == ["cross-origin", "*", "Accept-Encoding"]


def test_only_the_sites_of_the_policy_may_show_the_frame(surveys: World) -> None:
    framed = Client().get("/en/surveys/product/frame")
    rules = framed.headers["Content-Security-Policy"].split("; ")
    assert [rule for rule in sorted(rules) if rule.startswith(("frame-", "script-", "default-"))] == [
        "default-src 'none'", "frame-ancestors 'self' https://redtag.example", "script-src 'self'",
    ]  # fmt: skip
    assert "X-Frame-Options" not in framed.headers
    bare = Client().get("/en/surveys/product")
    assert "frame-ancestors 'none'" in bare.headers["Content-Security-Policy"].split("; ")
    assert bare.headers["X-Frame-Options"] == "DENY"


@pytest.fixture
def shop(visitor: Visitor) -> Page:
    """Return a page of the retailer's website, on an origin of its own, that asks a survey."""
    visitor.context.route("https://redtag.example/**", lambda route: route.fulfill(
        content_type="text/html", body=page_with(visitor.address)))  # fmt: skip
    visitor.context.route("https://other.example/**", lambda route: route.fulfill(
        content_type="text/html", body=page_with(visitor.address)))  # fmt: skip
    # This machine is no public place: a browser asks before a website reaches it.
    for origin in ("https://redtag.example", "https://other.example"):
        visitor.context.grant_permissions(["local-network-access"], origin=origin)
    return visitor.page


def framed(page: Page) -> FrameLocator:
    return page.frame_locator("[data-amana-survey] iframe")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_survey_is_answered_within_another_page(visitor: Visitor, shop: Page) -> None:
    shop.goto("https://redtag.example/")
    frame = framed(shop)
    frame.locator("html[data-taking=ready]").wait_for()
    inside = frame.locator("main").bounding_box()
    outside = shop.locator("iframe").bounding_box()
    assert inside is not None
    assert outside is not None
    assert 0 <= outside["height"] - inside["height"] < 200
    frame.locator("[name='q.kind'][value=shoes]").check(force=True)
    while frame.locator("h1").inner_text() != "Thank you for your answers":
        required = frame.locator(".q:has(.needed) input:not(:checked)")
        if required.count():
            required.first.check(force=True)
        frame.locator("button[type=submit]").click()
        shop.wait_for_timeout(400)
    assert len(visitor.sent) == 1
    assert shop.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert visitor.context.cookies() == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_site_the_policy_does_not_name_shows_nothing(visitor: Visitor, shop: Page) -> None:
    shop.goto("https://other.example/")
    shop.locator("iframe").wait_for()
    shop.wait_for_timeout(500)
    assert framed(shop).locator("#take").count() == 0


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_what_was_answered_is_remembered_only_where_the_visitor_allowed_it(
    visitor: Visitor, shop: Page
) -> None:
    shop.goto("https://redtag.example/")
    framed(shop).locator("html[data-taking=ready]").wait_for()
    done = "document.querySelector('iframe').contentWindow"
    told = f"window.dispatchEvent(new MessageEvent('message', {{origin: '{visitor.address}', source: {done},"
    told += " data: {amanaSurvey: 500, done: true}}))"
    shop.evaluate(told)
    assert shop.evaluate("localStorage.length") == 0
    shop.evaluate("window.amana = {consent: () => ({personalisation: true})}")
    shop.evaluate(told)
    assert shop.evaluate("Object.keys(localStorage)") == ["amana-survey-product"]
    shop.reload()
    shop.wait_for_timeout(300)
    assert shop.locator("iframe").count() == 0
