"""What was objected to or restricted is taken back by its owner alone, by a fresh mail, with the words as evidence."""

from collections.abc import Callable

import pytest
from django.test import Client

from amana.customers import lifting
from amana.customers.lifting import Narrowed
from amana.gate import actions as gate
from amana.gate import evidence, queries
from amana.gate.values import Decision
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.customers.test_links import kinds, preferences_of, text
from tests.world import EMAILS, Connection, World

Mailed = Callable[..., str]
OBJECTION = Narrowed("objection_lifted", "marketing", "email")
RESTRICTION = Narrowed("restriction_lifted", None, None)
FRAUD = Narrowed("objection_lifted", "fraud", None)


def conversation(world: World, customer: CustomerId) -> int:
    """Return the task of an agent who answers this customer."""
    return gate.plan(
        session=world.session("service"),
        kind="conversation",
        purpose="service",
        people=[customer],
        ref="conversation:1",
    )


def narrow(
    world: World, customer: CustomerId, kind: Decision, *, purpose: str = "fraud", channel: str | None = None
) -> int:
    """Write down through service that a customer objects or restricts."""
    task = conversation(world, customer)
    gate.decide_for(
        session=world.session("service"),
        task=task,
        purpose=purpose,
        channel=channel,
        kind=kind,
        language="en",
    )
    return task


@pytest.fixture
def noor(world: World) -> CustomerId:
    """Return a confirmed shopper who asked for offers by e-mail."""
    return world.shopper("noor@mail.example", EMAILS)


def stopped(token: str) -> tuple[Narrowed, ...]:
    return lifting.narrowed(evidence.decisions(token))


def test_r2_a_restriction_is_lifted_by_a_fresh_mail_only(
    world: World, noor: CustomerId, mailed: Mailed
) -> None:
    narrow(world, noor, "restricted")
    mine = preferences_of(world, noor)
    assert lifting.ask(mine, what=RESTRICTION, language="en")
    assert stopped(mine) == (RESTRICTION,)
    token = mailed("confirmation", "opt_in", customer=noor)
    assert Client().get(f"/en/c/{token}").status_code == 200
    assert stopped(mine) == (RESTRICTION,)
    assert Client().post(f"/en/c/{token}").status_code == 200
    assert (stopped(mine), kinds(mine)[-1][2]) == ((), "restriction_lifted")
    assert [(one.purpose, one.given) for one in queries.standing(mine)] == [("marketing", True)]
    assert queries.audit() == []


def test_r2_an_objection_is_taken_back_and_nothing_is_allowed_by_it(
    world: World, noor: CustomerId, mailed: Mailed
) -> None:
    narrow(world, noor, "objected", purpose="marketing", channel="email")
    mine = preferences_of(world, noor)
    assert lifting.ask(mine, what=OBJECTION, language="ar")
    lifting.grant(mailed("confirmation", "opt_in", customer=noor))
    [stands] = queries.standing(mine)
    assert (stands.given, stands.objected) == (False, False)
    last = evidence.decisions(mine)[-1]
    assert (last.kind, last.actor, last.language) == ("objection_lifted", "customer:link", "ar")
    assert last.wording == "أسحب اعتراضي على استخدام بياناتي لهذا الغرض: العروض والأخبار.\n[1]"
    assert queries.audit() == []


def test_a_link_lifts_once_and_not_what_was_stopped_anew(
    world: World, noor: CustomerId, mailed: Mailed
) -> None:
    narrow(world, noor, "restricted")
    mine = preferences_of(world, noor)
    tokens = []
    for _ in range(2):
        assert lifting.ask(mine, what=RESTRICTION, language="en")
        tokens.append(mailed("confirmation", "opt_in", customer=noor))
    assert lifting.grant(tokens[0]) == "lifted"
    with pytest.raises(Refusal, match="link_stale"):
        lifting.grant(tokens[0])
    narrow(world, noor, "restricted")
    with pytest.raises(Refusal, match="link_stale"):
        lifting.grant(tokens[1])
    assert stopped(mine) == (RESTRICTION,)


