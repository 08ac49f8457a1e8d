"""What is added to somebody who came without an address, and what consents given without a connection may do."""

import pytest

from amana.gate import actions, queries
from amana.gate.values import Admitted, Wish
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.policy import queries as policy
from tests.gate import raw
from tests.gate.test_deciding import mailed, widened
from tests.world import EMAILS, World

NOOR = "noor@mail.example"
TOLD = {"name": "نور العتيبي", "email": NOOR, "birth_date": "1990-05-17", "city": "dubai"}


def nameless(world: World, **values: str) -> CustomerId:
    """Admit somebody who gave an opinion and nothing of who they are."""
    return actions.admit(
        source="survey", values={"opinion": "الانتظار طويل", **values}, language="ar", jurisdiction="AE"
    ).customer


def add(customer: CustomerId, *wishes: Wish, **values: str) -> Admitted:
    """Add what was told later."""
    return actions.add(
        customer=customer, source="survey", values=values or TOLD, wishes=wishes, language="ar"
    )


def test_c1_identity_added_later_is_one_person_and_reachable_once_confirmed(world: World) -> None:
    customer = nameless(world)
    admitted = add(customer, EMAILS)
    assert mailed(world, customer) == (0, {"unconfirmed": None})
    actions.confirm(world.link(admitted, "confirm"), language="ar")
    assert (admitted.customer, mailed(world, customer)) == (customer, (1, {}))
    assert list(queries.audit()) == []


def test_nothing_is_added_to_somebody_who_gave_an_address(world: World) -> None:
    known = world.admit(NOOR).customer
    with pytest.raises(Refusal) as refused:
        add(known, email="other@mail.example")
    assert refused.value.code == "person_named"


def test_what_was_given_is_not_written_over(world: World) -> None:
    customer = nameless(world, city="sharjah")
    with pytest.raises(Refusal) as refused:
        add(customer, opinion="another")
    assert refused.value.code == "field_present"
    add(customer)
    kept = world.owner.execute(
        "SELECT f.value FROM vault.fact f WHERE f.field = policy.term_id('field', 'city')"
    ).fetchall()
    assert kept == [("sharjah",)]


def test_r3_an_erased_person_is_not_added_to(world: World) -> None:
    customer = nameless(world)
    world.owner.execute("UPDATE vault.person SET erased_at = ledger.now()")
    with pytest.raises(Refusal) as refused:
        add(customer)
    assert refused.value.code == "person_unknown"


@pytest.mark.parametrize(
    ("alter", "problem"),
    [
        (
            "UPDATE vault.value SET ciphertext = 'x' WHERE field = policy.term_id('field', 'name')",
            "value_altered",
        ),
        (
            "UPDATE vault.fact SET value = 'ajman' WHERE field = policy.term_id('field', 'city')",
            "fact_altered",
        ),
        ("UPDATE vault.addition SET manifest = manifest || 'x'", "admission_altered"),
    ],
)
def test_p2_an_altered_addition_shows(world: World, alter: str, problem: str) -> None:
    add(nameless(world))
    world.owner.execute(alter)
    assert [finding.problem for finding in queries.audit()] == [problem]


def test_p2_a_deleted_addition_is_missed(world: World) -> None:
    add(nameless(world))
    world.owner.execute("DELETE FROM vault.addition")
    found = {finding.problem for finding in queries.audit()}
    assert found == {"fact_altered", "row_missing", "value_altered"}


def test_y1_a_consent_read_in_an_older_version_is_one_to_that_version(world: World) -> None:
    shown = policy.current().version.number
    world.publish(widened())
    old = actions.admit(
        source="survey", values=TOLD, wishes=[EMAILS], language="ar", jurisdiction="AE", shown=shown
    )
    actions.confirm(world.link(old, "confirm"), language="ar")
    assert mailed(world, old.customer) == (0, {"consent_outdated": None})


