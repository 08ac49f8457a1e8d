"""An edge is made by proof of who somebody is, belongs to one person, and is never changed."""

import datetime as dt

import psycopg
import pytest

from amana.customers.identity import actions, queries
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.conftest import Clock
from tests.database import Connection
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, LAPTOP = "a" * 32, "b" * 32
HOUR = dt.timedelta(hours=1)


def attach(customer: CustomerId, pseudonym: str = PHONE, *, before: bool = False) -> actions.Attached:
    """Attach a browser by signing in."""
    return actions.attach(
        pseudonym=pseudonym, purpose="content", customer=customer, made_by="sign_in", includes_before=before
    )


def test_c2_what_was_browsed_before_is_not_attached(world: World, fixed_clock: Clock) -> None:
    noor = world.shopper()
    made = attach(noor)
    [edge] = queries.pseudonyms_of(noor)
    assert made == actions.Attached(edge.id, "attached")
    assert (edge.pseudonym, edge.purpose, edge.made_by, edge.source) == (
        PHONE,
        "content",
        "sign_in",
        "website",
    )
    assert (edge.starts_at, edge.until, edge.attached_at, edge.policy) == (
        fixed_clock.at,
        None,
        fixed_clock.at,
        1,
    )


def test_attaching_again_changes_nothing(world: World) -> None:
    noor = world.shopper()
    first, second = attach(noor), attach(noor)
    assert (second, len(queries.history_of(noor))) == (actions.Attached(first.edge, "standing"), 1)


def test_what_was_browsed_before_counts_once_allowed_and_is_taken_back(
    world: World, fixed_clock: Clock
) -> None:
    noor, began = world.shopper(), fixed_clock.at
    attach(noor)
    fixed_clock.advance(HOUR)
    attach(noor, before=True)
    [wide] = queries.pseudonyms_of(noor)
    attach(noor)
    assert (wide.includes_before, queries.pseudonyms_of(noor)) == (True, (wide,))
    fixed_clock.advance(HOUR)
    made = actions.exclude_before(edge=wide.id, customer=noor)
    [narrow] = queries.pseudonyms_of(noor)
    assert (narrow.id, narrow.starts_at, narrow.attached_at) == (made, began, fixed_clock.at)
    assert actions.exclude_before(edge=narrow.id, customer=noor) is None


def test_detaching_is_a_row_of_its_own(world: World) -> None:
    noor = world.shopper()
    edge = attach(noor).edge
    ended = [actions.detach(edge=edge, customer=noor) for _ in range(2)]
    assert (ended, queries.pseudonyms_of(noor)) == ([True, False], ())
    [past] = queries.history_of(noor)
    assert past.ended_at is not None
    assert attach(noor).outcome == "attached"


def test_nobody_ends_the_link_of_somebody_else(world: World) -> None:
    noor, salem = world.shopper(), world.shopper("salem@mail.example")
    edge = attach(noor).edge
    for act in (actions.detach, actions.exclude_before):
        with pytest.raises(Refusal, match="edge_unknown"):
            act(edge=edge, customer=salem)
    assert len(queries.pseudonyms_of(noor)) == 1


def test_two_people_never_become_one_by_a_browser_they_share(world: World, fixed_clock: Clock) -> None:
    noor, salem = world.shopper(), world.shopper("salem@mail.example")
    edge = attach(noor).edge
    fixed_clock.advance(HOUR)
    outcomes = [attach(salem), attach(salem)]
    [conflict] = queries.conflicts()
    [held] = queries.pseudonyms_of(noor)
    assert outcomes == [actions.Attached(edge, "conflict")] * 2
    assert (conflict.holder, conflict.claimant, conflict.at) == (noor, salem, fixed_clock.at)
    # What comes after the claim counts for neither of them until staff decide.
    assert (held.until, queries.pseudonyms_of(salem)) == (fixed_clock.at, ())
    assert queries.whole_of(noor) != queries.whole_of(salem)


