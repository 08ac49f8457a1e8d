"""The pages behind the links in a mail: a GET changes nothing, a POST acts, a bad link says nothing."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from amana.customers import actions
from amana.gate import actions as gate
from amana.gate import evidence, queries
from amana.kernel.ids import CustomerId
from amana.post.models import Message
from tests.conftest import Clock
from tests.world import EMAILS, World

NOBODYS = "A" * 66
HEADERS = ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
Mailed = Callable[..., str]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def kinds(token: str) -> list[tuple[str | None, str | None, str]]:
    """Return what the holder of a link decided."""
    return [(d.purpose, d.channel, d.kind) for d in evidence.decisions(token)]


def preferences_of(world: World, customer: CustomerId) -> str:
    """Return the preference link of a mail to somebody."""
    session = world.session("system")
    task = gate.plan(
        session=session, kind="session", purpose="rights", people=[customer], ref="preferences:1"
    )
    opening = gate.open(
        session=session, purpose="rights", channel="email", fields=["email"], task=task, links=["preferences"]
    )
    return opening.people[0].links["preferences"]


def erase_link(world: World, customer: CustomerId) -> str:
    """Return the link that confirms somebody's request to be erased."""
    session = world.session("system")
    task = gate.plan(session=session, kind="request", purpose="rights", people=[customer], ref="request:7")
    opening = gate.open(
        session=session, purpose="rights", channel="email", fields=["email"], task=task, links=["erase"]
    )
    return opening.people[0].links["erase"]


@pytest.fixture
def noor(world: World) -> CustomerId:
    """Return a confirmed shopper who asked for offers by e-mail."""
    return world.shopper("noor@mail.example", EMAILS)


def test_c5_confirming_takes_a_post(world: World) -> None:
    admitted = world.admit("noor@mail.example", EMAILS)
    token = world.link(admitted, "confirm")
    shown = Client().get(f"/ar/c/{token}")
    assert (shown.status_code, kinds(preferences_of(world, admitted.customer))) == (
        200,
        [("marketing", "email", "given")],
    )
    done = Client(enforce_csrf_checks=True).post(f"/ar/c/{token}", headers={"Origin": "null"})
    assert done.status_code == 200
    assert [kind for _, _, kind in kinds(preferences_of(world, admitted.customer))] == [
        "given",
        "address_confirmed",
    ]


def test_c5_confirming_twice_is_no_mistake(world: World) -> None:
    token = world.link(world.admit("noor@mail.example"), "confirm")
    assert [Client().post(f"/en/c/{token}").status_code for _ in range(2)] == [200, 200]


def test_r1_unsubscribing_takes_a_post_and_holds_at_once(world: World, noor: CustomerId) -> None:
    token = world.opt_out_link(noor)[noor]
    mine = preferences_of(world, noor)
    shown = Client().get(f"/en/u/{token}")
    assert text(shown).count("Stop “Offers and news” by e-mail?") == 1
    assert [stands.given for stands in queries.standing(mine)] == [True]
    done = Client(enforce_csrf_checks=True).post(f"/en/u/{token}")
    assert (done.status_code, text(done).count('href="/en/preferences"')) == (200, 1)
    assert [stands.given for stands in queries.standing(mine)] == [False]


def test_r1_one_click_of_a_mail_provider(world: World, noor: CustomerId) -> None:
    token = world.opt_out_link(noor)[noor]
    done = Client(enforce_csrf_checks=True).post(f"/ar/u/{token}", ONE_CLICK)
    assert (done.status_code, done.headers["Content-Type"], done.content) == (
        200,
        "text/plain",
        b"unsubscribed\n",
    )
    assert [stands.given for stands in queries.standing(preferences_of(world, noor))] == [False]


def test_r1_one_click_with_a_link_of_nobodys(world: World) -> None:
    done = Client().post(f"/ar/u/{NOBODYS}", ONE_CLICK)
    assert (done.status_code, done.content) == (404, b"unknown link\n")


def test_r1_the_unsubscribe_link_can_do_nothing_else(world: World, noor: CustomerId) -> None:
    token = world.opt_out_link(noor)[noor]
    answers = [Client().post(f"/ar/{letter}/{token}").status_code for letter in "cpe"]
    assert answers == [404, 404, 404]
    assert Client().get(f"/ar/r/{token}").status_code == 404
    assert [stands.given for stands in queries.standing(preferences_of(world, noor))] == [True]


