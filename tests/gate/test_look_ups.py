"""Look-ups: whoever was found sees it, nobody else does, and it goes with them and with the evidence's time."""

import datetime as dt

import pytest
from django.db import transaction

from amana.gate import actions, queries
from amana.gate.queries import Use
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.conftest import Clock
from tests.gate import raw
from tests.gate.operations import erase
from tests.world import EMAILS, Connection, World

NOOR, MAHA = "noor@mail.example", "maha@mail.example"


def look_up(
    world: World, role: str, purpose: str, address: str = NOOR, *, field: str = "email"
) -> list[CustomerId]:
    """Look for the owner of an address, as a member of staff or the machine."""
    return queries.find(session=world.session(role), purpose=purpose, field=field, value=address)


def preferences(world: World, customer: CustomerId) -> str:
    """Return a preference link of somebody, as a mail of customer service carries it."""
    task = actions.plan(
        session=world.session("service"), kind="message", purpose="service", people=[customer], ref="reply:1"
    )
    opening = actions.open(
        session=world.session("service"), purpose="service", channel="email", fields=["email"], task=task,
        links=["preferences"],
    )  # fmt: skip
    return opening.people[0].links["preferences"]


def shown(token: str) -> list[tuple[str, str, tuple[str, ...], str]]:
    """Return the look-ups that the holder of a link is shown, the newest first."""
    return [
        (use.purpose, use.role, use.fields, use.recipient) for use in queries.uses(token) if use.task is None
    ]


def test_r5_whoever_was_looked_up_sees_it_and_nobody_else(world: World) -> None:
    noor, maha = world.shopper(NOOR, EMAILS), world.shopper(MAHA, EMAILS)
    assert look_up(world, "service", "service", "Noor@Mail.example") == [noor]
    assert look_up(world, "service", "service", "nobody@mail.example") == []
    actions.ask_to_sign_in(session=world.session("system"), address=NOOR)
    assert shown(preferences(world, noor)) == [
        ("rights", "system", ("email",), "controller"),
        ("service", "service", ("email",), "controller"),
    ]
    assert shown(preferences(world, maha)) == []


def test_r5_look_ups_stand_among_the_uses_in_their_order(world: World, fixed_clock: Clock) -> None:
    noor = world.shopper(NOOR, EMAILS)
    fixed_clock.advance(dt.timedelta(minutes=1))
    look_up(world, "service", "service")
    fixed_clock.advance(dt.timedelta(minutes=1))
    found = queries.uses(preferences(world, noor))
    assert [(use.purpose, use.task) for use in found] == [
        ("service", "message"), ("service", None), ("confirmation", "message"),
    ]  # fmt: skip
    at = fixed_clock.at - dt.timedelta(minutes=1)
    assert found[1] == Use(at, "service", None, "service", None, ("email",), "controller")


def test_c5_a_claim_is_not_found_and_is_shown_nothing(world: World) -> None:
    claim = world.admit(NOOR)
    assert look_up(world, "service", "service") == []
    actions.confirm(world.link(claim, "confirm"), language="ar")
    assert shown(preferences(world, claim.customer)) == []


def test_u6_a_look_up_against_fraud_is_shown_after_its_delay(world: World, fixed_clock: Clock) -> None:
    noor = world.shopper(NOOR, EMAILS)
    assert look_up(world, "analyst", "fraud") == [noor]
    token = preferences(world, noor)
    fixed_clock.advance(dt.timedelta(days=29))
    assert shown(token) == []
    fixed_clock.advance(dt.timedelta(days=1))
    assert shown(token) == [("fraud", "analyst", ("email",), "controller")]


def test_c5_the_public_record_is_alike_for_known_and_unknown_addresses(world: World) -> None:
    world.shopper(NOOR, EMAILS)

    def printed(address: str) -> list[tuple[str, int]]:
        before = raw.count(world, "ledger.pending")
        look_up(world, "service", "service", address)
        rows = world.owner.execute(
            "SELECT event, octet_length(leaf) FROM ledger.pending ORDER BY number OFFSET %s", [before]
        )
        return [(event, length) for event, length in rows]

    known, unknown = printed(NOOR), printed("nobody@mail.example")
    assert (known, [event for event, _ in known]) == (unknown, ["gate.looked_up"])


