"""The agents' pages: sealed until taken over, each reading recorded, an erasure in two steps."""

import re

import pytest
from django.test import Client

from amana.desk.models import Conversation
from amana.gate import queries as gate_queries
from amana.retailer.guard import SESSION_COOKIE
from amana.rights import queries as rights
from amana.surveys.models import Invitation
from tests.desk.conftest import NOOR, STRANGER, Desk
from tests.world import Connection


def browser(desk: Desk, role: str = "service", name: str = "") -> Client:
    """Return a browser in which somebody of the staff is signed in."""
    client = Client()
    client.cookies[SESSION_COOKIE] = desk.staff(role, name).token
    return client


def page(client: Client, path: str, language: str = "en") -> str:
    """Return a page of the console."""
    answer = client.get(f"/{language}/console/{path}")
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def uses(owner: Connection) -> int:
    """Count the releases for conversations by staff."""
    row = owner.execute("SELECT count(*) FROM uses.call WHERE staff IS NOT NULL").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("language", ["ar", "en"])
def test_r4_the_queue_shows_what_was_understood_and_no_word_of_it(desk: Desk, language: str) -> None:
    desk.receive("أبغى أحذف حسابي", subject="سري")
    shown = page(browser(desk), "desk", language)
    assert (shown.count('<bdi dir="ltr" class="num">R3</bdi>'), shown.count("سري"), shown.count(NOOR)) == (
        1,
        0,
        0,
    )
    assert uses(desk.world.owner) == 0


def test_r4_an_empty_queue_says_what_will_come(desk: Desk) -> None:
    assert page(browser(desk), "desk").count("Nothing waits.") == 1


@pytest.mark.parametrize("role", ["marketing", "analyst", "administrator", "shop_manager", "auditor"])
def test_r4_the_desk_is_for_agents_and_the_officer(desk: Desk, role: str) -> None:
    found = desk.receive("سؤال")
    client = browser(desk, role)
    assert client.get("/en/console/desk").status_code == 403
    assert client.get(f"/en/console/desk/{found.pk}").status_code == 403
    assert client.post(f"/en/console/desk/{found.pk}/take").status_code == 403
    assert Client().get("/en/console/desk").status_code == 302


def test_c4_a_mail_stays_sealed_until_it_is_taken_over_and_each_reading_is_recorded(desk: Desk) -> None:
    found = desk.receive("وين طلبي رقم 48213؟")
    client = browser(desk)
    assert page(client, f"desk/{found.pk}").count("48213") == 0
    assert uses(desk.world.owner) == 0
    assert client.post(f"/en/console/desk/{found.pk}/take").status_code == 302
    read = page(client, f"desk/{found.pk}")
    assert (read.count("وين طلبي رقم 48213؟"), read.count(NOOR)) == (1, 1)
    assert (re.findall(r'<div class="prose" dir="auto">', read), uses(desk.world.owner)) == (
        ['<div class="prose" dir="auto">'], 1,
    )  # fmt: skip
    page(client, f"desk/{found.pk}")
    assert uses(desk.world.owner) == 2


def test_c4_a_colleague_sees_nothing_before_taking_over(desk: Desk) -> None:
    found = desk.receive("وين طلبي رقم 48213؟")
    browser(desk).post(f"/en/console/desk/{found.pk}/take")
    other = browser(desk, name="other")
    assert page(other, f"desk/{found.pk}").count("48213") == 0
    assert other.post(f"/en/console/desk/{found.pk}/answer", {"text": "x"}).status_code == 403
    other.post(f"/en/console/desk/{found.pk}/take")
    assert page(other, f"desk/{found.pk}").count("48213") == 1


def test_r4_an_answer_reaches_the_customer_in_their_language_and_stays_sealed(desk: Desk) -> None:
    found = desk.receive("وين طلبي رقم 48213؟")
    client = browser(desk)
    client.post(f"/en/console/desk/{found.pk}/take")
    answer = client.post(f"/en/console/desk/{found.pk}/answer", {"text": "طلبك مع المندوب اليوم."})
    assert answer.status_code == 302
    assert desk.text_to(NOOR).count("طلبك مع المندوب اليوم.") == 1
    assert page(client, f"desk/{found.pk}").count("طلبك مع المندوب اليوم.") == 1
    found.refresh_from_db()
    assert found.state == "waiting"


def test_r4_what_cannot_be_sent_stays_in_the_box(desk: Desk) -> None:
    found = desk.receive("سؤال")
    client = browser(desk)
    client.post(f"/en/console/desk/{found.pk}/take")
    desk.mailhost.at_recipient[NOOR] = "451 4.3.0 Later"
    answer = client.post(f"/en/console/desk/{found.pk}/answer", {"text": "ردّ طويل"})
    assert (answer.status_code, answer.content.decode().count("ردّ طويل")) == (503, 1)
    assert client.post(f"/en/console/desk/{found.pk}/answer", {"text": " "}).status_code == 400


def test_r4_closing_is_undone_by_reopening(desk: Desk) -> None:
    found = desk.receive("سؤال")
    client = browser(desk)
    client.post(f"/en/console/desk/{found.pk}/close")
    assert Conversation.objects.get().state == "done"
    assert page(client, "desk?show=done").count(str(found.pk)) == 1
    client.post(f"/en/console/desk/{found.pk}/reopen")
    assert Conversation.objects.get().state == "open"


