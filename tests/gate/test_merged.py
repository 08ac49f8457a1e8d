"""People held to be one keep their own decisions; while they are, what one of them refused is refused for all."""

import pytest

from amana.customers.identity import actions as identity
from amana.gate import actions, queries
from amana.gate.values import Decision
from amana.kernel.ids import CustomerId
from tests.world import EMAILS, World

pytestmark = pytest.mark.django_db(transaction=True)


def may_write(world: World, *people: CustomerId) -> list[CustomerId]:
    """Return whom an offer by e-mail is released to now."""
    task = actions.plan(
        session=world.session("marketing"),
        kind="message",
        purpose="marketing",
        people=people,
        ref="campaign:1",
    )
    opening = actions.open(
        session=world.session("system"), purpose="marketing", channel="email", fields=["email"], task=task
    )
    return sorted(person.customer for person in opening.people)


def decide(world: World, customer: CustomerId, kind: Decision) -> None:
    """Write down through service what a customer stops."""
    service = world.session("service")
    task = actions.plan(
        session=service, kind="conversation", purpose="service", people=[customer], ref="conversation:1"
    )
    actions.decide_for(
        session=service, task=task, purpose="marketing", channel="email", kind=kind, language="ar"
    )


@pytest.mark.parametrize("kind", ["withdrawn", "objected", "restricted"])
@pytest.mark.parametrize("before", [True, False])
def test_the_strictest_counts_while_merged_and_each_keeps_their_own(
    world: World, kind: Decision, before: bool
) -> None:
    noor, other = world.shopper("noor@mail.example", EMAILS), world.shopper("noor@work.example", EMAILS)
    assert may_write(world, noor, other) == sorted([noor, other])
    if before:
        decide(world, other, kind)
    merge = identity.merge(survivor=noor, other=other, session=world.session("service"), reason="One mobile.")
    if not before:
        assert may_write(world, noor, other) == sorted([noor, other])
        decide(world, other, kind)
    assert may_write(world, noor, other) == []
    identity.undo(merge=merge, session=world.session("service"), reason="Two people.")
    assert may_write(world, noor, other) == [noor]
    assert queries.audit() == []


def test_silence_is_no_refusal_and_no_consent(world: World) -> None:
    noor, silent = world.shopper("noor@mail.example", EMAILS), world.shopper("noor@work.example")
    identity.merge(survivor=silent, other=noor, session=world.session("service"), reason="One mobile.")
    assert may_write(world, noor, silent) == [noor]


def test_who_refuses_stops_what_was_already_asked_for(world: World) -> None:
    noor, other = world.shopper("noor@mail.example", EMAILS), world.shopper("noor@work.example", EMAILS)
    identity.merge(survivor=noor, other=other, session=world.session("service"), reason="One mobile.")
    task = actions.plan(
        session=world.session("marketing"),
        kind="message",
        purpose="marketing",
        people=[noor],
        ref="campaign:1",
    )
    opening = actions.open(
        session=world.session("system"), purpose="marketing", channel="email", fields=["email"], task=task
    )
    decide(world, other, "withdrawn")
    with actions.hold(opening, session=world.session("system")) as allowed:
        assert allowed == frozenset()
