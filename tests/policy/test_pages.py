"""The policy's addresses, through Django's client."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from amana.gate import standing
from amana.kernel.text import Bilingual
from amana.policy import queries
from amana.retailer.queries import Brand
from amana.web import branding
from tests.conftest import Clock

Change = Callable[..., str]
Publish = Callable[[str], int]


def page(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("language", "title", "version", "question"),
    [
        ("ar", "سياسة الخصوصية", "الإصدار 1 · سارٍ منذ", "هل ستصلني منكم عروض؟"),
        ("en", "Privacy notice", "Version 1 · in force since", "Will you send me offers?"),
    ],
)
def test_y1_notice(
    fixed_clock: Clock, published: int, language: str, title: str, version: str, question: str
) -> None:
    shown = page(f"/{language}/privacy")
    assert [
        shown.count(f"<title>{title} · "),
        shown.count(f">{version} <bdi>"),
        shown.count(f">{question}<"),
    ] == [1, 1, 1]
    assert shown.count('class="proof"') == 0


def test_y1_every_version_keeps_its_address(publish: Publish, text: str, change: Change) -> None:
    publish(text)
    publish(change(("Will you send me offers?", "Shall I get offers?")))
    assert page("/en/privacy").count("Shall I get offers?") == 1
    assert page("/en/privacy/1").count("Will you send me offers?") == 1
    assert page("/en/privacy/1").count("since replaced") == 1
    assert page("/en/privacy/2").count("in force since") == 1
    assert [page("/en/privacy/versions").count(f'href="/en/privacy/{number}"') for number in (1, 2, 3)] == [
        1,
        1,
        0,
    ]


def test_unknown_version_is_not_found(published: int) -> None:
    assert Client().get("/en/privacy/7").status_code == 404


def test_before_the_first_publication_nothing_is_promised(transactional_db: None) -> None:
    assert Client().get("/en/privacy").status_code == 503


def test_notice_answers_reading_only(published: int) -> None:
    assert Client().post("/en/privacy").status_code == 405


def test_the_notice_asks_the_database_nothing_but_how_the_journal_stands(
    published: int, django_assert_num_queries: Callable[[int], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    branded = Brand("redtag", Bilingual("ردتاغ", "RedTag"), "#c8102e", "service@redtag.example")
    monkeypatch.setitem(branding._kept, "brand", (time.monotonic(), branded))
    page("/ar/privacy")
    asked: list[standing.Serving] = []
    look = standing.look

    def noted() -> standing.Serving:
        asked.append(look())
        return asked[-1]

    monkeypatch.setattr(standing, "look", noted)
    # How the journal stands is asked past Django, so that it counts none.
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        page("/ar/privacy")
    assert len(asked) == 1


def test_n1_gpc(fixed_clock: Clock, published: int) -> None:
    assert Client().get("/.well-known/gpc.json").json() == {"gpc": True, "lastUpdate": "2026-11-22"}


def test_security_txt(fixed_clock: Clock, published: int) -> None:
    answer = Client().get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:service@redtag.example",
        "Expires: 2027-10-22T12:00:00Z",
        "Preferred-Languages: ar, en",
    ]


def test_u2_wording_for_each_channel(published: int) -> None:
    by_email = queries.wording("marketing", "ar", "email")
    assert by_email.text == "أرغب في استلام عروض ردتاغ وأخبارها بالبريد الإلكتروني"
    assert queries.wording("marketing", "en", "sms").text == "Send me RedTag offers and news by text message"
    assert queries.wording("marketing", "en").text == "Send me RedTag offers and news"
    assert by_email == queries.wording("marketing", "ar", "email")
    hashes = {found.sha256 for language in ("ar", "en") for found in queries.consents(language, "SA")}
    assert len(hashes) == 2 * len(queries.consents("ar", "SA"))


def test_wording_keeps_its_hash_while_the_words_stay(
    published: int, publish: Publish, change: Change
) -> None:
    before = queries.wording("marketing", "en", "email")
    publish(change(("value: 30", "value: 20"), within="\njurisdictions:"))
    after = queries.wording("marketing", "en", "email")
    assert (before.version, after.version, after.sha256) == (1, 2, before.sha256)
    publish(change(("offers and news", "news and offers")))
    assert queries.wording("marketing", "en", "email").sha256 != before.sha256


def test_consents_ask_what_rests_on_consent(published: int) -> None:
    asked = [(found.purpose, found.channel) for found in queries.consents("en", "AE")]
    assert asked == [
        ("content", None),
        ("marketing", "email"),
        ("marketing", "sms"),
        ("marketing", "whatsapp"),
        ("marketing", "push"),
        ("feedback", None),
        ("feedback", "email"),
        ("feedback", "sms"),
        ("feedback", "whatsapp"),
        ("product_fit", None),
        ("draws", "email"),
        ("draws", "sms"),
        ("draws", "whatsapp"),
    ]
