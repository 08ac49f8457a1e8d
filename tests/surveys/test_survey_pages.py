"""The survey on a phone: what it asks, what it refuses, what it keeps."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from amana.gate import evidence
from amana.kernel.ids import CustomerId
from amana.post.models import Message
from amana.surveys.models import Response
from tests.world import World

ADDRESS = "/ar/survey/olaya"
FILLED = {
    "rating": "4",
    "opinion": "القياسات ناقصة",
    "name": "نورة العتيبي",
    "email": "noura@mail.example",
    "mobile": "٠٥٠١٢٣٤٥٦٧",
    "birth_date": "١٧/٥/١٩٩٠",
    "gender": "female",
    "nationality": "SA",
    "city": "riyadh",
}
TICKED: Any = {"allow-marketing-email": "on"}


def send(client: Any = None, *, address: str = ADDRESS, **answers: Any) -> Any:
    """Post a filled form with `answers` in it; None leaves a field out."""
    form = {"key": str(uuid4()), "policy": "1", **FILLED, **answers}
    sent = {name: value for name, value in form.items() if value is not None}
    return (client or Client()).post(address, sent)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def token_of(answer: Any) -> str:
    """Return the receipt's token that the way to the thank-you page carries."""
    return str(answer.headers["Location"].rpartition("/")[2])


def record_of(world: World, customer: CustomerId) -> tuple[list[str], int, object]:
    """Return what somebody decided, how many letters wait for them, and whether their address was taken over."""
    row = world.owner.execute(
        "SELECT array(SELECT kind FROM consent.decision d WHERE d.person = p.id ORDER BY d.id),"
        " (SELECT superseded_at FROM consent.address a WHERE a.person = p.id) FROM vault.person p"
        " WHERE p.customer = %s",
        [customer],
    ).fetchone()
    assert row is not None
    return row[0], Message.objects.filter(customer=customer).count(), row[1]


def without_noise(answer: Any) -> str:
    """Return a page without its own random parts: tokens of the CSRF check, of the receipt, and the form's key."""
    page = re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]+"', "", text(answer))
    return re.sub(r"/[A-Za-z0-9_-]{66}", "/TOKEN", page)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_c1_nothing_is_chosen_in_advance(world: World, language: str, direction: str) -> None:
    page = text(Client().get(f"/{language}/survey/olaya"))
    assert page.count(f'<html lang="{language}" dir="{direction}">') == 1
    assert page.count('type="checkbox"') == 12
    assert page.count('type="radio"') == 5
    assert page.count(" checked") == 0


def test_c1_every_consent_stands_in_the_words_of_the_policy(world: World) -> None:
    page = text(Client().get("/en/survey/olaya"))
    shown = [
        "Send me RedTag offers and news by e-mail",
        "Send me RedTag offers and news on WhatsApp",
        "Enter me in RedTag&#x27;s draws and competitions and tell me the result by text message",
        "Show me content that suits my interests on the RedTag website",
    ]
    assert [page.count(f"<span>{words}</span>") for words in shown] == [1, 1, 1, 1]


def test_c1_ticked_consents_are_kept_with_the_words_that_were_shown(world: World) -> None:
    answer = send(address="/en/survey/olaya", **TICKED)
    assert answer.status_code == 303
    kept = [(d.purpose, d.channel, d.kind, d.wording) for d in evidence.decisions(token_of(answer))]
    assert kept == [
        (
            "marketing",
            "email",
            "given",
            "Send me RedTag offers and news by e-mail\n"
            "For those aged 18 or over. Stop whenever you like by the link in every message.\n[1]",
        )
    ]


def test_c1_whoever_ticks_nothing_allows_nothing(world: World) -> None:
    assert evidence.decisions(token_of(send())) == ()


def test_c3_what_was_told_is_kept_normalised(world: World) -> None:
    holder = evidence.holder(token_of(send()))
    assert set(holder.fields) == {
        "name", "email", "mobile", "birth_date", "birth_year", "opinion", "gender", "nationality", "city", "language",
    }  # fmt: skip
    assert (holder.jurisdiction, holder.source) == ("SA", "survey")