@pytest.mark.parametrize("letter", ["c", "u", "p", "e", "r"])
def test_a_link_of_nobodys_of_another_kind_and_of_somebody_gone_look_alike(
    world: World, noor: CustomerId, letter: str
) -> None:
    other = world.opt_out_link(noor)[noor] if letter != "u" else preferences_of(world, noor)
    pages = [Client().get(f"/ar/{letter}/{token}") for token in (NOBODYS, other, "x", "%D9%A1")]
    bodies = {re.sub(rf"/{letter}/[^\"]*", f"/{letter}/TOKEN", text(page)) for page in pages}
    assert ([page.status_code for page in pages], len(bodies)) == ([404] * 4, 1)


@pytest.mark.parametrize("letter", ["c", "u", "p", "e", "r"])
def test_the_pages_keep_their_address_to_themselves(world: World, letter: str) -> None:
    answer = Client().get(f"/en/{letter}/{NOBODYS}")
    assert [answer.headers[name] for name in HEADERS] == ["no-referrer", "no-store", "noindex"]


def test_an_ended_link_says_how_to_get_another(world: World, fixed_clock: Clock) -> None:
    token = world.link(world.admit("noor@mail.example"), "confirm")
    fixed_clock.advance(dt.timedelta(days=8))
    answer = Client().get(f"/en/c/{token}")
    assert (answer.status_code, text(answer).count("This link has ended</h1>")) == (410, 1)
    assert text(answer).count('href="/en/preferences">Get a new link') == 1


def test_r5_preferences_show_what_stands_and_who_used_it(world: World, noor: CustomerId) -> None:
    page = text(Client().get(f"/en/p/{preferences_of(world, noor)}"))
    assert page.count('<span class="tag kept">On</span>') == 1
    assert page.count('<span class="tag">Off; you never switched it on</span>') == 12
    assert page.count("<b>Fulfilling your rights</b>") == 1
    assert page.count("<b>Confirming an address</b>") == 1
    assert page.count("The system itself") == 2


def test_r5_whoever_was_looked_up_reads_it(world: World, noor: CustomerId) -> None:
    queries.find(
        session=world.session("service"), purpose="service", field="email", value="noor@mail.example"
    )
    token = preferences_of(world, noor)
    row = "<td>{}</td><td>{}<br>"
    english, arabic = (text(Client().get(f"/{language}/p/{token}")) for language in ("en", "ar"))
    assert english.count(row.format("Looked you up by your e-mail address", "Customer service")) == 1
    assert arabic.count(row.format("البحث عنك ببريدك الإلكتروني", "خدمة العملاء")) == 1
    assert [page.count("</b></td>") for page in (english, arabic)] == [1, 1]


def test_r5_uses_are_dated_in_both_calendars(world: World, noor: CustomerId) -> None:
    page = text(Client().get(f"/ar/p/{preferences_of(world, noor)}"))
    assert page.count("هـ)") >= 2


def test_r1_a_switch_goes_off_at_once(world: World, noor: CustomerId) -> None:
    token = preferences_of(world, noor)
    done = Client(enforce_csrf_checks=True).post(
        f"/en/p/{token}", {"switch": "off", "purpose": "marketing", "channel": "email"}
    )
    assert (done.status_code, done.headers["Location"]) == (303, f"/en/p/{token}?done=off")
    assert [stands.given for stands in queries.standing(token)] == [False]
    after = text(Client().get(done.headers["Location"]))
    assert after.count("Switched off. It holds from now on") == 1


def test_r1_everything_goes_off_at_once(world: World) -> None:
    both = [EMAILS, type(EMAILS)("draws", "email", "Enter me")]
    token = preferences_of(world, world.shopper("noor@mail.example", *both))
    assert Client().post(f"/ar/p/{token}", {"switch": "all"}).status_code == 303
    assert [stands.given for stands in queries.standing(token)] == [False, False]


