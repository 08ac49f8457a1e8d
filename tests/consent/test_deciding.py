"""Decisions are appended, and what stands follows from them alone."""

import random
from collections.abc import Callable

import pytest

from tests.database import Connection

KINDS = ("given", "withdrawn", "objected", "objection_lifted")


@pytest.fixture
def decide(owner_connection: Connection) -> Callable[[str], int]:
    """Return a function that appends one decision of person 1, as a function of the gate would."""
    owner_connection.execute("SET ROLE amana_definer")
    owner_connection.execute("SELECT ledger.new_person(1)")

    def append(kind: str) -> int:
        row = owner_connection.execute(
            "SELECT consent.decide(1, 1::smallint, 1::smallint, %s, 1, NULL, 'ar', 1::smallint, 'customer:form')",
            [kind],
        ).fetchone()
        assert row is not None
        return int(row[0])

    return append


def stands(connection: Connection) -> tuple[bool, bool] | None:
    """Return whether consent stands given, and whether an objection stands."""
    row = connection.execute("SELECT given, objected FROM consent.standing WHERE person = 1").fetchone()
    return None if row is None else (row[0], row[1])


def expected(kinds: list[str]) -> tuple[bool, bool]:
    """The rule in words: a lifted objection gives nothing back that was not given since; withdrawing lifts none."""
    given = objected = False
    for kind in kinds:
        given = kind == "given" or (kind == "objection_lifted" and given)
        objected = kind == "objected" or (kind == "withdrawn" and objected)
    return given, objected


@pytest.mark.parametrize("seed", range(20))
def test_what_stands_follows_from_the_decisions(
    decide: Callable[[str], int], owner_connection: Connection, seed: int
) -> None:
    kinds = random.Random(seed).choices(KINDS, k=6)
    made = [decide(kind) for kind in kinds]
    assert (stands(owner_connection), made) == (expected(kinds), sorted(made))


def test_a_restriction_stands_until_it_is_lifted(
    decide: Callable[[str], int], owner_connection: Connection
) -> None:
    found = []
    for kind in ("restricted", "restricted", "restriction_lifted"):
        decide(kind)
        found.append(owner_connection.execute("SELECT count(*) FROM consent.restriction").fetchone())
    assert (found, stands(owner_connection)) == ([(1,), (1,), (0,)], None)


def test_each_decision_is_committed_to(decide: Callable[[str], int], owner_connection: Connection) -> None:
    decide("given")
    owner_connection.execute("RESET ROLE")
    same = owner_connection.execute(
        "SELECT position(encode(ledger.commit_to(1, d.entry, consent.payload(d)), 'hex')"
        " IN convert_from(p.leaf, 'UTF8')) > 0, p.event FROM consent.decision d JOIN ledger.pending p ON p.id = d.entry"
    ).fetchall()
    assert same == [(True, "consent.given")]


def test_decisions_are_neither_changed_nor_made_up(
    decide: Callable[[str], int], owner_connection: Connection
) -> None:
    decide("given")
    for statement in (
        "UPDATE consent.decision SET kind = 'withdrawn'",
        "UPDATE consent.wording SET text = 'x'",
        "DELETE FROM consent.wording",
    ):
        with pytest.raises(Exception, match="permission denied"):
            owner_connection.execute(statement)
    with pytest.raises(Exception, match="decision_kind_check"):
        decide("guessed")


def test_forgetting_leaves_nothing_and_names_the_entries(
    decide: Callable[[str], int], owner_connection: Connection
) -> None:
    for kind in ("given", "restricted", "withdrawn"):
        decide(kind)
    row = owner_connection.execute("SELECT consent.forget(1)").fetchone()
    left = owner_connection.execute(
        "SELECT (SELECT count(*) FROM consent.decision) + (SELECT count(*) FROM consent.standing)"
        " + (SELECT count(*) FROM consent.restriction)"
    ).fetchone()
    assert row is not None
    assert (len(row[0]), left) == (3, (0,))