@pytest.mark.parametrize(("outcome", "owner"), [("kept", 0), ("moved", 1)])
def test_staff_decide_a_conflict(
    world: World, fixed_clock: Clock, outcome: actions.Settled, owner: int
) -> None:
    people = world.shopper(), world.shopper("salem@mail.example")
    attach(people[0], before=True)
    fixed_clock.advance(HOUR)
    claimed = fixed_clock.at
    attach(people[1])
    fixed_clock.advance(HOUR)
    [conflict] = queries.conflicts(customer=people[1])
    service = world.session("service")
    actions.settle(conflict=conflict.id, outcome=outcome, session=service, reason="He sold the phone.")
    [edge] = queries.resolve(purpose="content", pseudonyms=[PHONE, LAPTOP]).values()
    assert (edge.customer, edge.until, queries.conflicts()) == (people[owner], None, ())
    assert edge.starts_at == (None if outcome == "kept" else claimed)
    with pytest.raises(Refusal, match="conflict_unknown"):
        actions.settle(conflict=conflict.id, outcome=outcome, session=service, reason="Again.")


def test_a_conflict_outlives_a_change_of_the_edge(world: World, fixed_clock: Clock) -> None:
    noor, salem = world.shopper(), world.shopper("salem@mail.example")
    edge = attach(noor, before=True).edge
    fixed_clock.advance(HOUR)
    attach(salem)
    actions.exclude_before(edge=edge, customer=noor)
    [held] = queries.pseudonyms_of(noor)
    assert (held.until, len(queries.conflicts())) == (fixed_clock.at, 1)
    actions.detach(edge=held.id, customer=noor)
    assert queries.conflicts() == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"made_by": "email"}, "edge_maker_refused"),
        ({"made_by": "public_key"}, "edge_maker_refused"),
        ({"made_by": None}, "edge_maker_refused"),
        ({"pseudonym": "noor@mail.example"}, "pseudonym_malformed"),
        ({"pseudonym": ""}, "pseudonym_malformed"),
        ({"purpose": "profiling"}, "purpose_undeclared"),
        ({"customer": "3e0c1f0a-0000-4000-8000-000000000000"}, "person_unknown"),
    ],
)
def test_nothing_else_makes_an_edge(world: World, change: dict[str, str], code: str) -> None:
    noor = world.shopper()
    given = {"pseudonym": PHONE, "purpose": "content", "customer": noor, "made_by": "sign_in", **change}
    with pytest.raises(Refusal, match=f"^{code}$"):
        actions.attach(**given)  # type: ignore[arg-type]
    assert queries.resolve(purpose="content", pseudonyms=[PHONE]) == {}


@pytest.mark.attack
@pytest.mark.parametrize("table", ["edge", "detachment", "conflict", "settlement", "merge", "undo"])
def test_the_application_may_only_read(world: World, app_connection: Connection, table: str) -> None:
    attach(world.shopper())
    for statement in (
        "INSERT INTO public.customers_{} DEFAULT VALUES",
        "UPDATE public.customers_{} SET at = at",
        "DELETE FROM public.customers_{}",
        "TRUNCATE public.customers_{}",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(statement.format(table).encode())


def test_the_database_itself_knows_who_may_make_an_edge(world: World, owner_connection: Connection) -> None:
    attach(world.shopper())
    with pytest.raises(psycopg.errors.CheckViolation, match="customers_edge_made_by"):
        owner_connection.execute("UPDATE public.customers_edge SET made_by = 'email'")


def test_each_change_is_in_the_persons_own_record(world: World, owner_connection: Connection) -> None:
    noor, salem = world.shopper(), world.shopper("salem@mail.example")
    edge = attach(noor).edge
    attach(salem)
    actions.detach(edge=edge, customer=noor)
    found = owner_connection.execute(
        "SELECT count(*) FROM ledger.opening o JOIN ledger.pending p ON p.id = o.entry"
        " WHERE p.event LIKE 'identity.%' AND o.payload NOT LIKE '%mail.example%'"
    ).fetchone()
    assert found == (3,)
