"""The audit judges again by others too: by whoever was held to be the same person, and by whoever planned."""

import datetime as dt
from collections.abc import Callable

import pytest

from amana.customers.identity import actions as identity
from amana.gate import actions
from amana.gate.values import Decision
from amana.kernel.ids import CustomerId
from tests.conftest import Clock
from tests.gate import raw
from tests.gate.operations import erase
from tests.gate.test_audit_rule import HIDE_RESTRICTION, SHOW_RESTRICTION, Case, in_shop
from tests.world import EMAILS, Connection, World

HOUR = dt.timedelta(hours=1)
NAMED = "use_of_merged_refused"
HIDE = "CREATE TEMP TABLE hidden AS TABLE consent.together; TRUNCATE consent.together"
SHOW = "INSERT INTO consent.together TABLE hidden"


@pytest.fixture
def case(world: World, superuser_connection: Connection, fixed_clock: Clock) -> Case:
    """Return a deployment whose clock stands at noon."""
    return Case(world, superuser_connection, fixed_clock)


def shoppers(case: Case) -> tuple[CustomerId, CustomerId]:
    """Return two shoppers who agreed to offers."""
    return case.world.shopper("noor@mail.example", EMAILS), case.world.shopper("noor@work.example", EMAILS)


def merge(case: Case, survivor: CustomerId, other: CustomerId) -> int:
    """Hold two to be one."""
    service = case.world.session("service")
    return identity.merge(survivor=survivor, other=other, session=service, reason="One mobile.")


def part(case: Case, merged: int) -> None:
    """Undo that."""
    service = case.world.session("service", name=str(case.clock.at))
    identity.undo(merge=merged, session=service, reason="Two people.")


@pytest.mark.parametrize("kind", ["withdrawn", "objected", "restricted"])
def test_a_use_that_whoever_was_merged_refused_is_named(case: Case, kind: Decision) -> None:
    noor, other = shoppers(case)
    case.decide(other, kind)
    merged = merge(case, noor, other)
    entry = case.forge(HIDE, SHOW, noor)
    assert case.found() == [(NAMED, entry)]
    case.clock.advance(HOUR)
    part(case, merged)
    assert (case.open(noor), case.found()) == (1, [(NAMED, entry)])


def test_it_is_named_too_where_the_refusal_was_hidden_and_has_been_taken_back_since(case: Case) -> None:
    noor, other = shoppers(case)
    merge(case, other, noor)
    case.decide(other, "restricted")
    entry = case.forge(HIDE_RESTRICTION, SHOW_RESTRICTION, noor)
    assert case.found() == [(NAMED, entry)]
    case.clock.advance(HOUR)
    case.lift("restriction_lifted")
    assert (case.open(noor, other), case.found()) == (2, [(NAMED, entry)])


def test_an_objection_is_named_whatever_the_basis_until_it_is_lifted(case: Case) -> None:
    noor, other = shoppers(case)
    merge(case, noor, other)
    case.decide(other, "objected", "orders")
    entry = case.forge(HIDE, SHOW, noor, purpose="orders")
    assert case.found() == [(NAMED, entry)]
    case.lift("objection_lifted")
    assert (case.open(noor, purpose="orders"), case.found()) == (1, [(NAMED, entry)])


def test_an_objection_to_what_needs_consent_stands_until_consent_is_given_anew(case: Case) -> None:
    noor, other = shoppers(case)
    merge(case, noor, other)
    case.decide(other, "objected")
    case.lift("objection_lifted")
    entry = case.forge(HIDE, SHOW, noor)
    assert case.found() == [(NAMED, entry)]
    case.superuser.execute(
        "SELECT consent.decide(d.person, d.purpose, d.channel, 'given', d.policy, d.wording, 'ar', d.source, 'staff:1')"
        " FROM consent.decision d JOIN vault.person p ON p.id = d.person WHERE p.customer = %s AND d.kind = 'given'",
        [other],
    )
    assert (case.open(noor, other), case.found()) == (2, [(NAMED, entry)])


def test_what_came_later_or_was_over_accuses_nobody(case: Case) -> None:
    noor, other = shoppers(case)
    first = merge(case, noor, other)
    assert case.open(noor, other) == 2
    part(case, first)
    case.decide(other, "withdrawn")
    assert (case.open(noor, other), case.found()) == (1, [])
    second = merge(case, other, noor)
    assert (case.open(noor), case.found()) == (0, [])
    part(case, second)
    assert (case.open(noor), case.found()) == (1, [])


def test_silence_and_what_the_refusal_does_not_reach_accuse_nobody(case: Case) -> None:
    noor, silent = case.world.shopper("noor@mail.example", EMAILS), case.world.shopper("noor@work.example")
    merge(case, silent, noor)
    assert (case.open(noor, silent), case.found()) == (1, [])
    case.decide(silent, "withdrawn", "orders")
    case.decide(silent, "restricted")
    assert (case.open(noor), case.open(noor, purpose="service")) == (0, 1)
    case.lift("restriction_lifted")
    assert (case.open(noor), case.open(noor, purpose="orders"), case.found()) == (1, 1, [])


