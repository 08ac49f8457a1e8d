"""The pages of signing in, in a real browser: readable, reachable, in both languages, on a phone and at a desk."""

import os
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings as configured
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from amana.customers.identity import actions
from amana.gate import actions as gate
from tests.web import browser as window
from tests.web.test_gallery import browser as browser
from tests.world import EMAILS, World

pytestmark = [
    pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True),
]  # fmt: skip
SHOTS = os.environ.get("AMANA_TEST_SHOTS")
EMAIL = "noor@mail.example"
ASKED = urlencode({"return": "https://redtag.example/ar/", "browser": "q2w3e4r5"})


def see(context: BrowserContext, address: str, name: str, view: window.View) -> None:
    """Open a page and find nothing wrong with it."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(address)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{view}.png", full_page=True)
    assert (window.violations(page), complaints) == ([], [])
    assert (window.overflow(page), window.small_targets(page)) == (0, [])
    page.close()


def link() -> str:
    """Return a fresh sign-in link as the mail carries it."""
    gate_task = gate.ask_to_sign_in(session=configured.AMANA_SYSTEM_TOKEN, address=EMAIL)[0].task
    opening = gate.open(
        session=configured.AMANA_SYSTEM_TOKEN, purpose="rights", channel="email", fields=["email"],
        task=gate_task, links=["sign_in"],
    )  # fmt: skip
    return opening.people[0].links["sign_in"]


@pytest.mark.parametrize("view", window.VIEWS if SHOTS else window.SOME_VIEWS, ids=str)
def test_pages_are_fit_to_use(
    world: World, live_server: LiveServer, browser: Browser, view: window.View
) -> None:
    noor = world.shopper(EMAIL, EMAILS)
    actions.attach(
        pseudonym="a" * 32, purpose="content", customer=noor, made_by="sign_in", includes_before=True
    )
    at = f"{live_server.url}/{view.language}"
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.scheme,
        reduced_motion="reduce",
    )
    see(context, f"{at}/sign-in", "sign-in", view)
    see(context, f"{at}/sign-in?sent=1", "sent", view)
    see(context, f"{at}/s/{link()}", "enter-elsewhere", view)
    page = context.new_page()
    page.goto(f"{at}/sign-in?{ASKED}")
    page.fill("[name=email]", "nobody@mail.example")
    page.click("main form button")
    page.goto(f"{at}/s/{link()}")
    see(context, page.url, "enter", view)
    context.clear_cookies(name="amana_asking")
    page.reload()
    page.click("main form button")
    page.wait_for_url("**/me/")
    see(context, f"{at}/me/", "me", view)
    see(context, f"{at}/me/?{ASKED}", "me-asked", view)
    see(context, f"{at}/me/receipt", "receipt", view)
    page.click("text=" + {"ar": "تسجيل الخروج", "en": "Sign out"}[view.language])
    page.wait_for_url("**/sign-in?out=1")
    see(context, page.url, "signed-out", view)
    context.close()
