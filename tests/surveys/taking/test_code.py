"""The code by which somebody says later who they are."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from amana.gate import evidence
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.post.models import Message
from amana.surveys.models import Case, CaseStep, Response, Signal, Theme, Waiting
from amana.surveys.reading import opening
from amana.surveys.taking import codes, identity, person
from amana.surveys.taking.person import Permission
from tests.surveys.taking.test_pages import FILLED, send, text, token_of
from tests.world import World

CODE = "234789AC"
CLOSED: Any = {**dict.fromkeys(FILLED, ""), "q.overall": "2"}
PAGE = "/en/survey/code"


def answer(code: str = CODE, **told: str) -> Any:
    """Post the page of codes: first the code alone, then what is told."""
    given = {"code": code, "policy": "1", **told} if told else {"code": code}
    return Client().post(PAGE, given)


def feedback() -> list[Permission]:
    """Return the permission to read what was written."""
    what = person.asking("en", country="SA", jurisdiction="SA")
    return [one for one in what.permissions if one.field == "allow-feedback"]


@pytest.mark.parametrize("typed", [CODE, "2347-89ac", " ٢٣٤٧ ٨٩ac ", "2347‑89AC"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert codes.read(typed) == CODE


@pytest.mark.parametrize("typed", ["", "234789A", "234789ACD", "234789AO", "234789A1", "كلمة"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert codes.read(typed) is None


def test_codes_are_drawn_from_letters_that_are_not_mistaken() -> None:
    drawn = {codes.make() for _ in range(200)}
    assert (len(drawn), {codes.read(code) for code in drawn}) == (200, drawn)
    assert set("01OILSBUZ56") & set(codes.LETTERS) == set()


def test_c1_identity_is_added_later_and_the_code_is_spent(surveys: World) -> None:
    send(**CLOSED)
    assert text(answer()).count('name="email"') == 1
    added = answer(email="noura@mail.example", **{"allow-feedback-email": "on"})
    assert added.status_code == 200
    [response] = Response.objects.all()
    assert response.customer is not None
    assert (response.code, response.answers) == (None, {"overall": 2})
    holder = evidence.holder(token_of(added))
    assert (holder.customer, holder.jurisdiction) == (CustomerId(response.customer), "SA")
    assert [(d.purpose, d.channel, d.kind) for d in evidence.decisions(token_of(added))] == [
        ("feedback", "email", "given")
    ]
    assert list(Message.objects.values_list("kind", "state")) == [("confirmation", "planned")]
    assert answer(email="other@mail.example").status_code == 404


def test_c4_words_given_before_go_with_the_person_who_says_who_they_are(surveys: World) -> None:
    send(**{**CLOSED, "q.why": "الصندوق بطيء"})
    before = Response.objects.get().customer
    answer(email="noura@mail.example")
    assert Response.objects.get().customer == before is not None


def test_u3_words_that_may_be_read_from_now_on_wait_and_a_case_is_opened(surveys: World) -> None:
    send(**{**CLOSED, "q.why": "الصندوق بطيء", "q.disliked": "queue"})
    assert (Waiting.objects.count(), Case.objects.count(), Signal.objects.count()) == (0, 0, 1)
    answer(**{"allow-feedback": "on"})
    [response], [waiting], [case] = Response.objects.all(), Waiting.objects.all(), Case.objects.all()
    assert (waiting.response, waiting.customer, waiting.texts, waiting.fits) == (
        response.pk, response.customer, ["why"], False,
    )  # fmt: skip
    assert (case.response, case.customer, case.words, case.channels) == (
        response.pk, response.customer, True, [],
    )  # fmt: skip
    # What was chosen was counted as it came, once.
    assert (opening.read_batch(), Theme.objects.count(), Signal.objects.count()) == (1, 1, 1)


def test_u3_what_is_allowed_later_widens_an_open_case_and_what_waits(surveys: World) -> None:
    send(**{**CLOSED, "q.why": "الصندوق بطيء", "q.use_words": "on"})
    assert (Waiting.objects.get().fits, Case.objects.get().channels) == (False, [])
    answer(email="noura@mail.example", **{"allow-feedback-email": "on", "allow-product_fit": "on"})
    [case] = Case.objects.all()
    assert (Waiting.objects.get().fits, case.words, case.channels) == (True, True, ["email"])
    assert list(CaseStep.objects.order_by("id").values_list("kind", flat=True)) == ["opened", "allowed"]


def test_u4_words_read_before_count_for_demand_once_that_is_allowed(surveys: World) -> None:
    send(**{**CLOSED, "q.why": "الصندوق بطيء", "q.use_words": "on"})
    assert (opening.read_batch(), Theme.objects.count(), Signal.objects.count()) == (1, 1, 0)
    answer(**{"allow-product_fit": "on"})
    assert (opening.read_batch(), Theme.objects.count(), Signal.objects.count()) == (1, 1, 1)


def test_u3_words_are_not_read_of_who_asks_only_to_be_written_to_or_to_be_counted(surveys: World) -> None:
    send(**{**CLOSED, "q.why": "الصندوق بطيء"})
    answer(email="noura@mail.example", **{"allow-feedback-email": "on", "allow-product_fit": "on"})
    assert (Waiting.objects.count(), Case.objects.get().words) == (0, False)


def test_u3_what_fails_afterwards_leaves_neither_a_case_nor_words_to_be_read(surveys: World) -> None:
    send(**{**CLOSED, "q.why": "الصندوق بطيء"})
    with transaction.atomic():
        identity.add(code=CODE, values={}, allowed=feedback(), language="en", shown=1)
        assert (Waiting.objects.count(), Case.objects.count()) == (1, 1)
        transaction.set_rollback(True)
    assert (Waiting.objects.count(), Case.objects.count()) == (0, 0)
    assert codes.find(CODE) is not None


def test_nothing_told_adds_nobody_and_keeps_the_code(surveys: World) -> None:
    send(**CLOSED)
    assert (answer(name="").status_code, Response.objects.get().customer) == (400, None)
    assert codes.find(CODE) is not None


def test_unknown_spent_and_ended_codes_are_answered_alike(surveys: World) -> None:
    send(**CLOSED)
    Response.objects.update(received_at=clock.now() - timedelta(days=30, minutes=1))
    ended, unknown = answer(), answer("ACDEFGHJ")
    assert (ended.status_code, unknown.status_code) == (404, 404)
    said = "This code is not right, was used already, or is more than 30 days old."
    assert [text(page).count(said) for page in (ended, unknown)] == [1, 1]
    assert (codes.drop_ended(), Response.objects.get().code) == (1, None)


def test_trying_codes_is_slowed_down(surveys: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amana.surveys.taking.code_pages.TRIES_AN_HOUR", 2)
    assert [answer("ACDEFGHJ").status_code for _ in range(3)] == [404, 404, 429]


def test_consents_read_under_another_policy_are_asked_again(surveys: World) -> None:
    send(**CLOSED)
    page = answer(policy="7", email="noura@mail.example", **{"allow-marketing-email": "on"})
    assert (page.status_code, text(page).count(" checked"), text(page).count("noura@mail.example")) == (
        409,
        0,
        1,
    )
    assert Response.objects.get().customer is None


def test_the_form_works_with_the_check_against_forged_requests(surveys: World) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(PAGE)
    # A browser that is told to send no referrer sends no origin either, and would be refused.
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text(page))[0]
    assert client.post(PAGE, {"code": "ACDEFGHJ", "csrfmiddlewaretoken": token}).status_code == 404