def test_a_merge_that_was_still_on_its_way_accuses_nobody(
    case: Case, app_connection: Connection, connect: Callable[..., Connection]
) -> None:
    noor, other = shoppers(case)
    case.decide(other, "withdrawn")
    task = raw.plan(case.world, noor)
    merging = connect("amana_app")
    with merging.transaction():
        merging.execute(
            "SELECT public.customers_merge(%s, %s, %s, 'One mobile.', 0, '')",
            [case.world.session("service"), noor, other],
        )
        assert raw.ask(app_connection, case.world.session("system"), task).people == 1
    assert (case.open(noor), case.found()) == (0, [])


def test_what_was_over_in_another_cluster_accuses_nobody(case: Case) -> None:
    noor, other = shoppers(case)
    part(case, merge(case, noor, other))
    case.decide(other, "restricted")
    case.clock.advance(HOUR)
    assert (case.open(noor), case.open(other)) == (1, 0)
    case.lift("restriction_lifted")
    case.clock.advance(HOUR)
    assert case.open(other) == 1
    # Restored into a younger cluster: the merge and the restriction were in sight by number, their ends were not.
    ended = {
        noor: "SELECT max(h.xid) FROM consent.held h WHERE h.whole IS NULL",
        other: "SELECT max(d.xid) FROM consent.decision d WHERE d.kind = 'restriction_lifted'",
    }
    for customer, number in ended.items():
        case.superuser.execute(
            "UPDATE uses.call c SET xid = '3', snapshot = format('%%s:%%s:', n.xid, n.xid)::pg_snapshot"
            f" FROM uses.use u, vault.person p, ({number}) AS n (xid)"
            " WHERE u.call = c.id AND p.id = u.person AND c.root IS NULL AND p.customer = %s",
            [customer],
        )
    assert case.found() == []


def test_who_is_held_to_be_one_against_what_was_written_down(case: Case) -> None:
    noor, other = shoppers(case)
    merge(case, noor, other)
    assert case.found() == []
    case.superuser.execute(HIDE)
    assert case.found() == [("merge_altered", None)] * 2
    case.superuser.execute(SHOW)
    assert case.found() == []
    case.superuser.execute("UPDATE consent.held SET whole = NULL WHERE customer = %s", [other])
    assert case.found() == [("merge_altered", None)]


def test_the_verdict_of_an_erasure_names_it_and_nothing_of_the_merge_is_left(case: Case) -> None:
    noor, other = shoppers(case)
    case.decide(other, "withdrawn")
    merge(case, noor, other)
    case.forge(HIDE, SHOW, noor)
    assert erase(case.world, noor).verdict.endswith(NAMED)
    names = "SELECT count(*) FROM consent.held WHERE %s IN (customer, whole)"
    assert case.superuser.execute(names, [noor]).fetchone() == (0,)
    assert {problem for problem, _ in case.found()} == {"erased_after_unsound_record"}


def test_the_others_stay_judged_after_the_one_they_stood_under_is_erased(case: Case) -> None:
    noor, other = shoppers(case)
    first = case.world.shopper("first@mail.example", EMAILS)
    case.decide(other, "withdrawn")
    merge(case, first, noor)
    merge(case, first, other)
    entry = case.forge(HIDE, SHOW, noor)
    assert (erase(case.world, first).verdict, case.found()) == ("sound", [(NAMED, entry)])


def planned(case: Case, *people: CustomerId) -> int:
    """Let the manager of shop 1 plan a message about an order."""
    manager = case.world.session("shop_manager", shops=[1])
    return actions.plan(session=manager, kind="message", purpose="orders", people=people, ref="order:1")


def opened(case: Case, task: int) -> int:
    """Let the machine open it."""
    system = case.world.session("system")
    return len(
        actions.open(session=system, purpose="orders", channel="email", fields=["email"], task=task).people
    )


def test_a_use_beyond_the_shops_of_whoever_planned_it_is_named(case: Case) -> None:
    own, other = in_shop(case.world, 1), in_shop(case.world, 2)
    assert (opened(case, planned(case, own)), case.found()) == (1, [])
    case.superuser.execute("UPDATE vault.person SET shop = 1 WHERE customer = %s", [other])
    task = planned(case, own, other)
    case.superuser.execute("UPDATE vault.person SET shop = 2 WHERE customer = %s", [other])
    assert opened(case, task) == 2
    assert case.found() == [("use_of_other_shop", case.last_call())]


def test_people_added_to_what_somebody_limited_planned_are_named(case: Case) -> None:
    own, other = in_shop(case.world, 1), in_shop(case.world, 2)
    task = planned(case, own)
    case.superuser.execute(
        "UPDATE uses.task t SET people = t.people || p.id FROM vault.person p WHERE t.id = %s AND p.customer = %s",
        [task, other],
    )
    assert opened(case, task) == 2
    assert case.found() == [("use_of_other_shop", case.last_call())]


def test_whoever_planned_and_was_limited_later_accuses_nobody(case: Case) -> None:
    own, other = in_shop(case.world, 1), in_shop(case.world, 2)
    limited = planned(case, own)
    anybody = actions.plan(
        session=case.world.session("shop_manager"), kind="message", purpose="orders", people=[own, other],
        ref="order:2",
    )  # fmt: skip
    case.superuser.execute("UPDATE retailer.staff_role SET shops = '{3}'")
    assert (opened(case, limited), opened(case, anybody), case.found()) == (1, 2, [])
