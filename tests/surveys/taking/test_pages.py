"""The page without scripts: what it asks, what it refuses, what is kept of it."""

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
from amana.surveys.taking import asked, codes
from tests.world import World

ADDRESS = "/ar/survey/olaya"
FILLED = {
    "q.overall": "4",
    "q.found_it": "yes",
    "q.why": "القياسات ناقصة",
    "q.contact.name": "نورة العتيبي",
    "q.contact.email": "noura@mail.example",
    "q.contact.mobile": "٠٥٠١٢٣٤٥٦٧",
}
TICKED: Any = {"q.offers": "on"}


def send(client: Any = None, *, address: str = ADDRESS, **answers: Any) -> Any:
    """Post a filled form with `answers` in it; None leaves a field out."""
    shown = {"key": str(uuid4()), "policy": "1", "version": "1", "code": "234789AC"}
    form = {**shown, **FILLED, **answers}
    return (client or Client()).post(
        address, {name: value for name, value in form.items() if value is not None}
    )


def text(answer: Any) -> str:
    return str(answer.content.decode())


def token_of(answer: Any) -> str:
    """Return the receipt's token that the thank-you page carries."""
    found = re.search(r"/r/([\w-]{60,})", text(answer))
    assert found is not None
    return found[1]


def without_noise(answer: Any) -> str:
    """Return a page without its own random parts: the receipt's token and the form's numbers."""
    return re.sub(r"/[A-Za-z0-9_-]{66}", "/TOKEN", text(answer))


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


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_c1_nothing_is_chosen_in_advance(surveys: World, language: str, direction: str) -> None:
    page = text(Client().get(f"/{language}/survey/olaya"))
    assert page.count(f'<html lang="{language}" dir="{direction}">') == 1
    assert (page.count('type="checkbox"'), page.count(" checked"), page.count(" selected")) == (16, 0, 0)


def test_n1_the_page_sets_no_cookie_and_may_not_be_kept(surveys: World) -> None:
    answer = Client().get(ADDRESS)
    assert (dict(answer.cookies), "no-store" in answer.headers["Cache-Control"]) == ({}, True)


def test_c1_every_consent_stands_in_the_words_of_the_policy(surveys: World) -> None:
    page = text(Client().get("/en/survey/olaya"))
    shown = "Send me RedTag offers and news by e-mail"
    assert page.count(f"<span>{shown}</span>") == 1


def test_c1_ticked_consents_are_kept_with_the_words_that_were_shown(surveys: World) -> None:
    answer = send(address="/en/survey/olaya", **TICKED)
    assert answer.status_code == 200
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


def test_c1_whoever_ticks_nothing_allows_nothing(surveys: World) -> None:
    assert evidence.decisions(token_of(send())) == ()


def test_c3_what_was_told_is_kept_normalised(surveys: World) -> None:
    holder = evidence.holder(token_of(send()))
    assert set(holder.fields) == {"name", "email", "mobile", "opinion", "language"}
    assert (holder.jurisdiction, holder.source) == ("SA", "survey")


def test_c4_what_was_chosen_is_kept_open_and_what_was_written_is_not(surveys: World) -> None:
    send()
    [response] = Response.objects.all()
    assert (response.answers, response.texts, response.way) == (
        {"overall": 4, "found_it": "yes"},
        ["why"],
        "link",
    )


