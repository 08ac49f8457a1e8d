"""A tablet that knows of a reached quota thanks whoever is of that sort, and keeps nothing of theirs."""

import pytest

from amana.surveys.builder import actions as builder
from amana.surveys.builder import queries
from amana.surveys.models import QuotaCount, Response
from amana.surveys.tablet import actions
from tests.surveys.taking.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_whoever_is_of_a_sort_that_is_full_is_thanked_in_both_languages_and_nothing_is_kept(
    visitor: Visitor,
) -> None:
    product = next(draft.id for draft in queries.drafts() if draft.slug == "product")
    visit = next(draft.id for draft in queries.drafts() if draft.slug == "visit")
    builder.place(staff=1, survey=visit, shop=visitor.place.shop, ways=("qr",))
    builder.place(staff=1, survey=product, shop=visitor.place.shop, ways=("tablet",))
    QuotaCount.objects.create(survey=product, name="children_wear", count=2000)
    code = actions.invite(shop=visitor.place.shop, name="Till", staff=1).spelt
    page = visitor.page
    page.goto(f"{visitor.address}/ar/tablet#{code}")
    page.locator("form.enrol button[type=submit]").click()
    page.locator(".side[lang=ar] .start").click()
    page.locator("[name='q.kind'][value=children]").check(force=True)
    page.locator(".asked button[type=submit]").click()
    assert page.locator(".done .lead").inner_text().startswith("اكتفينا من الآراء في ملابس الأطفال")
    page.get_by_role("button", name="English").click()
    assert page.locator(".done .lead").inner_text().startswith("We have heard enough")
    page.locator(".done .btn").click()
    page.locator(".attract .start").first.wait_for()
    assert page.evaluate("Amana.store.counts()")["waiting"] == 0
    assert Response.objects.count() == 0
