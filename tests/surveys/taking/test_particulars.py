"""Particulars of a person that are chosen, not typed: listed in both languages, and nothing else is taken."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from amana.surveys.builder import actions as builder
from amana.surveys.builder import queries
from amana.surveys.definition import parsing
from amana.surveys.intake import taking
from amana.surveys.intake.taking import TakenIn
from amana.surveys.models import Response
from tests.surveys.intake.place import Place, refused
from tests.surveys.taking.conftest import Visitor
from tests.surveys.taking.everything import PARTICULARS
from tests.web import browser as window
from tests.world import World

PAGE = "/{}/survey/olaya/particulars"
TOLD = {"gender": "female", "nationality": "OM", "city": "jeddah"}


def publish() -> None:
    """Publish a survey that asks for particulars, and open it everywhere."""
    made = builder.create(staff=1, definition=parsing.parse(PARTICULARS), slug="particulars")
    builder.publish(staff=1, survey=made, at=queries.get_draft(made).revision)
    builder.place(staff=1, survey=made, shop=None, ways=("qr", "link", "web", "tablet"))


def send(language: str = "en", **told: str) -> tuple[int, str]:
    """Post the page without scripts; return the status and the page."""
    shown = {"key": str(uuid4()), "policy": "1", "version": "1", "code": "234789AC"}
    given = {f"q.who.{name}": value for name, value in told.items()}
    answer = Client().post(PAGE.format(language), {**shown, **given})
    return answer.status_code, answer.content.decode()


def listed(page: str, name: str) -> list[str]:
    """Return what a select of the page offers, as people read it."""
    found = re.search(rf'<select name="q\.who\.{name}".*?</select>', page)
    assert found is not None
    return re.findall(r">([^<]+)</option>", found[0])


def kept(world: World) -> dict[str, str]:
    """Return the facts that are kept of whoever answered."""
    rows = world.owner.execute(
        "SELECT t.name, f.value FROM vault.fact f JOIN policy.term t ON t.id = f.field ORDER BY 1"
    ).fetchall()
    return {str(name): str(value) for name, value in rows}


@pytest.mark.parametrize(
    ("language", "first", "genders"),
    [
        ("ar", ["أفضّل عدم الإجابة", "المملكة العربية السعودية"], ["أنثى", "ذكر"]),
        ("en", ["I would rather not say", "Saudi Arabia"], ["Female", "Male"]),
    ],
)
def test_the_page_without_scripts_lists_them_in_its_language(
    surveys: World, language: str, first: list[str], genders: list[str]
) -> None:
    publish()
    page = Client().get(PAGE.format(language)).content.decode()
    assert listed(page, "nationality")[:2] == first
    assert listed(page, "gender")[1:] == genders
    assert page.count("<select ") == 3
    last = {"ar": "هونغ كونغ الصينية (منطقة إدارية خاصة)", "en": "Zimbabwe"}
    assert listed(page, "nationality")[-1] == last[language]


def test_what_was_chosen_is_kept_by_its_code(surveys: World) -> None:
    publish()
    assert send(**TOLD)[0] == 200
    assert kept(surveys) == {**TOLD, "language": "en"}


def test_what_is_not_in_the_list_is_told_at_its_field_and_nothing_is_kept(surveys: World) -> None:
    publish()
    status, page = send(gender="female", city="12 King Road, flat 4")
    assert (status, page.count("12 King Road"), page.count("Please look at this answer again.")) == (
        400,
        0,
        1,
    )
    assert page.count('<option value="female" selected>') == 1
    assert Response.objects.count() == 0


def test_a_sealed_answer_with_another_value_is_refused_and_kept(place: Place, surveys: World) -> None:
    publish()
    asked = {"survey": "particulars"}
    bad = place.submission()
    place.post(
        place.sealed({"who": TOLD | {"city": "dubai"}}, **asked),
        place.sealed({"who": {"city": "12 King Road"}}, id=bad.id, **asked),
    )
    assert taking.take_in() == TakenIn(taken=1, refused={"answer_malformed": 1})
    assert refused() == {bad.id: "answer_malformed"}


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_runner_lists_them_in_either_language_and_keeps_what_was_chosen(
    surveys: World, visitor: Visitor
) -> None:
    publish()
    visitor.open(PAGE.format("ar"))
    page = visitor.page
    names = page.locator("[name='q.who.nationality'] option")
    assert names.nth(1).inner_text() == "المملكة العربية السعودية"
    page.locator("[name='q.who.nationality']").select_option(label="عُمان")
    page.locator("[name='q.who.city']").select_option("jeddah")
    assert (window.violations(page), window.overflow(page), window.small_targets(page)) == ([], 0, [])
    page.get_by_role("link", name="English").click()
    assert names.nth(7).inner_text() == "Afghanistan"
    assert page.locator("[name='q.who.nationality']").input_value() == "OM"
    page.locator("button[type=submit]").click()
    page.locator(".done").wait_for()
    assert kept(surveys) == {"nationality": "OM", "city": "jeddah", "language": "en"}
