"""What the tag tells and what it never does, in a real browser and across two origins."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from amana.collect.tag.script import minified
from tests.collect.tag import website
from tests.collect.tag.website import KEY, STOPPED, Receiver, Website, until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[[str], Page]
WEIGHT = 2000
KEPT_BY_THE_BROWSER = """async () => [document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length]"""
NOTHING = ["", 0, 0, 0, 0]
STRICT = (
    "default-src 'none'; script-src http://127.0.0.1:{port}; connect-src http://127.0.0.1:{port}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def viewed(page: Page, receiver: Receiver, *, at_least: int = 1) -> list[dict[str, Any]]:
    """Return the page views, once they are told."""
    page.clock.run_for(300)
    return receiver.events("page", at_least=at_least)


def test_weight() -> None:
    assert len(gzip.compress(minified(STOPPED).encode(), 9, mtime=0)) <= WEIGHT


def test_a_view_is_told_without_query_and_identifier(visit: Visit, receiver: Receiver, shop: Website) -> None:
    page = visit("/?utm_source=letter&utm_medium=email&utm_campaign=eid&token=SECRET#private")
    [event] = viewed(page, receiver)
    where = {"path": "/", "url": f"{shop.origin}/", "title": "Home"}
    assert event.pop("messageId")
    assert event.pop("timestamp") == "2026-11-22T12:00:01.200Z"
    assert event == {
        "type": "page",
        "properties": where,
        "context": {
            "page": where,
            "campaign": {"source": "letter", "medium": "email", "name": "eid"},
            "locale": "ar-AE",
        },
    }
    posted = [one for one in receiver.requests if one.method == "POST"]
    assert [one.path for one in posted] == ["/v1/batch"]
    assert posted[0].headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert f'"writeKey":"{KEY}"'.encode() in posted[0].body
    assert b"SECRET" not in posted[0].body


def test_of_the_page_before_only_the_site_is_told(visit: Visit, receiver: Receiver, shop: Website) -> None:
    page = visit("/?q=private")
    page.click("#next")
    until(page, "Boolean(window.amana && window.amana.track)")
    told = viewed(page, receiver, at_least=2)
    assert [one["context"]["page"].get("referrer") for one in told] == [None, shop.origin]


@pytest.mark.parametrize("how", ["click", "middle", "inside"])
def test_of_a_link_to_another_site_only_the_host_is_told(
    visit: Visit, receiver: Receiver, shop: Website, how: str
) -> None:
    away = '<a id="away" href="http://127.0.0.1:9/private?x=1" target="_blank"><b>Away</b></a>'
    stay = '<a id="stay" href="#here">Here</a><a id="mail" href="mailto:service@redtag.example">Mail</a>'
    shop.pages["/"] = website.page(receiver, "Home", f"{away}{stay}")
    page = visit("/")
    page.evaluate(
        "['click', 'auxclick'].forEach(name => addEventListener(name, event => event.preventDefault()))"
    )
    page.click("#stay")
    page.click("#mail")
    page.click("#away b" if how == "inside" else "#away", button="middle" if how == "middle" else "left")
    [event] = receiver.events("Link Followed", at_least=1)
    assert event["properties"] == {"host": "127.0.0.1"}


@pytest.mark.parametrize("results", [0, 12])
def test_a_search_declared_on_the_page_is_told(
    visit: Visit, receiver: Receiver, shop: Website, results: int
) -> None:
    found = f'<ol data-amana-search="فستان أزرق" data-amana-results="{results}"></ol>'
    shop.pages["/search"] = website.page(receiver, "Search", found)
    page = visit("/search?q=x")
    viewed(page, receiver)
    [event] = receiver.events("Products Searched", at_least=1)
    assert event["properties"] == {"query": "فستان أزرق", "results": results}


def test_what_is_pushed_before_the_tag_is_there_is_told(
    visit: Visit, receiver: Receiver, shop: Website
) -> None:
    shop.scripts["/early.js"] = (
        b"(window.amana = window.amana || []).push(amana => amana.track('Product Viewed', { product_id: 'D1' }))"
    )
    shop.pages["/"] = website.page(receiver, "Home", '<script src="/early.js"></script>')
    visit("/")
    [event] = receiver.events("Product Viewed", at_least=1)
    assert event["properties"] == {"product_id": "D1"}


def test_custom_events_carry_the_page(visit: Visit, receiver: Receiver) -> None:
    page = visit("/dresses")
    page.evaluate(
        "amana.track('Cart Viewed'); amana.push(one => one.track('Size Guide Opened', { category: 'a' }))"
    )
    [event] = receiver.events("Size Guide Opened", at_least=1)
    assert event["context"]["page"]["path"] == "/dresses"
    assert receiver.events("Cart Viewed", at_least=1)[0]["properties"] == {}


def test_pages_within_a_page_are_views(visit: Visit, receiver: Receiver, shop: Website) -> None:
    page = visit("/")
    viewed(page, receiver)
    page.evaluate("history.pushState({}, '', '/bags?page=2'); setTimeout(() => document.title = 'Bags', 100)")
    viewed(page, receiver, at_least=2)
    page.evaluate("history.pushState({ open: true }, '', location.href)")  # nothing else is shown
    page.evaluate("history.replaceState({}, '', '/bags?page=2#top')")
    page.evaluate("history.go(-2)")
    until(page, "location.pathname == '/'")
    told = viewed(page, receiver, at_least=3)
    assert [(one["properties"]["path"], one["properties"]["title"]) for one in told] == [
        ("/", "Home"), ("/bags", "Bags"), ("/", "Bags"),
    ]  # fmt: skip
    assert [one["properties"].get("referrer") for one in told] == [None, shop.origin, shop.origin]


def test_nothing_is_kept_before_consent(visit: Visit, receiver: Receiver, context: BrowserContext) -> None:
    page = visit("/")
    page.clock.run_for(60_000)
    page.evaluate("amana.track('Cart Viewed')")
    page.click("#next")
    until(page, "Boolean(window.amana && window.amana.track)")
    page.evaluate("amana.consent({ personalisation: false })")
    viewed(page, receiver, at_least=2)
    assert page.evaluate(KEPT_BY_THE_BROWSER) == NOTHING
    assert context.cookies() == []
    assert [one.headers["Cookie"] for one in receiver.requests if "Cookie" in one.headers] == []
    assert [one for one in receiver.events() if "anonymousId" in one] == []


def test_consent_makes_an_identifier_and_withdrawing_deletes_it(
    visit: Visit, receiver: Receiver, context: BrowserContext
) -> None:
    page = visit("/")
    page.evaluate("amana.track('First')")
    assert page.evaluate("amana.consent({ personalisation: true, analytics: false })") == {
        "personalisation": True, "analytics": False,
    }  # fmt: skip
    page.evaluate("amana.track('Second')")
    again = visit("/dresses")  # another window
    assert again.evaluate("amana.consent()") == {"personalisation": True, "analytics": False}
    again.evaluate("amana.track('Third'); amana.consent({ personalisation: false, analytics: false })")
    again.evaluate("amana.track('Fourth')")
    assert again.evaluate(KEPT_BY_THE_BROWSER) == NOTHING
    again.evaluate("amana.consent({ analytics: true }); amana.track('Fifth')")
    told = [receiver.events(name, at_least=1)[0] for name in ("First", "Second", "Third", "Fourth", "Fifth")]
    ids = [one.get("anonymousId") for one in told]
    assert (ids[0], ids[1] == ids[2], ids[3]) == (None, True, None)
    assert len({ids[1], ids[4]}) == 2
    assert all(isinstance(one, str) and len(one) > 20 for one in (ids[1], ids[4]))
    choices = [one["context"].get("consent", {}).get("categoryPreferences") for one in told]
    given, refused = (
        {"personalisation": True, "analytics": False},
        {"personalisation": False, "analytics": False},
    )
    assert choices == [None, given, given, refused, {"analytics": True}]
    assert context.cookies() == []


def test_the_privacy_signal_stops_what_the_policy_says(
    visit: Visit, receiver: Receiver, context: BrowserContext
) -> None:
    context.add_init_script("navigator.globalPrivacyControl = true")
    page = visit("/")
    wishes = "amana.consent({ personalisation: true, analytics: true })"
    assert page.evaluate(wishes) == {"personalisation": False, "analytics": False}
    assert page.evaluate(KEPT_BY_THE_BROWSER) == NOTHING
    assert page.evaluate("amana.consent({ personalisation: true, receipts: true })") == {
        "personalisation": False, "receipts": True,
    }  # fmt: skip


def test_the_privacy_signal_stops_what_was_allowed_before(visit: Visit, context: BrowserContext) -> None:
    visit("/").evaluate("amana.consent({ personalisation: true })")
    context.add_init_script("navigator.globalPrivacyControl = true")
    page = visit("/dresses")
    assert page.evaluate("amana.consent()") == {"personalisation": False}
    assert page.evaluate(KEPT_BY_THE_BROWSER) == NOTHING


def test_a_strict_policy_of_the_site_has_nothing_to_refuse(
    visit: Visit, receiver: Receiver, shop: Website
) -> None:
    shop.policy = STRICT.format(port=receiver.port)
    page = visit("/dresses")
    page.clock.run_for(30_000)
    page.evaluate("amana.consent({ personalisation: true }); history.pushState({}, '', '/x')")
    assert len(viewed(page, receiver, at_least=2)) == 2
    assert max(receiver.engaged(at_least=2).values()) == 30_000


def test_twice_on_a_page_counts_once(visit: Visit, receiver: Receiver, shop: Website) -> None:
    shop.pages["/"] = shop.pages["/"].replace(
        "<body>", "<body>" + shop.pages["/"].partition("</title>")[2].partition("<body>")[0]
    )
    page = visit("/")
    page.clock.run_for(20_000)
    receiver.events("Time Engaged", at_least=1)
    assert page.locator("script").count() == 2
    assert len(receiver.events("page")) == 1


def test_a_refused_beacon_is_fetched(visit: Visit, receiver: Receiver, context: BrowserContext) -> None:
    context.add_init_script("navigator.sendBeacon = () => false")
    page = visit("/")
    assert len(viewed(page, receiver)) == 1
    [posted] = [one for one in receiver.requests if one.method == "POST"]
    assert posted.headers["Content-Type"] == "text/plain;charset=UTF-8"


def test_storage_that_is_forbidden_breaks_nothing(
    visit: Visit, receiver: Receiver, context: BrowserContext
) -> None:
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page = visit("/")
    page.evaluate("amana.consent({ analytics: true }); amana.track('Cart Viewed')")
    assert receiver.events("Cart Viewed", at_least=1)[0]["anonymousId"]
    assert len(viewed(page, receiver)) == 1
