"""Facts of many: asked and committed first, taken once by the ticket, of whom rule and conditions allow."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from amana.gate import actions, facts, queries
from amana.gate.facts import Asked, Known, Where
from amana.gate.values import Wish
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.world import EMAILS, World

FIT = Wish("product_fit", None, "Fit what you make to people like me")
FEMALE, DUBAI = {"gender": "female", "city": "Dubai"}, Where("city", among=("Dubai", "Sharjah"))


def somebody(world: World, number: int, *wishes: Wish, **values: str) -> CustomerId:
    """Admit somebody who agreed to fitting products, or to what is given."""
    return world.admit(f"shopper{number}@mail.example", *(wishes or (FIT,)), **values).customer


def ask(world: World, *where: Where, **changes: Any) -> Asked:
    """Ask for gender and city, as the analyst."""
    asked: dict[str, Any] = {
        "session": world.session("analyst"), "purpose": "product_fit", "columns": ["gender", "city"],
        "ref": "audience:1", "where": where,
    }  # fmt: skip
    return facts.ask(**{**asked, **changes})


def refused(world: World, *where: Where, **changes: Any) -> str:
    """Return the code by which asking is refused."""
    with pytest.raises(Refusal) as refusal:
        ask(world, *where, **changes)
    return refusal.value.code


def not_taken(asked: Asked) -> str:
    """Return the code by which taking is refused."""
    with pytest.raises(Refusal) as refusal:
        facts.take(asked)
    return refusal.value.code


def test_u4_facts_come_as_columns_and_each_person_is_a_use(world: World) -> None:
    noor, salma = somebody(world, 1, **FEMALE), somebody(world, 2, city="Sharjah")
    asked = ask(world)
    assert (asked.people, asked.refused) == (2, {})
    assert facts.take(asked) == [Known(noor, ("female", "Dubai")), Known(salma, (None, "Sharjah"))]
    assert world._one("SELECT count(*) FROM uses.use") == 2
    assert queries.audit() == []


def test_u4_who_did_not_agree_is_counted_and_not_there(world: World) -> None:
    somebody(world, 1, EMAILS, **FEMALE)
    asked = ask(world, session=world.session("system"))
    assert (asked.people, asked.refused, facts.take(asked)) == (0, {"no_consent": None}, [])


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ((), [1, 2, 3]),
        ((DUBAI,), [1, 2]),
        ((Where("gender"),), [1, 3]),
        ((DUBAI, Where("gender", among=("female",))), [1]),
        ((Where("birth_year", least="1990", most="1995"),), [1, 3]),
        ((Where("birth_year", least="1991"),), [2]),
        ((Where("city", among=()),), []),
        ((Where("city", among=("Dubai'; DROP TABLE vault.fact; --",)),), []),
    ],
)
def test_u4_conditions_hold_before_anybody_is_used(
    world: World, where: tuple[Where, ...], found: list[int]
) -> None:
    people = {
        1: somebody(world, 1, **FEMALE),
        2: somebody(world, 2, city="Sharjah", birth_date="2001-02-03"),
        3: somebody(world, 3, gender="male", city="Riyadh"),
    }
    taken = [one.customer for one in facts.take(ask(world, *where))]
    assert sorted(map(str, taken)) == sorted(str(people[number]) for number in found)
    assert world._one("SELECT count(*) FROM uses.use") == len(found)


def test_a_condition_is_a_fact_that_was_read_and_stands_in_the_call(world: World) -> None:
    somebody(world, 1, **FEMALE)
    asked = ask(world, Where("birth_year", least="1900"))
    assert world._one(
        "SELECT array_agg(t.name ORDER BY t.name) FROM uses.call c, unnest(c.fields) f JOIN policy.term t ON t.id = f"
        " WHERE c.id = %s", asked.call,
    ) == ["birth_year", "city", "gender"]  # fmt: skip
    assert facts.take(asked)[0].values == ("female", "Dubai")


def test_identity_other_purposes_and_other_roles_are_refused(world: World) -> None:
    assert refused(world, columns=["opinion"]) == "field_undeclared"
    assert refused(world, purpose="feedback", columns=["opinion"]) == "facts_only"
    assert refused(world, columns=[]) == "facts_only"
    assert refused(world, Where("email")) == "field_undeclared"
    assert refused(world, session=world.session("marketing")) == "role_refused"
    assert refused(world, kind="message") == "task_undeclared"
    assert refused(world, purpose="weather") == "purpose_undeclared"


def test_asking_inside_a_transaction_is_refused(world: World) -> None:
    with transaction.atomic():
        assert refused(world) == "inside_transaction"


def test_a_ticket_holds_once_and_for_its_own_columns(world: World) -> None:
    somebody(world, 1, **FEMALE)
    asked = ask(world)
    assert not_taken(replace(asked, columns=("birth_year",))) == "field_undeclared"
    assert len(facts.take(asked)) == 1
    assert not_taken(asked) == "ticket_spent"
    assert not_taken(replace(asked, ticket="0" * 64)) == "ticket_unknown"


def test_a_ticket_for_an_address_takes_no_facts(world: World) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    task = actions.plan(
        session=world.session("marketing"),
        kind="message",
        purpose="marketing",
        people=[noor],
        ref="campaign:1",
    )
    ticket = world._one(
        "SELECT ticket FROM gate.ask(%s, 'marketing', 'email', '{email}', '{}', %s, 'controller', 0, NULL)",
        world.session("system"), task,
    )  # fmt: skip
    assert not_taken(Asked(1, 1, {}, ("email",), ticket)) == "facts_only"


def test_taking_in_the_asking_transaction_and_at_another_isolation_is_refused(world: World) -> None:
    somebody(world, 1, **FEMALE)
    asked = ask(world)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert not_taken(asked) == "isolation_refused"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticket FROM gate.ask_facts("
            "%s, 'session', 'product_fit', NULL, '{city}', '[]', 'audience:1', 0, NULL)",
            [world.session("analyst")],
        )
        assert not_taken(replace(asked, ticket=cursor.fetchone()[0])) == "ticket_uncommitted"


def test_r1_who_withdraws_between_asking_and_taking_is_not_there(world: World) -> None:
    noor, salma = somebody(world, 1, **FEMALE), somebody(world, 2, **FEMALE)
    asked = ask(world)
    task = actions.plan(
        session=world.session("service"),
        kind="conversation",
        purpose="service",
        people=[noor],
        ref="conversation:1",
    )
    actions.decide_for(
        session=world.session("service"),
        task=task,
        purpose="product_fit",
        channel=None,
        kind="withdrawn",
        language="ar",
    )
    assert [one.customer for one in facts.take(asked)] == [salma]


def test_a_fact_past_its_retention_is_not_known(world: World) -> None:
    noor = somebody(world, 1, **FEMALE)
    world.owner.execute("UPDATE vault.fact SET at = at - interval '30 years' WHERE value = 'Dubai'")
    assert facts.take(ask(world)) == [Known(noor, ("female", None))]
    assert facts.take(ask(world, DUBAI)) == []


def test_whoever_is_limited_to_shops_sees_their_people_alone(world: World) -> None:
    noor, salma = somebody(world, 1, **FEMALE), somebody(world, 2, **FEMALE)
    world.owner.execute("UPDATE vault.person SET shop = 7 WHERE customer = %s", [noor])
    world.owner.execute("UPDATE vault.person SET shop = 8 WHERE customer = %s", [salma])
    asked = ask(world, session=world.session("analyst", [7]))
    assert [one.customer for one in facts.take(asked)] == [noor]


def test_who_is_judged_again_at_the_taking_is_judged_with_the_limit_to_shops(world: World) -> None:
    noor = somebody(world, 1, FIT, EMAILS, **FEMALE)
    world.owner.execute("UPDATE vault.person SET shop = 7")
    asked = ask(world, session=world.session("analyst", [7]))
    world.owner.execute("UPDATE vault.person SET shop = 8")
    service = world.session("service")
    task = actions.plan(
        session=service, kind="conversation", purpose="service", people=[noor], ref="conversation:1"
    )
    actions.decide_for(
        session=service, task=task, purpose="marketing", channel="email", kind="withdrawn", language="ar"
    )
    assert (asked.people, facts.take(asked)) == (1, [])