def test_c3_an_undeclared_field_is_refused_by_name(world: World) -> None:
    answer = send(shoe_size="39")
    assert answer.status_code == 400
    assert text(answer).count("لا تذكر سياسة الخصوصية ما يلي، فلم نحفظ شيئًا: shoe_size") == 1
    assert text(answer).count("noura@mail.example") == 1
    assert Response.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "language", "said"),
    [
        ("email", "noura@", "en", "This e-mail address is not valid. Please write it in full"),
        ("mobile", "12", "ar", None),
        ("birth_date", "٣١/٢/١٩٩٠", "ar", "لا يوجد يوم بهذا التاريخ. يُرجى التأكد من اليوم والشهر"),
        ("rating", None, "en", "Please choose one of the five faces."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    world: World, field: str, typed: str | None, language: str, said: str | None
) -> None:
    answer = send(address=f"/{language}/survey/olaya", **{field: typed})
    page = text(answer)
    assert answer.status_code == 400
    assert page.count("القياسات ناقصة") == 1
    assert typed is None or page.count(f'value="{typed}"') == 1
    assert said is None or page.count(said) == 1
    assert Response.objects.count() == 0


def test_a_permission_without_its_address_is_asked_about(world: World) -> None:
    answer = send(address="/en/survey/olaya", email="", **TICKED)
    assert answer.status_code == 400
    assert text(answer).count("You allowed something by e-mail: please write your address") == 1
    assert text(answer).count("checked") == 2


def test_c5_the_answer_is_the_same_for_known_and_unknown_addresses(world: World) -> None:
    world.shopper("known@mail.example")
    for _ in range(4):  # beyond what one address is asked in a day
        send(email="asked@mail.example")
    pages = []
    for address in ("known@mail.example", "unknown@mail.example", "asked@mail.example"):
        client = Client()
        answer = send(client, email=address)
        after = client.get(answer.headers["Location"])
        way = re.sub(r"/[A-Za-z0-9_-]{66}", "/TOKEN", answer.headers["Location"])
        headers = {name: value for name, value in after.headers.items() if name != "Content-Length"}
        pages.append((answer.status_code, way, without_noise(after), headers))
    assert pages[0] == pages[1] == pages[2]


def test_c5_a_stranger_changes_nothing_for_whom_the_address_belongs_to(world: World) -> None:
    owner = world.shopper("noura@mail.example")
    before = record_of(world, owner)
    stranger = evidence.holder(token_of(send(**TICKED))).customer
    assert record_of(world, owner) == before == (["address_confirmed"], 0, None)
    assert record_of(world, stranger) == (["given"], 1, None)


def test_c5_the_strangers_receipt_never_shows_what_the_owner_decides_later(
    world: World, mailed: Callable[..., str]
) -> None:
    stranger = token_of(send(**TICKED))
    confirming = mailed("confirmation", "confirm")
    assert Client().post(f"/ar/c/{confirming}").status_code == 200
    assert [d.kind for d in evidence.decisions(stranger)] == ["given"]


def test_a_confirmation_mail_is_planned_once(world: World) -> None:
    send()
    planned = list(Message.objects.values_list("kind", "purpose", "channel", "state"))
    assert planned == [("confirmation", "confirmation", "email", "planned")]


def test_sending_one_form_twice_admits_once(world: World) -> None:
    key = str(uuid4())
    first, second = send(key=key), send(key=key)
    holders = {evidence.holder(token_of(answer)).customer for answer in (first, second)}
    assert (len(holders), Response.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_a_rating_alone_names_nobody(world: World) -> None:
    answer = send(**{**dict.fromkeys(FILLED, ""), "rating": "5"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ar/survey/olaya/thanks")
    assert list(Response.objects.values_list("rating", "customer", "language", "survey", "policy")) == [
        (5, None, "ar", 1, 1)
    ]


def test_y1_consents_read_under_another_version_are_not_taken(world: World) -> None:
    answer = send(policy="7", **TICKED)
    assert answer.status_code == 409
    assert text(answer).count(" checked") == 1  # the face
    assert text(answer).count("noura@mail.example") == 1
    assert Response.objects.count() == 0


def test_n1_the_privacy_signal_is_seen_and_pre_sets_nothing(world: World) -> None:
    plain = Client().get(ADDRESS)
    seen = Client(headers={"Sec-GPC": "1"}).get(ADDRESS)
    assert [text(page).count("Global Privacy Control") for page in (plain, seen)] == [0, 1]
    assert text(seen).count(" checked") == 0
    assert [page.headers["Vary"].count("Sec-GPC") for page in (plain, seen)] == [1, 1]


def test_too_many_answers_from_one_network_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amana.surveys.public.ANSWERS_AN_HOUR", 2)
    here = [send(Client(REMOTE_ADDR=f"192.0.2.{host}")).status_code for host in (1, 2, 250)]
    elsewhere = send(Client(REMOTE_ADDR="198.51.100.1")).status_code
    assert (here, elsewhere) == ([303, 303, 429], 303)


def test_an_unknown_shop_is_not_there(world: World) -> None:
    assert Client().get("/ar/survey/nowhere").status_code == 404
