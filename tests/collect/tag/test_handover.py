"""Coming back from signing in: the word is handed over once, with consent alone, and leaves the address bar."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.collect.tag import website
from tests.collect.tag.website import Receiver, Website

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[[str], Page]
SIGN_IN = '<a id="sign-in" href="http://127.0.0.1:1/ar/sign-in?return=x" data-amana-sign-in>Sign in</a>'
WORD = "w" * 43


def pressed(page: Page) -> str:
    """Press "Sign in" without leaving, and return where it would have led."""
    page.evaluate("addEventListener('click', event => event.preventDefault())")
    page.click("#sign-in")
    page.click("#sign-in")
    return str(page.get_attribute("#sign-in", "href"))


def test_c2_the_asking_browser_shows_the_end_of_its_number_with_consent_alone(
    visit: Visit, receiver: Receiver, shop: Website
) -> None:
    shop.pages["/"] = website.page(receiver, "Home", SIGN_IN)
    page = visit("/")
    assert pressed(page) == "http://127.0.0.1:1/ar/sign-in?return=x"
    page.evaluate("window.amana.consent({analytics: true})")
    person = page.evaluate("JSON.parse(localStorage.getItem('amana'))[0]")
    assert pressed(page) == f"http://127.0.0.1:1/ar/sign-in?return=x&browser={person[-8:]}"


def test_c2_a_word_is_handed_over_once(visit: Visit, receiver: Receiver, context: BrowserContext) -> None:
    page = visit("/")
    page.evaluate("window.amana.consent({analytics: true})")
    person = page.evaluate("JSON.parse(localStorage.getItem('amana'))[0]")
    page.close()
    page = visit(f"/dresses?size=m#amana={WORD}")
    assert page.evaluate("location.pathname + location.search + location.hash") == "/dresses?size=m"
    [told] = receiver.events("identify", at_least=1)
    assert (told["anonymousId"], told["context"]["handover"]) == (person, WORD)
    assert told["context"]["consent"] == {"categoryPreferences": {"analytics": True}}
    page.evaluate("window.amana.track('Later')")
    [later] = receiver.events("Later", at_least=1)
    assert "handover" not in later["context"]
    page.reload()
    website.until(page, "Boolean(window.amana && window.amana.track)")
    page.evaluate("window.amana.track('Last')")
    receiver.events("Last", at_least=1)
    assert len(receiver.events("identify")) == 1


def test_c2_without_consent_a_word_is_dropped(visit: Visit, receiver: Receiver) -> None:
    page = visit(f"/#amana={WORD}")
    assert page.evaluate("location.hash") == ""
    page.evaluate("window.amana.track('Later')")
    receiver.events("Later", at_least=1)
    assert receiver.events("identify") == []


def test_other_fragments_stay(visit: Visit, receiver: Receiver) -> None:
    page = visit("/#sizes")
    assert (page.evaluate("location.hash"), receiver.events("identify")) == ("#sizes", [])