def test_everybody_found_has_a_row_of_their_own(world: World) -> None:
    noor, again = world.shopper(NOOR, EMAILS), world.shopper(NOOR, EMAILS)
    world.owner.execute("UPDATE consent.address SET superseded_at = NULL")
    assert look_up(world, "service", "service") == [noor, again]
    rows = world.owner.execute(
        "SELECT p.customer FROM uses.looked_up l JOIN vault.person p ON p.id = l.person ORDER BY p.id"
    ).fetchall()
    assert rows == [(noor,), (again,)]


def test_a_flood_of_requests_to_sign_in_hides_no_look_up_by_staff_and_no_use(
    world: World, fixed_clock: Clock
) -> None:
    noor = world.shopper(NOOR, EMAILS)
    look_up(world, "service", "service")
    fixed_clock.advance(dt.timedelta(minutes=1))
    world.owner.execute(
        "INSERT INTO uses.looked_up SELECT gen_random_uuid(), l.person, ledger.now(), l.policy, l.purpose, l.field,"
        " policy.term_id('role', 'system'), l.session, NULL FROM uses.looked_up l, generate_series(1, 600)"
    )
    found = queries.uses(preferences(world, noor))
    by_staff = [use.role for use in found if use.task is None and use.role == "service"]
    assert (len(found), by_staff, sum(use.task is not None for use in found)) == (502, ["service"], 2)


def test_r3_look_ups_go_with_their_person(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    look_up(world, "service", "service")
    look_up(world, "service", "service", "nobody@mail.example")
    entry = world._one("SELECT entry FROM uses.looked_up WHERE person > 0")
    assert erase(world, noor).verdict == "sound"
    assert world._one("SELECT count(*) FROM uses.looked_up WHERE person > 0") == 0
    assert world._one("SELECT count(*) FROM uses.looked_up") == 1
    assert world._one("SELECT count(*) FROM uses.blanked WHERE entry = %s", entry) == 1
    world.owner.execute("SELECT gate.fold(100)")
    assert queries.audit() == []


def test_an_altered_look_up_makes_the_verdict_of_an_erasure_unsound(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    look_up(world, "service", "service")
    world.owner.execute("UPDATE uses.looked_up SET role = role + 1")
    assert erase(world, noor).verdict.endswith(" look_up_altered")


@pytest.mark.parametrize("purpose", ["horoscope", "content"])
def test_a_refused_look_up_is_none(world: World, purpose: str) -> None:
    world.shopper(NOOR, EMAILS)
    with pytest.raises(Refusal, match=r"purpose_undeclared|field_undeclared"):
        look_up(world, "service", purpose)
    assert raw.count(world, "uses.looked_up") == 0


def test_a_look_up_is_told_within_its_minute(
    world: World, app_connection: Connection, fixed_clock: Clock
) -> None:
    world.shopper(NOOR, EMAILS)
    ticket = raw.look_up(app_connection, world.session("service"), NOOR)
    fixed_clock.advance(dt.timedelta(seconds=60))
    assert raw.refusal(lambda: raw.found(app_connection, ticket)) == "ticket_expired"
    app_connection.execute("SELECT gate.expire(10)")
    assert raw.count(world, "uses.finding") == 0


def test_r3_whoever_is_erased_is_told_of_by_no_ticket(world: World, app_connection: Connection) -> None:
    noor = world.shopper(NOOR, EMAILS)
    ticket = raw.look_up(app_connection, world.session("service"), NOOR)
    erase(world, noor)
    assert raw.refusal(lambda: raw.found(app_connection, ticket)) == "ticket_unknown"
    assert raw.count(world, "uses.finding") == 0


def test_inside_a_transaction_nobody_is_looked_up(world: World) -> None:
    with transaction.atomic(), pytest.raises(Refusal, match="inside_transaction"):
        look_up(world, "service", "service")
    assert raw.count(world, "uses.looked_up") == 0
