"""The audit of what a link grants: the wish as it was asked, the decision it led to, and the request that erased."""

import pytest

from amana.gate import actions, queries
from amana.kernel.ids import CustomerId
from tests.gate.operations import erase
from tests.gate.test_attack_stranger import links
from tests.gate.test_audit import problems
from tests.world import EMAILS, Connection, World

NOOR = "noor@mail.example"


def wished(world: World, customer: CustomerId) -> str:
    """Ask for offers through the preference centre; return the link that a fresh mail carries."""
    token = links(world, customer, "service", "message", "email", "preferences")["preferences"]
    task = actions.prefer(
        token, purpose="marketing", channel="email", wanted=True, wording=EMAILS.wording, language="ar"
    )
    opening = actions.open(
        session=world.session("system"), purpose="confirmation", channel="email", fields=["email"], task=task or 0,
        links=["opt_in"],
    )  # fmt: skip
    world.owner.execute("SELECT gate.fold(100)")
    assert queries.audit() == []
    return opening.people[0].links["opt_in"]


@pytest.fixture
def noor(world: World) -> CustomerId:
    """Return a shopper with a confirmed address."""
    return world.shopper(NOOR)


def last(world: World, event: str) -> object:
    """Return the newest entry of an event."""
    return next(
        iter(world.owner.execute("SELECT id FROM ledger.pending WHERE event = %s ORDER BY at DESC", [event]))
    )[0]


@pytest.mark.parametrize(
    "change",
    ["channel = policy.term_id('channel', 'sms')", "purpose = purpose + 1", "asked_at = asked_at - interval '1 year'",
     "wording = consent.keep_wording('Anything you like', 'ar', policy)", "language = 'en'", "policy = policy - 1"],
)  # fmt: skip
def test_a_wish_altered_before_it_is_granted_is_named(
    world: World, noor: CustomerId, superuser_connection: Connection, change: str
) -> None:
    token = wished(world, noor)
    superuser_connection.execute("SET session_replication_role = replica")
    superuser_connection.execute(f"UPDATE consent.wish SET {change}".encode())
    actions.opt_in(token)
    assert [(f.problem, f.entry) for f in queries.audit()] == [
        ("wish_altered", last(world, "consent.wished"))
    ]


@pytest.mark.parametrize(
    "change", ["channel = policy.term_id('channel', 'sms')", "granted_at = NULL", "wording = sha256('x')"]
)
def test_a_consent_that_its_wish_does_not_bear_out_is_named(
    world: World, noor: CustomerId, superuser_connection: Connection, change: str
) -> None:
    actions.opt_in(wished(world, noor))
    assert queries.audit() == []
    superuser_connection.execute("SET session_replication_role = replica")
    superuser_connection.execute(f"UPDATE consent.wish SET {change}".encode())
    assert ("decision_without_wish", last(world, "consent.given")) in [
        (f.problem, f.entry) for f in queries.audit()
    ]


def test_a_consent_by_link_that_nobody_asked_for_is_named(
    world: World, noor: CustomerId, superuser_connection: Connection
) -> None:
    actions.opt_in(wished(world, noor))
    superuser_connection.execute(
        "SELECT consent.decide(d.person, d.purpose, policy.term_id('channel', 'sms'), 'given', d.policy, d.wording,"
        " 'ar', d.source, d.actor, NULL) FROM consent.decision d WHERE d.kind = 'given'"
    )
    assert problems() == ["decision_without_wish"]


def test_a_wish_granted_twice_is_named(
    world: World, noor: CustomerId, superuser_connection: Connection
) -> None:
    token = wished(world, noor)
    actions.opt_in(token)
    superuser_connection.execute("UPDATE consent.wish SET granted_at = NULL")
    actions.opt_in(token)
    assert [(f.problem, f.entry) for f in queries.audit()] == [
        ("decision_without_wish", last(world, "consent.given"))
    ]


def test_a_deleted_wish_is_named(world: World, noor: CustomerId, superuser_connection: Connection) -> None:
    wished(world, noor)
    superuser_connection.execute("DELETE FROM consent.wish")
    assert problems() == ["row_missing"]


def test_an_erasure_takes_wishes_along(world: World, noor: CustomerId) -> None:
    wished(world, noor)
    actions.opt_in(wished(world, noor))
    assert erase(world, noor).verdict == "sound"
    world.owner.execute("SELECT gate.fold(100)")
    assert queries.audit() == []


def test_an_altered_wish_is_in_the_verdict_of_an_erasure(
    world: World, noor: CustomerId, superuser_connection: Connection
) -> None:
    wished(world, noor)
    superuser_connection.execute("UPDATE consent.wish SET language = 'en'")
    assert erase(world, noor).verdict.endswith("wish_altered")


@pytest.mark.parametrize(
    "change",
    [
        "confirmed_at = confirmed_at + interval '1 second'",
        "confirmed_by = confirmed_by + 1",
        "ref = 'request:2'",
    ],
)
def test_an_altered_request_is_named_by_its_erasure(
    world: World, noor: CustomerId, superuser_connection: Connection, change: str
) -> None:
    entry = erase(world, noor).entry
    world.owner.execute("SELECT gate.fold(100)")
    assert queries.audit() == []
    superuser_connection.execute(f"UPDATE uses.task SET {change} WHERE ref = 'request:1'".encode())
    assert ("erasure_altered", entry) in [(f.problem, f.entry) for f in queries.audit()]


def test_an_erasure_that_nobody_confirmed_is_named(
    world: World, noor: CustomerId, superuser_connection: Connection
) -> None:
    erase(world, noor)
    world.owner.execute("SELECT gate.fold(100)")
    superuser_connection.execute("UPDATE uses.task SET confirmed_at = NULL WHERE ref = 'request:1'")
    assert problems() == ["erasure_altered", "erasure_unconfirmed"]