def test_c5_a_switch_goes_on_only_after_a_mail(world: World, noor: CustomerId, mailed: Mailed) -> None:
    token = preferences_of(world, noor)
    asked = Client().post(f"/ar/p/{token}", {"switch": "on", "purpose": "draws", "channel": "email"})
    assert asked.headers["Location"] == f"/ar/p/{token}?done=asked"
    assert [stands.purpose for stands in queries.standing(token)] == ["marketing"]
    letter = Message.objects.get(kind="confirmation")
    assert letter.content is not None
    assert letter.content.body_en.count(
        "Enter me in RedTag's draws and competitions and tell me the result by e-mail"
    )
    confirming = mailed("confirmation", "opt_in")
    assert Client().get(f"/ar/c/{confirming}").status_code == 200
    assert [stands.purpose for stands in queries.standing(token)] == ["marketing"]
    assert Client().post(f"/ar/c/{confirming}").status_code == 200
    assert [(s.purpose, s.given) for s in queries.standing(token)] == [("draws", True), ("marketing", True)]
    assert Client().post(f"/ar/c/{confirming}").status_code == 410


def test_wishes_beyond_three_a_day_wait_until_tomorrow(world: World, noor: CustomerId) -> None:
    token = preferences_of(world, noor)
    wish = {"switch": "on", "purpose": "marketing", "channel": "sms"}
    ways = [Client().post(f"/ar/p/{token}", wish).headers["Location"].partition("?")[2] for _ in range(4)]
    assert ways == ["done=asked", "done=asked", "done=asked", "done=later"]


def test_a_wish_the_policy_does_not_know_is_refused(world: World, noor: CustomerId) -> None:
    wish = {"switch": "on", "purpose": "marketing", "channel": "pigeon"}
    assert Client().post(f"/ar/p/{preferences_of(world, noor)}", wish).status_code == 404


def test_r3_erasing_takes_a_post(world: World, noor: CustomerId) -> None:
    token = erase_link(world, noor)

    def confirmed() -> object:
        row = world.owner.execute("SELECT confirmed_at FROM uses.task WHERE ref = 'request:7'").fetchone()
        assert row is not None
        return row[0] is not None

    assert Client().get(f"/ar/e/{token}").status_code == 200
    assert confirmed() is False
    assert Client(enforce_csrf_checks=True).post(f"/ar/e/{token}").status_code == 200
    assert confirmed() is True


def test_r3_the_erase_link_ends_after_a_day(world: World, noor: CustomerId, fixed_clock: Clock) -> None:
    token = erase_link(world, noor)
    fixed_clock.advance(dt.timedelta(hours=24))
    assert [Client().get(f"/ar/e/{token}").status_code, Client().post(f"/ar/e/{token}").status_code] == [
        410,
        410,
    ]


def ask(address: str, **options: Any) -> Any:
    return Client(**options).post("/en/preferences", {"email": address})


def test_c5_a_preference_link_is_asked_for_alike_by_anybody(world: World, noor: CustomerId) -> None:
    world.admit("claim@mail.example")
    answers = [ask(address) for address in ("noor@mail.example", "claim@mail.example", "nobody@mail.example")]
    assert {(a.status_code, a.headers["Location"], a.content) for a in answers} == {
        (303, "/en/preferences?sent=1", b"")
    }
    planned = list(Message.objects.filter(kind="preferences").values_list("customer", "purpose", "channel"))
    assert planned == [(noor, "rights", "email")]


def test_a_preference_link_opens_the_centre(world: World, noor: CustomerId, mailed: Mailed) -> None:
    ask("Noor@Mail.example")
    assert Client().get(f"/ar/p/{mailed('preferences', 'preferences')}").status_code == 200


def test_one_address_gets_three_links_a_day(world: World, noor: CustomerId) -> None:
    for _ in range(5):
        ask("noor@mail.example")
    assert Message.objects.filter(kind="preferences").count() == 3


def test_one_network_is_slowed_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amana.customers.public.LINKS_AN_HOUR", 1)
    here = [ask("a@mail.example", REMOTE_ADDR=f"2001:db8:1:{n}::1") for n in (1, 2)]
    assert [answer.status_code for answer in here] == [303, 429]
    assert text(here[1]).count('value="a@mail.example"') == 1
    assert text(here[1]).count("Too many attempts came from your network") == 1


def test_no_address_is_said_in_the_readers_language(world: World) -> None:
    answer = Client().post("/ar/preferences", {"email": "noor@"})
    assert (answer.status_code, text(answer).count("عنوان البريد الإلكتروني غير صحيح")) == (400, 1)


def test_a_letters_words_are_kept_once(world: World, noor: CustomerId) -> None:
    for _ in range(2):
        actions.send_preferences_link(address="noor@mail.example")
    assert len(set(Message.objects.filter(kind="preferences").values_list("content", flat=True))) == 1
