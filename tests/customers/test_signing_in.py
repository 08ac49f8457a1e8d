"""The pages of signing in: alike for everybody, a GET changes nothing, a session ends, the way back is the shop's."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import translation

from amana.customers import holding, returning, sessions
from amana.customers.identity import tokens
from amana.customers.models import Handover, Session
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.post.models import Message
from tests.customers.test_links import HEADERS, NOBODYS, preferences_of, text
from tests.gate.operations import erase
from tests.world import EMAILS, World

pytestmark = pytest.mark.django_db(transaction=True)
Mailed = Callable[..., str]
EMAIL = "noor@mail.example"
SHOP = "https://redtag.example/ar/women?q=1"
ANONYMOUS = "1q2w3e4r5t6y7u8i9o0pasdf"
BROWSER = ANONYMOUS[-8:]
FROM_SHOP = {"return": SHOP, "browser": BROWSER}


@pytest.fixture
def noor(world: World) -> CustomerId:
    """Return a confirmed shopper who asked for offers by e-mail."""
    return world.shopper(EMAIL, EMAILS)


def ask(browser: Client, address: str = EMAIL, given: dict[str, str] | None = None, **more: Any) -> Any:
    return browser.post("/en/sign-in", {"email": address}, query_params=given or {}, **more)


@pytest.fixture
def signed(world: World, noor: CustomerId, mailed: Mailed) -> Client:
    """Return a browser that is signed in as Noor."""
    browser = Client()
    ask(browser)
    assert browser.post(f"/en/s/{mailed('sign_in', 'sign_in')}").headers["Location"] == "/en/me/"
    return browser


def test_r5_signing_in_answers_alike_for_known_and_unknown_addresses(world: World, noor: CustomerId) -> None:
    world.admit("claim@mail.example")
    answers = [
        ask(Client(), address, FROM_SHOP) for address in (EMAIL, "claim@mail.example", "nobody@mail.example")
    ]
    said = {(a.status_code, a.headers["Location"], a.content, tuple(sorted(a.headers))) for a in answers}
    cookies = {
        tuple((name, len(one.value), one["max-age"], one["path"]) for name, one in sorted(a.cookies.items()))
        for a in answers
    }
    assert ([(one[0], one[1]) for one in said], len(cookies)) == ([(303, "/en/sign-in?sent=1")], 1)
    assert len({Client().get("/en/sign-in?sent=1").content for _ in answers}) == 1
    planned = Message.objects.filter(kind="sign_in").values_list("customer", "purpose", "channel")
    assert list(planned) == [(noor, "rights", "email")]


def test_r5_a_get_signs_nobody_in_and_a_post_does_once(
    world: World, noor: CustomerId, mailed: Mailed
) -> None:
    browser = Client(enforce_csrf_checks=True)
    ask(Client())
    token = mailed("sign_in", "sign_in")
    for method in (browser.get, browser.head, browser.get):
        shown = method(f"/en/s/{token}")
        assert (shown.status_code, sessions.COOKIE in shown.cookies, Session.objects.count()) == (
            200, False, 0,
        )  # fmt: skip
    done = browser.post(f"/en/s/{token}", headers={"Origin": "null"})
    cookie = done.cookies[sessions.COOKIE]
    assert (done.status_code, done.headers["Location"]) == (303, "/en/me/")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True, "Lax", "/", "",
    )  # fmt: skip
    again = Client().post(f"/en/s/{token}")
    assert (again.status_code, text(again).count('href="/en/sign-in">Get a new link')) == (410, 1)
    assert Session.objects.count() == 1


def test_the_cookie_is_secure_where_there_is_tls(signed: Client, settings: Any, mailed: Mailed) -> None:
    settings.SESSION_COOKIE_SECURE = True
    ask(signed)
    gate_link = mailed("sign_in", "sign_in")
    assert Client().post(f"/en/s/{gate_link}").cookies[sessions.COOKIE]["secure"] is True


def test_forged_links_and_links_of_others_look_alike(world: World, noor: CustomerId) -> None:
    bad = (NOBODYS, preferences_of(world, noor), "x")
    pages = [getattr(Client(), how)(f"/en/s/{token}") for token in bad for how in ("get", "post")]
    bodies = {re.sub(r"/s/[^\"]*", "/s/TOKEN", text(page)) for page in pages}
    assert ({page.status_code for page in pages}, len(bodies)) == ({404}, 1)
    assert [pages[0].headers[name] for name in HEADERS] == ["no-referrer", "no-store", "noindex"]


def test_one_network_is_slowed_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amana.customers.signing_in.LINKS_AN_HOUR", 1)
    here = [ask(Client(), "a@mail.example", REMOTE_ADDR=f"192.0.2.{n}") for n in (1, 2)]
    assert [answer.status_code for answer in here] == [303, 429]
    assert text(here[1]).count('value="a@mail.example"') == 1


def test_one_address_gets_three_links_an_hour(world: World, noor: CustomerId) -> None:
    assert {ask(Client()).status_code for _ in range(5)} == {303}
    assert Message.objects.filter(kind="sign_in").count() == 3


def test_nobody_reaches_the_pages_without_signing_in(world: World) -> None:
    for path in ("", "receipt", "receipt/receipt.jws"):
        assert Client().get(f"/en/me/{path}").headers["Location"] == "/en/sign-in"
    asked = Client().get("/en/me/", FROM_SHOP).headers["Location"]
    assert asked == f"/en/sign-in{returning.asked(FROM_SHOP).query}"
    assert [Client().post(f"/en/me/{path}").status_code for path in ("back", "sign-out")] == [302, 302]


def test_r5_whoever_is_signed_in_sees_and_changes_what_stands(signed: Client, noor: CustomerId) -> None:
    page = signed.get("/en/me/")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert text(page).count('<span class="tag kept">On</span>') == 1
    off = {"switch": "off", "purpose": "marketing", "channel": "email"}
    assert signed.post("/en/me/", off).headers["Location"] == "/en/me/?done=off"
    assert text(signed.get("/en/me/?done=off")).count('<span class="tag kept">On</span>') == 0
    assert signed.get("/en/me/receipt").status_code == 200
    assert signed.get("/en/me/receipt/receipt.jws").headers["Content-Type"] == "application/jose"


def test_other_sites_change_nothing(world: World, noor: CustomerId, mailed: Mailed) -> None:
    browser = Client(enforce_csrf_checks=True)
    ask(Client())
    browser.post(f"/en/s/{mailed('sign_in', 'sign_in')}")
    assert [browser.post(f"/en/me/{path}").status_code for path in ("", "back", "sign-out")] == [403] * 3


def test_signing_out_ends_the_session(signed: Client) -> None:
    kept = signed.cookies[sessions.COOKIE].value
    done = signed.post("/en/me/sign-out")
    assert (done.headers["Location"], Session.objects.count()) == ("/en/sign-in?out=1", 0)
    signed.cookies[sessions.COOKIE] = kept
    assert signed.get("/en/me/").status_code == 302


def test_a_session_ends_half_an_hour_after_the_last_page_and_after_twelve_hours(signed: Client) -> None:
    at = clock.now()
    with clock.fixed(at + dt.timedelta(minutes=29)):
        assert signed.get("/en/me/").status_code == 200
    with clock.fixed(at + dt.timedelta(minutes=58)):
        assert signed.get("/en/me/").status_code == 200
    Session.objects.update(seen_at=at + dt.timedelta(hours=12))
    with clock.fixed(at + dt.timedelta(hours=12)):
        assert signed.get("/en/me/").status_code == 302


def test_n1_the_table_signs_nobody_in(signed: Client) -> None:
    secret = signed.cookies[sessions.COOKIE].value
    [row] = Session.objects.all()
    kept = bytes(row.digest) + bytes(row.sealed)
    assert (len(row.digest), kept.count(secret.encode())) == (32, 0)
    other = Client()
    other.cookies[sessions.COOKIE] = bytes(row.digest).hex()
    assert other.get("/en/me/").status_code == 302


def test_r3_the_erased_are_signed_out(world: World, noor: CustomerId, signed: Client) -> None:
    tokens.make(customer=noor, browser=BROWSER, includes_before=False)
    assert [name for name in holding.disclose(noor) if name.startswith("session")] == ["session 1"]
    erase(world, noor)
    assert (Session.objects.count(), Handover.objects.count()) == (0, 0)
    assert signed.get("/en/me/").status_code == 302


def handed(answer: Any) -> tokens.Handed:
    """Take the word that a redirect carries, as the browser that asked."""
    address = urlsplit(answer.headers["Location"])
    assert address._replace(fragment="").geturl() == SHOP
    return tokens.take(address.fragment.removeprefix("amana="), anonymous_id=ANONYMOUS)


@pytest.mark.parametrize(("sent", "before"), [({}, False), ({"before": "on"}, True)])
def test_c2_signing_in_leads_back_with_a_word_for_the_tag(
    world: World, noor: CustomerId, mailed: Mailed, sent: dict[str, str], before: bool
) -> None:
    browser = Client()
    ask(browser, EMAIL, FROM_SHOP)
    token = mailed("sign_in", "sign_in")
    shown = browser.get(f"/en/s/{token}")
    assert text(shown).count('name="before">') == 1
    rules = [rule.strip() for rule in shown.headers["Content-Security-Policy"].split(";")]
    assert rules.count("form-action 'self' https://redtag.example") == 1
    assert handed(browser.post(f"/en/s/{token}", sent)) == tokens.Handed(noor, before)


def test_c2_the_signed_in_go_back_with_a_word_too(signed: Client, noor: CustomerId) -> None:
    assert signed.get("/en/sign-in", FROM_SHOP).headers["Location"].startswith("/en/me/?return=")
    page = text(signed.get("/en/me/", FROM_SHOP))
    assert (page.count('action="/en/me/back"'), page.count('name="before">')) == (1, 1)
    assert handed(signed.post("/en/me/back", {**FROM_SHOP, "before": "on"})) == tokens.Handed(noor, True)


def test_c2_without_consent_there_is_no_word(world: World, noor: CustomerId, mailed: Mailed) -> None:
    browser = Client()
    ask(browser, EMAIL, {"return": SHOP})
    token = mailed("sign_in", "sign_in")
    assert text(browser.get(f"/en/s/{token}")).count("before") == 0
    assert browser.post(f"/en/s/{token}", {"before": "on"}).headers["Location"] == SHOP
    assert Handover.objects.count() == 0


def test_another_browser_is_warned_and_led_nowhere(world: World, noor: CustomerId, mailed: Mailed) -> None:
    ask(Client(), EMAIL, FROM_SHOP)
    token, other = mailed("sign_in", "sign_in"), Client()
    assert text(other.get(f"/en/s/{token}")).count("This link was not asked for in this browser.") == 1
    assert other.post(f"/en/s/{token}").headers["Location"] == "/en/me/"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//redtag.example", "https://redtag.example.evil.example/", "javascript:alert(1)",
        "https://redtag.example@evil.example/", "https://redtag.example:444/", "http://redtag.example/",
        "https://redtag.example\\@evil.example/", "https://redtag.example/\n", "https://[", "/shop/ar/", "/ar/me/",
        "https://redtag.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_no_way_leads_to_anybody_else(world: World, address: str) -> None:
    assert returning.asked({"return": address, "browser": BROWSER}) == returning.Asking()


def test_the_demos_shop_is_a_way_back_in_the_demo_alone(world: World, settings: Any) -> None:
    settings.AMANA_DEMO = True
    assert returning.allowed("/shop/ar/women#x") == "/shop/ar/women"
    with translation.override("ar"):
        assert returning.home() == "/shop/ar/"
    settings.AMANA_DEMO = False
    assert returning.home() == "https://redtag.example"


def test_the_word_holds_once_for_ten_minutes_in_the_browser_that_asked(world: World) -> None:
    customer = world.shopper("salem@mail.example")
    token = tokens.make(customer=customer, browser=BROWSER, includes_before=False)
    for bad, browser in (
        (token, ANONYMOUS[::-1]),
        (token, BROWSER),
        (token + "x", ANONYMOUS),
        ("", ANONYMOUS),
    ):
        with pytest.raises(Refusal, match="handover_ended"):
            tokens.take(bad, anonymous_id=browser)
    with clock.fixed(clock.now() + dt.timedelta(minutes=10)), pytest.raises(Refusal, match="handover_ended"):
        tokens.take(token, anonymous_id=ANONYMOUS)
    assert tokens.take(token, anonymous_id=ANONYMOUS) == tokens.Handed(customer, False)
    with pytest.raises(Refusal, match="handover_ended"):
        tokens.take(token, anonymous_id=ANONYMOUS)


def test_the_mail_is_in_both_languages(world: World, noor: CustomerId) -> None:
    ask(Client())
    content = Message.objects.get(kind="sign_in").content
    assert content is not None
    assert (content.subject_ar, content.subject_en, content.link) == (
        "رابط تسجيل الدخول", "Your link to sign in", "sign_in",
    )  # fmt: skip
