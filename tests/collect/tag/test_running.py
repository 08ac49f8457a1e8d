"""The tag and the websites' own library against the running demo: two origins, a real browser, an offline machine."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.cli.deployment import Deployment, deployment
from tests.cli.deployment import until as eventually
from tests.collect.tag import website
from tests.collect.tag.conftest import open_offline
from tests.collect.tag.website import Website, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
SDK = Path(sys.prefix) / "sdk" / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"
# A driven browser says so in its name, and the server counts no driven browser.
PERSON = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
MAKE = """
from amana.cli import django
django.set_up()
from amana.collect import sources
with django.signed_in("app"):
    print(sources.make(name="A website", origins=["{origin}"]).sender.write_key)
"""
START = """
window.analytics = AnalyticsNext.AnalyticsBrowser.load(
  {{ writeKey: "{key}", cdnURL: "{host}" }}, {{ disableClientPersistence: {silent} }});
analytics.page();
analytics.track("Product Viewed", {{ product_id: "dress", price: 149, currency: "AED", colour_of_eyes: "brown" }});
analytics.track("Something Else", {{}});
analytics.ready(() => {{ window.done = true; }});
"""


@pytest.fixture(scope="module")
def demo() -> Iterator[Deployment]:
    """Return a demo that runs."""
    with deployment() as made:
        # One web process: two come to know a new source one after the other, and the tests ask either.
        server = made.serve("--shoppers", "5", "--processes", "1", command="demo")
        yield made
        server.terminate()
        server.wait(15)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser that bears an everyday name: set for a page alone, it would be lost as the page is left."""
    with open_offline(f"--user-agent={PERSON}") as opened:
        yield opened


@pytest.fixture
def person(browser: Browser) -> Iterator[BrowserContext]:
    """Return somebody with a fresh browser."""
    made = browser.new_context(locale="en-GB")
    yield made
    made.close()


@pytest.fixture
def asked(person: BrowserContext) -> set[str]:
    """Return the origins this person's browser has asked anything of."""
    found: set[str] = set()
    person.on("request", lambda request: found.add("/".join(request.url.split("/")[:3])))
    return found


def host(demo: Deployment) -> str:
    """Return the demo's address."""
    return f"http://127.0.0.1:{demo.port}"


def counts(demo: Deployment) -> dict[tuple[str, str, str], int]:
    """Return what the server counted, by event, property and reason (empty: accepted)."""
    password = (demo.home / "secrets" / "pg-superuser").read_text("utf-8").strip()
    socket = (demo.home / "postgres.location").read_text("utf-8").partition('"socket"')[2].split('"')[1]
    with psycopg.connect(
        host=socket, port=5432, dbname="amana", user="postgres", password=password
    ) as connection:
        rows = connection.execute(
            "SELECT event, property, reason, sum(count)::int FROM collect_dropped GROUP BY 1, 2, 3"
        ).fetchall()
    return {(event, of, reason): number for event, of, reason, number in rows}


def since(demo: Deployment, before: dict[tuple[str, str, str], int]) -> dict[tuple[str, str, str], int]:
    """Return what was counted since then."""
    return {
        what: number - before.get(what, 0)
        for what, number in counts(demo).items()
        if number > before.get(what, 0)
    }


def test_what_is_seen_in_the_shop_is_accepted_by_the_running_server(
    demo: Deployment, person: BrowserContext, asked: set[str]
) -> None:
    before = counts(demo)
    page = person.new_page()
    page.goto(f"{host(demo)}/en/")
    page.get_by_role("link", name="A small shop").click()
    assert eventually(lambda: ("Page Viewed", "", "") in since(demo, before), 10)
    page.get_by_role("searchbox").fill("ski boots")
    page.keyboard.press("Enter")
    assert eventually(lambda: ("Products Searched", "", "") in since(demo, before), 10)
    page.locator("#consent label").first.click()
    page.get_by_role("button", name="Save what I ticked").click()
    page.get_by_text("Thank you.").wait_for()
    page.goto("about:blank")
    wanted = {("Page Viewed", "", ""), ("Products Searched", "", ""), ("Time Engaged", "", "")}
    assert eventually(lambda: set(since(demo, before)) >= wanted, 10), since(demo, before)
    assert set(since(demo, before)) == wanted  # and nothing of it was refused
    assert asked == {host(demo)}


def with_library(shop: Website, demo: Deployment, *, silent: bool) -> str:
    """Put a page of another origin in place that sends with the library, and return that source's key."""
    words = [sys.executable, "-c", MAKE.format(origin=shop.origin)]
    made = subprocess.run(words, env=demo.environment(), capture_output=True, text=True, check=True)
    key = made.stdout.strip()
    shop.scripts = {f"/sdk/{one.name}": one.read_bytes() for one in SDK.glob("*.js")}
    shop.scripts["/start.js"] = START.format(key=key, host=host(demo), silent=str(silent).lower()).encode()
    shop.pages["/"] = (
        '<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>'
        '<script src="/sdk/index.js"></script><script src="/start.js"></script>'
    )
    return key


def open_when_known(page: Page, shop: Website, demo: Deployment, key: str) -> None:
    """Open the page once the server knows the new source."""
    address = f"{host(demo)}/v1/projects/{key}/settings"
    assert eventually(lambda: page.request.get(address).ok, 15)
    page.goto(f"{shop.origin}/")
    until(page, "window.done === true")


@pytest.mark.skipif(not SDK.is_dir(), reason="deploy/sdk.sh has not been run")
@pytest.mark.parametrize("silent", [True, False], ids=["silent", "as it comes"])
def test_the_websites_own_library_works_by_setting_the_host(
    demo: Deployment, person: BrowserContext, asked: set[str], silent: bool
) -> None:
    with website.running() as (shop, _):
        key = with_library(shop, demo, silent=silent)
        before = counts(demo)
        page = person.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        with page.expect_response(lambda one: one.request.method == "POST") as answered:
            open_when_known(page, shop, demo, key)
        assert answered.value.status == 200
        wanted = {
            ("Page Viewed", "", ""), ("Product Viewed", "", ""),
            ("Product Viewed", "colour_of_eyes", "undeclared_property"),
        }  # fmt: skip
        assert eventually(lambda: set(since(demo, before)) >= wanted, 10), since(demo, before)
        assert complaints == []
        # Its identifiers are its own affair; without consent the server keeps none of them.
        assert bool(person.cookies() or page.evaluate("localStorage.length")) is not silent
        assert asked == {shop.origin, host(demo)}
