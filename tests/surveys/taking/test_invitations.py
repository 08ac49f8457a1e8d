"""Invitations: by rule, later, once, not too often, and leading to nobody."""

from datetime import timedelta

import pytest
from django.test import Client

from amana.gate.values import Wish
from amana.kernel import clock, ids
from amana.kernel.ids import CustomerId
from amana.post.models import Content, Message
from amana.surveys import holding
from amana.surveys.builder import queries as builder
from amana.surveys.models import Invitation
from amana.surveys.taking import invitations, invited
from tests.world import World

ALLOWED = Wish("feedback", "email", "Contact me about it by e-mail")


@pytest.fixture
def asking(surveys: World) -> World:
    """Return a deployment that asks after both occasions."""
    numbers = {draft.slug: draft.id for draft in builder.drafts()}
    invitations.set_rule(staff=1, occasion="purchase", survey=numbers["product"])
    invitations.set_rule(staff=1, occasion="conversation", survey=numbers["visit"])
    return surveys


def settled() -> list[tuple[str, str]]:
    return list(Invitation.objects.order_by("id").values_list("state", "reason"))


def later(days: int) -> int:
    """Send what is due after so many days."""
    with clock.fixed(clock.now() + timedelta(days=days)):
        return invitations.send_due()


def test_u3_an_invitation_waits_as_long_as_the_policy_says_and_goes_once(asking: World) -> None:
    noor = asking.shopper("noor@mail.example", ALLOWED)
    made = [invitations.invite(customer=noor, occasion="purchase", ref="order:1") for _ in range(2)]
    assert made == [True, False]
    assert (later(1), settled()) == (0, [("waiting", "")])
    assert (later(3), later(3), settled()) == (1, 0, [("sent", "")])
    assert list(
        Message.objects.filter(kind="survey_invitation").values_list("purpose", "channel", "customer")
    ) == [("feedback", "email", noor)]


def test_u3_nobody_is_asked_twice_within_the_policys_time(asking: World) -> None:
    noor = asking.shopper("noor@mail.example", ALLOWED)
    invitations.invite(customer=noor, occasion="purchase", ref="order:1")
    later(3)
    invitations.invite(customer=noor, occasion="conversation", ref="talk:1")
    assert (later(3), settled()[1]) == (0, ("skipped", "asked_lately"))
    with clock.fixed(clock.now() + timedelta(days=40)):
        invitations.invite(customer=noor, occasion="conversation", ref="talk:2")
        with clock.fixed(clock.now() + timedelta(days=2)):
            assert invitations.send_due() == 1


def test_without_a_rule_nobody_is_asked(surveys: World) -> None:
    noor = surveys.shopper("noor@mail.example", ALLOWED)
    invitations.invite(customer=noor, occasion="purchase", ref="order:1")
    assert (later(3), settled()) == (0, [("skipped", "no_rule")])


def test_u3_the_link_is_the_same_for_everybody_and_leads_to_the_survey(asking: World) -> None:
    people = [asking.shopper(f"{name}@mail.example", ALLOWED) for name in ("noor", "layla")]
    for number, person in enumerate(people):
        invitations.invite(customer=person, occasion="purchase", ref=f"order:{number}")
    assert later(3) == 2
    addresses = set(Content.objects.filter(link="address").values_list("address", flat=True))
    assert len(addresses) == 1
    path = "/" + addresses.pop().split("/", 3)[3]
    led = Client(headers={"Accept-Language": "en"}).get(path)
    assert (led.status_code, led.headers["Location"]) == (302, "/en/surveys/product")


def test_an_altered_or_ended_link_leads_nowhere(asking: World) -> None:
    address = invited.address(survey="product", shop=None)
    token = address.rpartition("/")[2]
    assert invited.read(token) == invited.Invited("product", None)
    assert Client().get(f"/i/{token}x").status_code == 410
    with clock.fixed(clock.now() + timedelta(days=75)):
        assert Client().get(f"/i/{token}").status_code == 410


def test_r3_forgetting_empties_the_invitation_too(asking: World) -> None:
    noor = ids.new()
    invitations.invite(customer=noor, occasion="purchase", ref="order:1")
    assert [one["occasion"] for one in invitations.disclose(noor)] == ["purchase"]
    assert holding.forget(CustomerId(noor)) == 1
    assert (later(3), settled()) == (0, [("skipped", "forgotten")])