@pytest.mark.parametrize(
    ("field", "typed", "language", "said"),
    [
        ("q.contact.email", "noura@", "en", "This e-mail address is not valid. Please write it in full"),
        ("q.contact.mobile", "12", "ar", "رقم الهاتف غير صحيح"),
        ("q.overall", None, "en", "This question needs an answer before you go on."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    surveys: World, field: str, typed: str | None, language: str, said: str
) -> None:
    answer = send(address=f"/{language}/survey/olaya", **{field: typed})
    page = text(answer)
    assert answer.status_code == 400
    assert page.count("القياسات ناقصة") == 1
    assert typed is None or page.count(f'value="{typed}"') == 1
    assert page.count(said) == 1
    assert Response.objects.count() == 0


def test_a_permission_without_its_address_is_asked_about(surveys: World) -> None:
    answer = send(address="/en/survey/olaya", **{"q.contact.email": "", **TICKED})
    assert answer.status_code == 400
    assert text(answer).count("You allowed something by e-mail: please write your address") == 1


def test_an_answer_to_what_is_not_asked_counts_for_nothing(surveys: World) -> None:
    send(**{"q.department": "women", "q.wanted": "عباية"})
    assert Response.objects.get().answers == {"overall": 4, "found_it": "yes"}


def test_c5_the_answer_is_the_same_for_known_and_unknown_addresses(surveys: World) -> None:
    surveys.shopper("known@mail.example")
    for _ in range(4):  # beyond what one address is asked in a day
        send(**{"q.contact.email": "asked@mail.example"})
    addresses = ("known@mail.example", "unknown@mail.example", "asked@mail.example")
    pages = [send(**{"q.contact.email": address}) for address in addresses]
    seen = [(page.status_code, without_noise(page)) for page in pages]
    assert seen[0] == seen[1] == seen[2]


def test_c5_a_stranger_changes_nothing_for_whom_the_address_belongs_to(surveys: World) -> None:
    owner = surveys.shopper("noura@mail.example")
    before = record_of(surveys, owner)
    stranger = evidence.holder(token_of(send(**TICKED))).customer
    assert record_of(surveys, owner) == before == (["address_confirmed"], 0, None)
    assert record_of(surveys, stranger) == (["given"], 1, None)


def test_c5_the_strangers_receipt_never_shows_what_the_owner_decides_later(
    surveys: World, mailed: Callable[..., str]
) -> None:
    stranger = token_of(send(**TICKED))
    confirming = mailed("confirmation", "confirm")
    assert Client().post(f"/ar/c/{confirming}").status_code == 200
    assert [d.kind for d in evidence.decisions(stranger)] == ["given"]


def test_sending_one_form_twice_admits_once(surveys: World) -> None:
    key = str(uuid4())
    first, second = send(key=key), send(key=key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert (Response.objects.count(), Message.objects.count()) == (1, 1)


def test_choices_alone_name_nobody_and_bring_a_code(surveys: World) -> None:
    answer = send(**{**dict.fromkeys(FILLED, ""), "q.overall": "5"})
    assert (answer.status_code, text(answer).count("2347-89AC"), text(answer).count("/r/")) == (200, 1, 0)
    [response] = Response.objects.all()
    assert (response.answers, response.customer, response.language) == ({"overall": 5}, None, "ar")
    assert bytes(response.code or b"") == codes.digest("234789AC")


def test_y1_consents_read_under_another_version_are_not_taken(surveys: World) -> None:
    answer = send(policy="7", **TICKED)
    page = text(answer)
    assert answer.status_code == 409
    assert re.findall(r'name="(q[^"]+)"[^>]* checked', page) == ["q.overall", "q.found_it"]
    assert page.count("noura@mail.example") == 1
    assert Response.objects.count() == 0


def test_n1_the_privacy_signal_is_seen_and_pre_sets_nothing(surveys: World) -> None:
    plain = Client().get(ADDRESS)
    seen = Client(headers={"Sec-GPC": "1"}).get(ADDRESS)
    assert [text(page).count("Global Privacy Control") for page in (plain, seen)] == [0, 1]
    assert [page.headers["Vary"].count("Sec-GPC") for page in (plain, seen)] == [1, 1]


def test_too_many_answers_from_one_network_wait(surveys: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amana.surveys.taking.public.ANSWERS_AN_HOUR", 2)
    here = [send(Client(REMOTE_ADDR=f"192.0.2.{host}")).status_code for host in (1, 2, 250)]
    elsewhere = send(Client(REMOTE_ADDR="198.51.100.1")).status_code
    assert (here, elsewhere) == ([200, 200, 429], 200)


def test_a_form_sent_from_another_site_is_refused(surveys: World) -> None:
    answer = send(Client(headers={"Sec-Fetch-Site": "cross-site"}))
    assert (answer.status_code, Response.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ar/survey/nowhere", 404),
        ("/ar/survey/olaya/nothing", 404),
        ("/ar/survey/olaya/visit", 200),
        ("/ar/survey/olaya/product", 200),
        ("/ar/survey/olaya/visit?by=qr", 200),
        ("/ar/survey/olaya/product?by=qr", 404),
        ("/en/surveys/product", 200),
        ("/en/surveys/nothing", 404),
        ("/ar/survey/code", 200),
    ],
)
def test_what_is_asked_where(surveys: World, path: str, status: int) -> None:
    assert Client().get(path).status_code == status


def test_every_open_shop_has_its_survey(surveys: World) -> None:
    found = asked.open_shops()
    assert (len(found), found[0].slug, found[0].region.en) == (15, "deira", "Dubai")


def test_without_an_open_survey_no_shop_asks(world: World) -> None:
    assert asked.open_shops() == ()
