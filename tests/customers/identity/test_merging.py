"""Merging moves nothing, so undoing restores everything: tried with any sequence of what people and staff can do."""

from collections.abc import Mapping
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from amana.customers.identity import actions, queries
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.database import Connection
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 5
BROWSERS = tuple(letter * 32 for letter in "abcd")
EMPTY = (
    "TRUNCATE public.customers_edge, public.customers_detachment, public.customers_conflict,"
    " public.customers_settlement, public.customers_merge, public.customers_undo, consent.together"
)
State = tuple[Mapping[CustomerId, CustomerId], Mapping[str, tuple[CustomerId, CustomerId]]]


class Identities(RuleBasedStateMachine):
    """What the database says against the rule in words: edges stay, and the merges that stand say who is who."""

    people: ClassVar[tuple[CustomerId, ...]] = ()
    staff: ClassVar[str] = ""
    owner: ClassVar[Connection]
    merges = Bundle("merges")
    person = st.integers(0, PEOPLE - 1)

    @initialize()
    def begin(self) -> None:
        self.owner.execute(EMPTY)
        self.holders: dict[str, CustomerId] = {}
        self.standing: dict[int, tuple[CustomerId, CustomerId]] = {}

    def whole(self, customer: CustomerId) -> CustomerId:
        above = {other: survivor for survivor, other in self.standing.values()}
        while customer in above:
            customer = above[customer]
        return customer

    def found(self) -> State:
        edges = queries.resolve(purpose="content", pseudonyms=BROWSERS)
        return queries.wholes(self.people), {name: (e.customer, e.whole) for name, e in edges.items()}

    @rule(browser=st.sampled_from(BROWSERS), who=person)
    def attach(self, browser: str, who: int) -> None:
        customer = self.people[who]
        made = actions.attach(pseudonym=browser, purpose="content", customer=customer, made_by="sign_in")
        holder = self.holders.setdefault(browser, customer)
        conflict = self.whole(holder) != self.whole(customer)
        assert (made.outcome == "conflict") == conflict

    @rule(browser=st.sampled_from(BROWSERS))
    def detach(self, browser: str) -> None:
        for edge in queries.resolve(purpose="content", pseudonyms=[browser]).values():
            assert actions.detach(edge=edge.id, customer=edge.customer)
        self.holders.pop(browser, None)

    @rule(target=merges, one=person, two=person)
    def merge(self, one: int, two: int) -> object:
        survivor, other = self.people[one], self.people[two]
        parts = [customer for customer in (survivor, other) if self.whole(customer) != customer]
        if one == two or parts:
            with pytest.raises(Refusal, match="merge_of_one" if one == two else "merge_of_part"):
                actions.merge(survivor=survivor, other=other, session=self.staff, reason="Same person.")
            return multiple()
        made = actions.merge(survivor=survivor, other=other, session=self.staff, reason="Same person.")
        self.standing[made] = survivor, other
        return made

    @rule(merge=merges)
    def undo(self, merge: int) -> None:
        if self.standing.pop(merge, None) is None:
            with pytest.raises(Refusal, match="merge_unknown"):
                actions.undo(merge=merge, session=self.staff, reason="They are two.")
        else:
            actions.undo(merge=merge, session=self.staff, reason="They are two.")

    @rule(one=person, two=person)
    def merge_and_undo(self, one: int, two: int) -> None:
        survivor, other = self.people[one], self.people[two]
        if one != two and self.whole(survivor) == survivor and self.whole(other) == other:
            before = self.found()
            made = actions.merge(survivor=survivor, other=other, session=self.staff, reason="Same person.")
            assert queries.whole_of(other) == survivor
            actions.undo(merge=made, session=self.staff, reason="They are two.")
            assert self.found() == before

    @invariant()
    def agrees(self) -> None:
        if hasattr(self, "standing"):
            expected = {who: self.whole(who) for who in self.people}
            held = {name: (who, self.whole(who)) for name, who in self.holders.items()}
            assert self.found() == (expected, held)


def test_any_sequence_resolves_by_the_merges_that_stand(world: World, owner_connection: Connection) -> None:
    Identities.people = tuple(world.shopper(f"shopper{number}@mail.example") for number in range(PEOPLE))
    Identities.staff = world.session("service")
    Identities.owner = owner_connection
    run_state_machine_as_test(
        Identities,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def pair(world: World) -> tuple[CustomerId, CustomerId]:
    """Return two shoppers."""
    return world.shopper(), world.shopper("salem@mail.example")


def test_whoever_stands_for_two_has_both_their_browsers(world: World) -> None:
    noor, other = pair(world)
    for customer, browser in ((noor, BROWSERS[0]), (other, BROWSERS[1])):
        actions.attach(pseudonym=browser, purpose="content", customer=customer, made_by="signed_link")
    made = actions.merge(survivor=noor, other=other, session=world.session("service"), reason="One mobile.")
    assert [edge.pseudonym for edge in queries.pseudonyms_of_whole(other)] == list(BROWSERS[:2])
    assert [edge.pseudonym for edge in queries.pseudonyms_of(other)] == [BROWSERS[1]]
    [merge] = queries.merges_of(noor)
    assert (merge.id, merge.survivor, merge.other, merge.reason, merge.undone_at) == (
        made, noor, other, "One mobile.", None,
    )  # fmt: skip


def test_a_claim_within_one_person_is_no_conflict_and_is_one_again_once_parted(world: World) -> None:
    noor, other = pair(world)
    service = world.session("service")
    for customer in (noor, other):
        actions.attach(pseudonym=BROWSERS[0], purpose="content", customer=customer, made_by="sign_in")
    made = actions.merge(survivor=noor, other=other, session=service, reason="One mobile.")
    assert queries.conflicts() == ()
    assert queries.pseudonyms_of(noor)[0].until is None
    actions.undo(merge=made, session=service, reason="Father and son.")
    [conflict] = queries.conflicts()
    assert (conflict.holder, conflict.claimant) == (noor, other)


@pytest.mark.parametrize(
    "role", ["marketing", "analyst", "shop_manager", "administrator", "auditor", "system"]
)
def test_only_service_and_the_officer_merge(world: World, role: str) -> None:
    noor, other = pair(world)
    made = actions.merge(
        survivor=noor, other=other, session=world.session("data_protection_officer"), reason="Proven."
    )
    token = world.session(role)
    for act in (
        lambda: actions.merge(survivor=noor, other=other, session=token, reason="x"),
        lambda: actions.undo(merge=made, session=token, reason="x"),
    ):
        with pytest.raises(Refusal, match="role_refused"):
            act()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_merge_has_a_reason(world: World, reason: str) -> None:
    noor, other = pair(world)
    with pytest.raises(Refusal, match="reason_missing"):
        actions.merge(survivor=noor, other=other, session=world.session("service"), reason=reason)


def test_a_merge_stands_in_both_records_and_names_neither_to_the_other(
    world: World, owner_connection: Connection
) -> None:
    noor, other = pair(world)
    service = world.session("service")
    made = actions.merge(survivor=noor, other=other, session=service, reason="One mobile.")
    actions.undo(merge=made, session=service, reason="Father and son.")
    found = owner_connection.execute(
        "SELECT p.event, count(DISTINCT o.person), bool_or(o.payload ~ ANY (%s)) FROM ledger.opening o"
        " JOIN ledger.pending p ON p.id = o.entry WHERE p.event LIKE 'identity.%%' GROUP BY 1 ORDER BY 1",
        [[str(noor), str(other)]],
    ).fetchall()
    assert found == [("identity.merged", 2, False), ("identity.parted", 2, False)]