def test_y1_a_version_nobody_published_was_not_read(world: World) -> None:
    with pytest.raises(Refusal) as refused:
        actions.admit(
            source="survey", values=TOLD, wishes=[EMAILS], language="ar", jurisdiction="AE", shown=99
        )
    assert refused.value.code == "version_unknown"


@pytest.mark.parametrize(("offline", "reached"), [(True, (0, {"no_consent": None})), (False, (1, {}))])
def test_c1_a_consent_given_offline_does_not_overrule_an_earlier_withdrawal(
    world: World, offline: bool, reached: tuple[int, dict[str, None]]
) -> None:
    older = world.shopper(NOOR, EMAILS)
    actions.opt_out(world.opt_out_link(older)[older], language="ar")
    late = actions.admit(
        source="survey", values=TOLD, wishes=[EMAILS], language="ar", jurisdiction="AE", offline=offline
    )
    actions.confirm(world.link(late, "confirm"), language="ar")
    assert mailed(world, late.customer) == reached


def test_a_consent_given_offline_holds_where_nobody_withdrew(world: World) -> None:
    world.shopper(NOOR)
    late = actions.admit(
        source="survey", values=TOLD, wishes=[EMAILS], language="ar", jurisdiction="AE", offline=True
    )
    actions.confirm(world.link(late, "confirm"), language="ar")
    assert mailed(world, late.customer) == (1, {})


def opinions(world: World, customer: CustomerId) -> list[str | None]:
    """Return the opinion as an analyst is given it."""
    task = actions.plan(
        session=world.session("analyst"), kind="answer", purpose="feedback", people=[customer], ref="answer:1"
    )
    opening = actions.open(
        session=world.session("analyst"), purpose="feedback", fields=["opinion"], task=task
    )
    return [one.values.get("opinion") for one in opening.people]


def speaker(world: World) -> CustomerId:
    """Admit somebody without a name whose opinion may be used."""
    return actions.admit(
        source="survey", values={"opinion": "الانتظار طويل"}, wishes=[Wish("feedback", None, "Use my opinion")],
        language="ar", jurisdiction="AE",
    ).customer  # fmt: skip


def test_c4_a_held_opinion_is_opened_by_nobody_until_an_officer_gives_it_free(world: World) -> None:
    customer = speaker(world)
    before = opinions(world, customer)
    machine, officer = world.session("system"), world.session("data_protection_officer")
    held = actions.hold_value(session=machine, customer=customer, field="opinion", why="health")
    assert (before, held, opinions(world, customer)) == (["الانتظار طويل"], True, [])
    assert actions.release_value(session=officer, customer=customer, field="opinion", why="false_alarm")
    assert opinions(world, customer) == ["الانتظار طويل"]


def test_c4_a_purged_opinion_is_gone_and_the_record_holds(world: World) -> None:
    customer = speaker(world)
    machine = world.session("system")
    assert actions.purge_value(session=machine, customer=customer, field="opinion", why="health")
    assert not actions.purge_value(session=machine, customer=customer, field="opinion", why="health")
    assert (raw.count(world, "vault.value"), list(queries.audit())) == (0, [])


@pytest.mark.parametrize("role", ["analyst", "marketing", "service", "shop_manager"])
def test_p2_only_the_machine_and_an_officer_keep_a_value_back(world: World, role: str) -> None:
    customer = speaker(world)
    with pytest.raises(Refusal) as refused:
        actions.hold_value(session=world.session(role), customer=customer, field="opinion", why="health")
    assert refused.value.code == "role_refused"


def test_p2_the_machine_gives_nothing_free(world: World) -> None:
    customer = speaker(world)
    machine = world.session("system")
    actions.hold_value(session=machine, customer=customer, field="opinion", why="health")
    with pytest.raises(Refusal) as refused:
        actions.release_value(session=machine, customer=customer, field="opinion", why="false_alarm")
    assert refused.value.code == "role_refused"
