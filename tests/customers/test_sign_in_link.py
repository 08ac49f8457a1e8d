"""The link that signs in: made by the machine for a confirmed address alone, held to its address, spent once."""

import datetime as dt
from typing import Any

import pytest

from amana.gate import actions as gate
from amana.gate import evidence
from amana.gate import queries as gate_queries
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.conftest import Clock
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "noor@mail.example"


def ask(world: World, address: str = EMAIL) -> list[Any]:
    return list(gate.ask_to_sign_in(session=world.session("system"), address=address))


def links(world: World, task: int, session: str = "system", channel: str | None = "email") -> list[str]:
    """Return the sign-in links that opening a task gives."""
    opening = gate.open(
        session=world.session(session), purpose="rights", channel=channel, fields=["email"],
        task=task, links=["sign_in"],
    )  # fmt: skip
    return [person.links["sign_in"] for person in opening.people if "sign_in" in person.links]


@pytest.fixture
def noor(world: World) -> CustomerId:
    """Return a shopper who confirmed her address."""
    return world.shopper(EMAIL)


def test_r5_the_owner_of_an_address_signs_in_once(world: World, noor: CustomerId) -> None:
    [planned] = ask(world)
    token, again = links(world, planned.task) + links(world, planned.task)
    signed = gate.sign_in(token)
    assert (planned.customer, signed.customer) == (noor, noor)
    for spent in (token, again):
        with pytest.raises(Refusal, match="link_stale"):
            gate.sign_in(spent)


def test_r5_what_signing_in_gives_reads_and_changes_what_stands(
    fixed_clock: Clock, world: World, noor: CustomerId
) -> None:
    [planned] = ask(world)
    own = gate.sign_in(links(world, planned.task)[0]).own
    assert evidence.holder(own).customer == noor
    gate.prefer(own, purpose="marketing", channel="email", wanted=False, wording="", language="ar")
    assert [stands.given for stands in gate_queries.standing(own)] == [False]
    fixed_clock.advance(dt.timedelta(hours=12))
    with pytest.raises(Refusal, match="link_expired"):
        gate_queries.standing(own)


def test_r5_signing_in_stands_in_the_persons_record(world: World, noor: CustomerId) -> None:
    gate.sign_in(links(world, ask(world)[0].task)[0])
    found = world.owner.execute("SELECT event FROM ledger.pending WHERE event = 'gate.signed_in'").fetchall()
    assert found == [("gate.signed_in",)]


def test_c5_an_address_that_is_only_claimed_signs_nobody_in(world: World) -> None:
    world.admit(EMAIL)
    assert ask(world) == ask(world, "nobody@mail.example") == []


def test_staff_neither_ask_nor_get_the_link(world: World, noor: CustomerId) -> None:
    with pytest.raises(Refusal, match="role_refused"):
        gate.ask_to_sign_in(session=world.session("service"), address=EMAIL)
    with pytest.raises(Refusal, match="task_of_another"):
        links(world, ask(world)[0].task, "service")
    for session in ("service", "system"):
        task = gate.plan(
            session=world.session(session), kind="message", purpose="rights", people=[noor], ref="sign_in:1"
        )
        assert links(world, task, session) == []


def test_no_link_where_no_mail_carries_it(world: World, noor: CustomerId) -> None:
    assert links(world, ask(world)[0].task, channel=None) == []


def test_an_address_handed_over_meanwhile_signs_nobody_in(world: World, noor: CustomerId) -> None:
    first, second = ask(world)[0], ask(world)[0]
    token = links(world, first.task)[0]
    newer = world.shopper(EMAIL)
    assert links(world, second.task) == []
    with pytest.raises(Refusal, match="link_stale"):
        gate.sign_in(token)
    assert [planned.customer for planned in ask(world)] == [newer]


def test_the_link_ends_after_a_quarter_of_an_hour(fixed_clock: Clock, world: World, noor: CustomerId) -> None:
    tokens = [links(world, ask(world)[0].task)[0] for _ in range(2)]
    fixed_clock.advance(dt.timedelta(minutes=14, seconds=59))
    gate.sign_in(tokens[0])
    fixed_clock.advance(dt.timedelta(seconds=1))
    with pytest.raises(Refusal, match="link_expired"):
        gate.sign_in(tokens[1])


def test_three_links_an_hour_and_ten_a_day(fixed_clock: Clock, world: World, noor: CustomerId) -> None:
    got = []
    for _ in range(5):
        got.append(sum(len(ask(world)) for _ in range(5)))
        fixed_clock.advance(dt.timedelta(hours=1))
    assert got == [3, 3, 3, 1, 0]
    world.owner.execute("UPDATE retailer.session SET expires_at = expires_at + interval '2 days'")
    fixed_clock.advance(dt.timedelta(hours=24))
    assert len(ask(world)) == 1


def test_other_links_do_not_sign_in(world: World, noor: CustomerId) -> None:
    sign_in = links(world, ask(world)[0].task)[0]
    for token in (
        "s" * 66,
        sign_in[:50] + ("A" if sign_in[50] != "A" else "B") + sign_in[51:],
        "p" + sign_in[1:],
    ):
        with pytest.raises(Refusal, match="link_invalid"):
            gate.sign_in(token)
    own = gate.sign_in(sign_in).own
    with pytest.raises(Refusal, match="link_wrong_scope"):
        gate.sign_in(own)
    for act in (evidence.holder, gate_queries.standing, gate.opt_in, gate.confirm_request):
        with pytest.raises(Refusal, match="link_wrong_scope"):
            act(sign_in)
