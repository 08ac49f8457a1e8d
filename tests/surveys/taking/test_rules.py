"""The console's page of what is asked by itself."""

import hashlib

import pytest
from django.test import Client

from amana.retailer.guard import SESSION_COOKIE
from amana.surveys.builder import queries as builder
from amana.surveys.taking import invitations
from tests.world import World

PAGE = "/en/console/surveys/asking"


def browser(world: World, role: str) -> Client:
    """Return a browser in which somebody of the staff is signed in."""
    client = Client()
    token = hashlib.sha256(role.encode()).hexdigest()
    client.cookies[SESSION_COOKIE] = world._open(role, None, token)
    return client


def test_u3_a_marketer_says_which_survey_follows_what(surveys: World) -> None:
    client = browser(surveys, "marketing")
    product = next(draft.id for draft in builder.drafts() if draft.slug == "product")
    assert client.post(PAGE, {"purchase": str(product), "conversation": ""}).status_code == 302
    assert invitations.rules() == {"purchase": product}
    page = client.get(PAGE).content.decode()
    assert page.count(f'<option value="{product}" selected>') == 1
    assert page.count("data-amana-survey=") == 1
    client.post(PAGE, {"purchase": "", "conversation": "999"})
    assert invitations.rules() == {}


@pytest.mark.parametrize(("role", "status"), [("analyst", 200), ("shop_manager", 403), ("service", 403)])
def test_others_read_it_or_not_and_change_nothing(surveys: World, role: str, status: int) -> None:
    client = browser(surveys, role)
    product = builder.drafts()[0].id
    assert client.get(PAGE).status_code == status
    client.post(PAGE, {"purchase": str(product)})
    assert invitations.rules() == {}