def test_u3_whoever_wrote_may_be_asked_once_how_it_went(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    found = desk.receive("سؤال")
    client = browser(desk)
    for step in ("take", "close", "reopen", "take", "close"):
        client.post(f"/en/console/desk/{found.pk}/{step}")
    asked = Invitation.objects.values_list("customer", "occasion", "state")
    assert list(asked) == [(noor, "conversation", "waiting")]


def test_r3_whoever_asked_to_be_erased_is_not_asked_how_it_went(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    found = desk.receive("احذفوا حسابي")
    client = browser(desk)
    for step in ("take", "close"):
        client.post(f"/en/console/desk/{found.pk}/{step}")
    assert Invitation.objects.count() == 0


def test_bad_mail_is_shown_as_unreadable_and_handed_over_raw(desk: Desk) -> None:
    raw = b"From: x\r\nSubject: y\r\n\r\nbroken \x00\xff\xfe"
    desk.send(raw)
    desk.take_in()
    found = Conversation.objects.get()
    client = browser(desk)
    client.post(f"/en/console/desk/{found.pk}/take")
    shown = page(client, f"desk/{found.pk}")
    assert shown.count("Unreadable: kept byte for byte as it came") == 1
    letter = found.letters.get()
    answer = client.post(f"/en/console/desk/{found.pk}/mail/{letter.pk}")
    assert (answer.content.rstrip(), answer["Content-Type"]) == (raw.rstrip(), "application/octet-stream")


def test_r3_the_whole_story_of_an_erasure(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    desk.world.shopper(STRANGER)
    found = desk.receive("أبغى أحذف حسابي وكل بياناتي")
    client, here = browser(desk), f"/en/console/desk/{found.pk}"
    client.post(f"{here}/take")
    assert client.post(f"{here}/erasure").status_code == 302
    (asked,) = rights.of_conversation(found.pk)
    assert (asked.state, asked.customer) == ("challenged", noor)
    waiting = page(client, f"desk/{found.pk}")
    assert (waiting.count("Waiting for the owner to confirm"), waiting.count("Review the erasure")) == (1, 0)
    early = client.post(f"{here}/erasure/{asked.id}/carry-out")
    assert (early.status_code, early.content.decode().count("has not confirmed this request yet")) == (409, 1)

    desk.hand_over()
    desk.confirm()
    confirmed = page(client, f"desk/{found.pk}")
    assert confirmed.count("Review the erasure") == 1
    found.refresh_from_db()
    assert found.owner == noor
    review = page(client, f"desk/{found.pk}/erasure/{asked.id}")
    assert re.findall(r'class="btn( quiet)?"[^>]*>(?:Go back|Erase)', review) == ["", " quiet"]

    assert client.post(f"{here}/erasure/{asked.id}/carry-out").status_code == 302
    session = desk.world.session("system")
    left = [
        gate_queries.find(session=session, purpose="rights", field="email", value=address)
        for address in (NOOR, STRANGER)
    ]
    assert [len(one) for one in left] == [0, 1]
    after = page(client, f"desk/{found.pk}")
    (asked,) = rights.of_conversation(found.pk)
    assert (after.count(asked.certificate), after.count(NOOR), after.count("أبغى")) == (3, 0, 0)
    certificate = Client().get(f"/ar/certificate/{asked.certificate}")
    assert (certificate.status_code, certificate["Referrer-Policy"]) == (200, "no-referrer")
    proof = Client().get(f"/en/certificate/{asked.certificate}/certificate.json").json()
    assert (proof["certificate"].count("."), proof["inclusion"]) == (2, None)


def test_r3_a_forged_mail_erases_nobody(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    desk.send(b"From: noor@mail.example\r\nSubject: x\r\n\r\nplease delete my account\r\n", address=STRANGER)
    desk.take_in()
    found = Conversation.objects.get()
    client = browser(desk)
    client.post(f"/en/console/desk/{found.pk}/take")
    client.post(f"/en/console/desk/{found.pk}/erasure")
    desk.hand_over()
    assert (len(desk.mails_to(STRANGER)), rights.of_conversation(found.pk)[0].state) == (0, "challenged")
    shown = page(client, f"desk/{found.pk}")
    assert shown.count("address is not proven") == 1
    session = desk.world.session("system")
    assert gate_queries.find(session=session, purpose="rights", field="email", value=NOOR) == [noor]


def test_r3_an_unknown_address_gets_no_challenge_and_the_agent_is_told(desk: Desk) -> None:
    found = desk.receive("احذفوا حسابي", address=STRANGER)
    client = browser(desk)
    client.post(f"/en/console/desk/{found.pk}/take")
    told = client.post(f"/en/console/desk/{found.pk}/erasure", follow=True).content.decode()
    desk.hand_over()
    assert (told.count("so no mail went out"), len(desk.mails_to(STRANGER))) == (1, 1)


def test_r3_a_request_is_closed_with_a_reason(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    found = desk.receive("احذفوا حسابي")
    client, here = browser(desk), f"/en/console/desk/{found.pk}"
    client.post(f"{here}/take")
    client.post(f"{here}/erasure")
    (asked,) = rights.of_conversation(found.pk)
    assert client.post(f"{here}/erasure/{asked.id}/refuse", {"reason": ""}).status_code == 400
    assert client.post(f"{here}/erasure/{asked.id}/refuse", {"reason": "withdrawn"}).status_code == 302
    officer = page(browser(desk, "data_protection_officer"), "requests")
    assert officer.count("The customer took the request back") == 2


@pytest.mark.parametrize(
    ("role", "status"), [("data_protection_officer", 200), ("service", 403), ("marketing", 403)]
)
def test_r5_the_officers_page_is_the_officers(desk: Desk, role: str, status: int) -> None:
    assert browser(desk, role).get("/ar/console/requests").status_code == status


def test_r3_a_certificate_that_was_never_issued_is_not_found(desk: Desk) -> None:
    assert Client().get("/en/certificate/AAAA-BBBB-CCCC-DDDD-EEEE").status_code == 404