def test_nothing_is_asked_where_nothing_stands_and_three_times_a_day(world: World, noor: CustomerId) -> None:
    mine = preferences_of(world, noor)
    assert not lifting.ask(mine, what=RESTRICTION, language="en")
    narrow(world, noor, "restricted")
    asked = [lifting.ask(mine, what=RESTRICTION, language="en") for _ in range(4)]
    assert asked == [True, True, True, False]


def test_staff_write_the_wish_down_and_the_owner_confirms(
    world: World, noor: CustomerId, mailed: Mailed
) -> None:
    task = narrow(world, noor, "objected")
    given = {"task": task, "customer": noor, "what": FRAUD, "language": "en"}
    with pytest.raises(Refusal, match="role_refused"):
        lifting.ask_for(session=world.session("marketing"), **given)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="decision_refused"):
        gate.decide_for(
            session=world.session("service"), task=task, purpose="fraud", channel=None,
            kind="objection_lifted", language="en",  # type: ignore[arg-type]
        )  # fmt: skip
    assert lifting.ask_for(session=world.session("service"), **given)  # type: ignore[arg-type]
    mine = preferences_of(world, noor)
    assert stopped(mine) == (FRAUD,)
    assert lifting.grant(mailed("confirmation", "opt_in", customer=noor)) == "lifted"
    assert stopped(mine) == ()


def test_r1_the_preferences_page_offers_it(world: World, noor: CustomerId, mailed: Mailed) -> None:
    narrow(world, noor, "objected")
    narrow(world, noor, "restricted")
    mine = preferences_of(world, noor)
    shown = text(Client().get(f"/en/p/{mine}"))
    assert (shown.count("You objected to: "), shown.count("You restricted the use of all your data.")) == (
        1,
        1,
    )
    done = Client().post(f"/en/p/{mine}", {"switch": "lift", "what": "restriction_lifted-all-all"})
    assert done.headers["Location"] == f"/en/p/{mine}?done=asked"
    lifting.grant(mailed("confirmation", "opt_in", customer=noor))
    assert stopped(mine) == (FRAUD,)


def test_a_wish_for_consent_is_still_granted(world: World, noor: CustomerId, mailed: Mailed) -> None:
    mine = preferences_of(world, noor)
    Client().post(f"/en/p/{mine}", {"switch": "off", "purpose": "marketing", "channel": "email"})
    Client().post(f"/en/p/{mine}", {"switch": "on", "purpose": "marketing", "channel": "email"})
    assert lifting.grant(mailed("confirmation", "opt_in", customer=noor)) == "given"
    assert [one.given for one in queries.standing(mine)] == [True]


@pytest.mark.parametrize(
    "change", ["kind = 'objection_lifted'", "purpose = purpose + 1", "asked_by = 'customer:link'"]
)
def test_a_wish_to_lift_that_was_altered_is_named(
    world: World, noor: CustomerId, mailed: Mailed, superuser_connection: Connection, change: str
) -> None:
    task = narrow(world, noor, "restricted")
    assert lifting.ask_for(
        session=world.session("service"), task=task, customer=noor, what=RESTRICTION, language="en"
    )
    lifting.grant(mailed("confirmation", "opt_in", customer=noor))
    assert queries.audit() == []
    superuser_connection.execute(f"UPDATE consent.lifting SET {change}".encode())
    assert "wish_altered" in [finding.problem for finding in queries.audit()]


def test_a_restriction_lifted_that_nobody_asked_to_lift_is_named(
    world: World, noor: CustomerId, superuser_connection: Connection
) -> None:
    narrow(world, noor, "restricted")
    superuser_connection.execute(
        "SELECT consent.decide(d.person, d.purpose, d.channel, 'restriction_lifted', d.policy, NULL, 'ar', d.source,"
        " 'customer:link', d.id) FROM consent.decision d WHERE d.kind = 'restricted'"
    )
    assert [finding.problem for finding in queries.audit()] == ["decision_without_wish"]
