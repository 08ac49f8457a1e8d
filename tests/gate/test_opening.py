"""Releasing: asked first, committed, then taken; each refusal by its own code."""

from typing import Any

import pytest
from django.db import transaction

from amana.gate import actions, queries
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.world import EMAILS, World


def opened(world: World, *people: CustomerId, **changes: Any) -> dict[str, str]:
    """Open the e-mail addresses of these people for marketing, as the machine."""
    task = actions.plan(
        session=world.session("marketing"),
        kind="message",
        purpose="marketing",
        people=people,
        ref="campaign:1",
    )
    arguments: dict[str, Any] = {
        "purpose": "marketing",
        "channel": "email",
        "fields": ["email"],
        "task": task,
        **changes,
    }
    opening = actions.open(session=world.session("system"), **arguments)
    return {str(person.customer): person.values["email"] for person in opening.people}


def test_u2_a_confirmed_shopper_who_agreed_is_released(world: World) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    assert opened(world, noor) == {str(noor): "noor@mail.example"}
    assert queries.audit() == []


def test_c5_an_unconfirmed_address_is_not_released(world: World) -> None:
    assert opened(world, world.admit("noor@mail.example", EMAILS).customer) == {}


def test_u2_without_consent_nobody_is_released(world: World) -> None:
    assert opened(world, world.shopper("noor@mail.example")) == {}


def test_r1_opting_out_stops_what_was_planned(world: World) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    token = world.opt_out_link(noor)[noor]
    actions.opt_out(token, language="ar")
    assert opened(world, noor) == {}


def test_open_refuses_inside_a_transaction(world: World) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        opened(world, noor)
    assert refusal.value.code == "inside_transaction"
