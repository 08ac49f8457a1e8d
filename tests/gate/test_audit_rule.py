"""The audit judges again: a release that the rule must have refused is named, and what came later accuses nobody."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest

from amana.gate import actions, queries, retention
from amana.gate.values import Admitted, Decision
from amana.kernel.ids import CustomerId
from tests.conftest import Clock
from tests.gate import raw
from tests.gate.operations import erase
from tests.gate.test_deciding import widened
from tests.world import EMAILS, Connection, World

NOOR = "noor@mail.example"
YEAR = dt.timedelta(days=365)
HIDE_RESTRICTION = "CREATE TEMP TABLE hidden AS TABLE consent.restriction; TRUNCATE consent.restriction"
SHOW_RESTRICTION = "INSERT INTO consent.restriction TABLE hidden"
HIDE_OBJECTION = (
    "CREATE TEMP TABLE hidden AS TABLE consent.standing; UPDATE consent.standing SET objected = false"
)
SHOW_OBJECTION = "UPDATE consent.standing s SET objected = h.objected FROM hidden h WHERE (s.person, s.purpose, s.channel) = (h.person, h.purpose, h.channel)"  # fmt: skip # noqa: E501


@dataclass(frozen=True)
class Case:
    """A deployment in which somebody tries what the rule refuses."""

    world: World
    superuser: Connection
    clock: Clock

    def open(self, *people: CustomerId, purpose: str = "marketing") -> int:
        """Open addresses by e-mail, as the machine does today; return how many."""
        system = self.world.session("system", name=str(self.clock.at))
        task = actions.plan(session=system, kind="message", purpose=purpose, people=people, ref="campaign:1")
        opening = actions.open(session=system, purpose=purpose, channel="email", fields=["email"], task=task)
        return len(opening.people)

    def forge(self, hide: str, show: str, *people: CustomerId, purpose: str = "marketing") -> UUID:
        """Hide what refuses, open, and put it back; return the entry of that release."""
        assert self.open(*people, purpose=purpose) == 0
        assert self.found() == []
        self.superuser.execute(hide.encode())
        assert self.open(*people, purpose=purpose) == len(people)
        self.superuser.execute(show.encode())
        return self.last_call()

    def last_call(self) -> UUID:
        """Return the entry of the newest release."""
        row = self.superuser.execute("SELECT entry FROM uses.call ORDER BY id DESC LIMIT 1").fetchone()
        assert row is not None
        return UUID(str(row[0]))

    def found(self) -> list[tuple[str, UUID | None]]:
        """Fold, and return what the audit finds."""
        self.world.owner.execute("SELECT gate.fold(1000)")
        return [(finding.problem, finding.entry) for finding in queries.audit()]

    def decide(self, customer: CustomerId, kind: Decision, purpose: str = "marketing") -> None:
        """Let an agent record what a customer asked for."""
        service = self.world.session("service")
        task = actions.plan(
            session=service, kind="conversation", purpose="service", people=[customer], ref="conversation:1"
        )
        actions.decide_for(
            session=service, task=task, purpose=purpose, channel="email", kind=kind, language="ar"
        )

    def lift(self, kind: str) -> None:
        """Lift what was narrowed, whoever asked for it."""
        self.superuser.execute(
            "SELECT consent.decide(d.person, d.purpose, d.channel, %s, d.policy, NULL, 'ar', d.source, 'staff:1', d.id)"
            " FROM consent.decision d WHERE d.kind IN ('restricted', 'objected')",
            [kind],
        )

    def suppress(self, customer: CustomerId, channel: str = "email") -> None:
        """Mark an address that its server refuses."""
        actions.suppress(
            session=self.world.session("system"), customer=customer, channel=channel, reason="bounced"
        )


@pytest.fixture
def case(world: World, superuser_connection: Connection, fixed_clock: Clock) -> Case:
    """Return a deployment whose clock stands at noon."""
    return Case(world, superuser_connection, fixed_clock)


def in_shop(world: World, shop: int) -> CustomerId:
    """Admit a shopper in a shop."""
    made = actions.admit(
        source="survey", values={"email": f"{shop}@mail.example", "opinion": "جميل"}, language="ar",
        jurisdiction="AE", shop=shop,
    )  # fmt: skip
    actions.confirm(world.link(made, "confirm"), language="ar")
    return made.customer


def with_fact(value: str) -> str:
    """Return the statement that makes a birth year say otherwise."""
    return f"UPDATE vault.fact SET value = '{value}' WHERE field = policy.term_id('field', 'birth_year')"


def test_a_use_of_somebody_under_age_is_named(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS, birth_date="2008-05-17")
    entry = case.forge(with_fact("1990"), with_fact("2008"), noor)
    assert case.found() == [("use_under_age", entry)]


def test_a_use_of_somebody_whose_age_was_never_told_is_named(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS, birth_date="")
    entry = case.forge(
        "INSERT INTO vault.fact SELECT id, policy.term_id('field', 'birth_year'), '1990', 1, 1, admitted_at"
        " FROM vault.person",
        "DELETE FROM vault.fact WHERE field = policy.term_id('field', 'birth_year')",
        noor,
    )
    assert case.found() == [("use_under_age", entry)]
    # Once a retention may have taken the year, nothing is proven any more.
    case.clock.advance(5 * YEAR + dt.timedelta(days=2))
    assert case.found() == []


def test_a_birthday_that_passed_and_a_year_that_expired_accuse_nobody(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS, birth_date="2008-05-17")
    assert case.open(noor) == 0
    case.clock.set(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    assert (case.open(noor), case.found()) == (1, [])
    case.clock.advance(6 * YEAR)
    assert (retention.end().values > 0, case.found()) == (True, [])


def test_a_use_of_a_suppressed_address_is_named(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    case.suppress(noor)
    entry = case.forge(
        "CREATE TEMP TABLE hidden AS TABLE uses.suppression; TRUNCATE uses.suppression",
        "INSERT INTO uses.suppression TABLE hidden",
        noor,
    )
    assert case.found() == [("use_of_suppressed", entry)]


def test_a_suppression_altered_deleted_or_made_up_is_named(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    assert case.open(noor) == 1
    case.suppress(noor)
    case.suppress(noor)
    assert case.found() == []
    case.superuser.execute("UPDATE uses.suppression SET at = at - interval '1 day', xid = '3'")
    named = ["suppression_altered", "use_of_suppressed", "use_of_suppressed"]
    assert sorted(problem for problem, _ in case.found()) == named
    case.superuser.execute("TRUNCATE uses.suppression")
    assert [problem for problem, _ in case.found()] == ["row_missing"]


def test_an_erasure_takes_a_suppression_along(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    case.suppress(noor, "sms")
    assert (erase(case.world, noor).verdict, case.found()) == ("sound", [])


def test_an_address_suppressed_later_accuses_nobody(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    assert case.open(noor) == 1
    case.suppress(noor)
    assert case.found() == []


def test_a_suppression_that_was_still_on_its_way_accuses_nobody(
    case: Case, app_connection: Connection, connect: Callable[..., Connection]
) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    task = raw.plan(case.world, noor)
    other = connect("amana_app")
    with other.transaction():
        other.execute(
            "SELECT gate.suppress(%s, %s, 'email', 'bounced', 0, '')", [case.world.session("system"), noor]
        )
        assert raw.ask(app_connection, case.world.session("system"), task).people == 1
    assert case.found() == []


def test_a_use_of_an_address_past_its_retention_is_named(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    case.clock.advance(2 * YEAR + dt.timedelta(days=2))
    entry = case.forge(
        "UPDATE vault.value SET at = at + interval '1 year'",
        "UPDATE vault.value SET at = at - interval '1 year'",
        noor,
    )
    assert case.found() == [("use_beyond_retention", entry)]


def test_an_address_that_grew_old_or_was_replaced_accuses_nobody(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    case.clock.advance(2 * YEAR - dt.timedelta(days=1))
    assert (case.open(noor), case.found()) == (1, [])
    case.clock.advance(YEAR)
    assert case.found() == []
    officer = case.world.session("data_protection_officer")
    assert actions.purge_value(session=officer, customer=noor, field="email", why="replaced")
    actions.add(customer=noor, source="survey", values={"email": "noor@new.example"}, language="ar")
    assert case.found() == []


def test_a_use_of_an_unconfirmed_address_is_named(case: Case) -> None:
    noor = case.world.admit(NOOR, EMAILS).customer
    entry = case.forge(
        "INSERT INTO consent.address SELECT v.person, v.field, v.id, v.at, NULL, 1 FROM vault.value v"
        " WHERE v.field = policy.term_id('field', 'email')",
        "TRUNCATE consent.address",
        noor,
    )
    assert case.found() == [("use_of_unconfirmed", entry)]


def test_a_use_of_an_unconfirmed_address_is_named_though_it_was_confirmed_later(case: Case) -> None:
    made: Admitted = case.world.admit(NOOR, EMAILS)
    entry = case.forge(
        "INSERT INTO consent.address SELECT v.person, v.field, v.id, v.at, NULL, 1 FROM vault.value v"
        " WHERE v.field = policy.term_id('field', 'email')",
        "TRUNCATE consent.address",
        made.customer,
    )
    case.clock.advance(dt.timedelta(hours=1))
    actions.confirm(case.world.link(made, "confirm"), language="ar")
    assert (case.open(made.customer), case.found()) == (1, [("use_of_unconfirmed", entry)])


def test_an_address_taken_over_later_accuses_nobody(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    assert case.open(noor) == 1
    anew = case.world.shopper(NOOR)
    assert (case.open(noor), case.open(anew), case.found()) == (0, 1, [])


def test_a_use_of_another_shops_customer_is_named(case: Case) -> None:
    own, other = in_shop(case.world, 1), in_shop(case.world, 2)
    manager = case.world.session("shop_manager", shops=[1])

    def opened(people: Sequence[CustomerId]) -> int:
        task = actions.plan(session=manager, kind="request", purpose="orders", people=people, ref="order:1")
        return len(actions.open(session=manager, purpose="orders", fields=["email"], task=task).people)

    assert (opened([own]), case.found()) == (1, [])
    case.superuser.execute("UPDATE vault.person SET shop = 1 WHERE customer = %s", [other])
    assert opened([other]) == 1
    case.superuser.execute("UPDATE vault.person SET shop = 2 WHERE customer = %s", [other])
    assert case.found() == [("use_of_other_shop", case.last_call())]


def test_staff_moved_to_another_shop_later_accuse_nobody(case: Case) -> None:
    own, manager = in_shop(case.world, 1), case.world.session("shop_manager", shops=[1])
    task = actions.plan(session=manager, kind="request", purpose="orders", people=[own], ref="order:1")
    assert len(actions.open(session=manager, purpose="orders", fields=["email"], task=task).people) == 1
    case.superuser.execute("UPDATE retailer.staff_role SET shops = '{2}' WHERE shops IS NOT NULL")
    assert case.found() == []
    case.superuser.execute("UPDATE uses.call SET shops = NULL WHERE shops IS NOT NULL")
    assert case.found() == [("call_altered", case.last_call())]


def test_a_use_in_spite_of_a_restriction_is_named(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    case.decide(noor, "restricted")
    entry = case.forge(HIDE_RESTRICTION, SHOW_RESTRICTION, noor)
    assert case.found() == [("use_of_restricted", entry)]
    case.clock.advance(dt.timedelta(hours=1))
    case.lift("restriction_lifted")
    assert (case.open(noor), case.found()) == (1, [("use_of_restricted", entry)])


def test_a_restriction_that_came_later_was_lifted_or_does_not_reach_accuses_nobody(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    assert case.open(noor) == 1
    case.decide(noor, "restricted")
    assert (case.open(noor), case.open(noor, purpose="service")) == (0, 1)
    case.lift("restriction_lifted")
    assert (case.open(noor), case.found()) == (1, [])
    case.decide(noor, "restricted")
    assert (case.open(noor), case.found()) == (0, [])


def test_a_use_in_spite_of_an_objection_is_named_whatever_its_basis(case: Case) -> None:
    noor = case.world.shopper(NOOR)
    case.decide(noor, "objected", "orders")
    entry = case.forge(HIDE_OBJECTION, SHOW_OBJECTION, noor, purpose="orders")
    assert case.found() == [("use_of_objected", entry)]
    case.lift("objection_lifted")
    assert (case.open(noor, purpose="orders"), case.found()) == (1, [("use_of_objected", entry)])


def test_an_objection_that_came_later_was_lifted_or_is_to_something_else_accuses_nobody(case: Case) -> None:
    noor = case.world.shopper(NOOR)
    assert case.open(noor, purpose="orders") == 1
    case.decide(noor, "objected", "orders")
    assert (case.open(noor, purpose="orders"), case.open(noor, purpose="service")) == (0, 1)
    case.lift("objection_lifted")
    assert (case.open(noor, purpose="orders"), case.found()) == (1, [])


def test_a_use_under_an_outgrown_consent_is_named(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    assert (case.open(noor), case.found()) == (1, [])
    version = case.world.publish(widened())
    entry = case.forge(
        f"UPDATE consent.standing SET policy = {version}",
        f"UPDATE consent.standing SET policy = {version - 1}",
        noor,
    )
    assert case.found() == [("use_of_outdated_consent", entry)]


def test_a_use_planted_into_a_release_is_named_for_what_refuses_it_too(case: Case) -> None:
    noor, young = (
        case.world.shopper(NOOR, EMAILS),
        case.world.shopper("b@mail.example", EMAILS, birth_date="2010-05-17"),
    )
    assert case.open(noor) == 1
    case.superuser.execute(
        "INSERT INTO uses.use SELECT c.id, d.person, d.id FROM uses.call c, consent.decision d, vault.person p"
        " WHERE c.purpose = policy.term_id('purpose', 'marketing') AND d.person = p.id AND p.customer = %s"
        " AND d.kind = 'given'",
        [young],
    )
    assert [problem for problem, _ in case.found()] == ["use_under_age", "uses_missing"]


def test_the_verdict_of_an_erasure_names_it(case: Case) -> None:

    noor = case.world.shopper(NOOR, EMAILS)
    case.decide(noor, "restricted")
    case.forge(HIDE_RESTRICTION, SHOW_RESTRICTION, noor)
    assert erase(case.world, noor).verdict.endswith("use_of_restricted")


def test_another_clusters_numbers_accuse_nobody(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    case.clock.advance(dt.timedelta(hours=1))
    # Restored into a young cluster: what stood before has the higher numbers.
    assert case.open(noor) == 1
    case.superuser.execute("UPDATE uses.call SET snapshot = '3:3:', xid = '3' WHERE root IS NULL")
    assert case.found() == []
    # And what is decided there has lower ones than the old cluster's releases.
    assert case.open(noor) == 1
    case.superuser.execute("UPDATE uses.call SET snapshot = '99999999:99999999:' WHERE root IS NULL")
    case.clock.advance(dt.timedelta(hours=1))
    case.decide(noor, "withdrawn")
    case.decide(noor, "restricted")
    assert case.found() == []


def test_a_use_after_a_withdrawal_is_named(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    case.decide(noor, "withdrawn")
    entry = case.forge(
        "CREATE TEMP TABLE hidden AS TABLE consent.standing; UPDATE consent.standing SET given = true, decision = ("
        "SELECT d.id FROM consent.decision d WHERE d.kind = 'given')",
        "UPDATE consent.standing s SET given = h.given, decision = h.decision FROM hidden h WHERE s.person = h.person",
        noor,
    )
    assert case.found() == [("use_without_consent", entry)]


def test_nonsense_in_altered_rows_stops_nothing(case: Case) -> None:
    noor = case.world.shopper(NOOR, EMAILS)
    assert (case.open(noor), case.found()) == (1, [])
    case.superuser.execute(with_fact("soon").encode())
    case.superuser.execute("UPDATE uses.call SET at = 'infinity'")
    assert {problem for problem, _ in case.found()} == {"call_altered", "fact_altered"}
