"""Publishing: one transaction, by the publisher's login; a bad policy never replaces the running one."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from amana.kernel.refusal import Refusal
from amana.policy import actions, commands, diff, parsing, queries, rules
from amana.policy.problems import PolicyInvalid
from tests.database import Connection
from tests.policy.conftest import REDTAG
from tests.policy.test_diff import CASES

Change = Callable[..., str]
Publish = Callable[[str], int]
PUBLISH = "SELECT policy.publish(%s::text, %s::bytea, %s::jsonb, %s::text)"


def raw(text: str, compiled: dict[str, Any] | None = None, digest: bytes | None = None) -> tuple[Any, ...]:
    """Return the arguments of the function itself, past everything Python checks."""
    compiled = compiled or rules.rules(parsing.parse(text))
    return text, digest or hashlib.sha256(text.encode()).digest(), Jsonb(compiled), "test"


def test_publishes_and_runs(published: int, text: str) -> None:
    current = queries.current()
    assert (published, current.version.number, current.text) == (1, 1, text)
    assert current.version.hash == hashlib.sha256(text.encode()).digest()
    assert current.policy == parsing.parse(text)


def test_publication_is_in_the_ledger(published: int, owner_connection: Connection, text: str) -> None:
    entry = queries.current().version.entry
    rows = owner_connection.execute(
        "SELECT person, payload::jsonb FROM ledger.opening WHERE entry = %s", [entry]
    )
    [(person, payload)] = rows.fetchall()
    digest = hashlib.sha256(text.encode()).hexdigest()
    told = {
        "actor": "test",
        "hash": digest,
        "previous": None,
        "version": 1,
        "rules_hash": payload["rules_hash"],
    }
    assert (person, payload) == (0, told)


def test_rules_in_force_are_those_of_the_text(published: int, app_connection: Connection, text: str) -> None:
    row = app_connection.execute("SELECT policy.rules_of(1)").fetchone()
    assert row == (rules.enforced(parsing.parse(text)),)
    queries.refuse_start()


def test_altered_rules_are_noticed(published: int, owner_connection: Connection) -> None:
    queries.refuse_altered()
    owner_connection.execute("UPDATE policy.purpose SET min_age = 12 WHERE min_age = 18")
    with pytest.raises(Refusal, match="policy_rules_altered"):
        queries.refuse_altered()


def test_terms_keep_their_numbers(
    published: int, publish: Publish, change: Change, app_connection: Connection
) -> None:
    before = app_connection.execute("SELECT * FROM policy.terms()").fetchall()
    publish(change(("value: 30", "value: 20"), within="\njurisdictions:"))
    assert app_connection.execute("SELECT * FROM policy.terms()").fetchall() == before


def test_y1_every_version_stays(publish: Publish, text: str, change: Change) -> None:
    other = change(("value: 30", "value: 20"), within="\njurisdictions:")
    assert [publish(text), publish(other), publish(text)] == [1, 2, 3]
    assert [version.number for version in queries.versions()] == [1, 2, 3]
    assert [queries.get_published(number).text for number in (1, 2, 3)] == [text, other, text]
    assert queries.current().version.number == 3


@pytest.mark.attack
@pytest.mark.parametrize("login", ["amana_app", "amana_sequencer"])
def test_no_other_login_publishes(text: str, connect: Callable[[str], Connection], login: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect(login).execute(PUBLISH, raw(text))
    assert queries.find_version() is None


@pytest.mark.attack
@pytest.mark.parametrize("login", ["amana_app", "amana_publisher"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy.running SET version = 1",
        "UPDATE policy.version SET yaml = ''",
        "DELETE FROM policy.purpose_role",
        "INSERT INTO policy.term (kind, name) VALUES ('role', 'king')",
        "SELECT policy.fill(1, '{}')",
        "SELECT policy.allocate_terms('{}')",
        "SELECT policy.carry_consent(1, 1)",
        "TRUNCATE policy.running",
    ],
)
def test_rules_are_out_of_reach(
    published: int, connect: Callable[[str], Connection], login: str, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect(login).execute(statement)


def test_same_text_twice_is_refused(published: int, publish: Publish, text: str) -> None:
    with pytest.raises(Refusal, match="policy_unchanged"):
        publish(text)


def test_publishing_over_an_unread_version_is_refused(
    published: int, publisher_connection: Connection, change: Change
) -> None:
    other = change(("value: 30", "value: 20"), within="\njurisdictions:")
    with pytest.raises(Refusal, match="policy_moved_on"):
        actions.publish(text=other, connection=publisher_connection, actor="test", against=0)
    assert queries.current().version.number == 1


def test_bad_policy_never_replaces_the_running_one(published: int, publish: Publish, change: Change) -> None:
    with pytest.raises(PolicyInvalid):
        publish(change(("roles: [system]", "roles: []")))
    assert [version.number for version in queries.versions()] == [1]


def spoil(compiled: dict[str, Any], purpose: str, **values: Any) -> dict[str, Any]:
    compiled["purposes"][purpose].update(values)
    return compiled


@pytest.mark.attack
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"roles": []}, "policy_incomplete"),
        ({"fields": []}, "policy_incomplete"),
        ({"basis": {}}, "policy_incomplete"),
        ({"basis": {"AE": "legitimate_interest"}}, "policy_basis_unlawful"),
        ({"basis": {"EU": "contract"}}, "policy_promotion_without_consent"),
        ({"surprise": True}, "policy_rules_malformed"),
    ],
)
def test_the_database_checks_for_itself(
    text: str, publisher_connection: Connection, values: dict[str, Any], code: str
) -> None:
    compiled = spoil(rules.rules(parsing.parse(text)), "marketing", **values)
    with pytest.raises(psycopg.DatabaseError) as caught:
        publisher_connection.execute(PUBLISH, raw(text, compiled))
    assert (caught.value.sqlstate, caught.value.diag.message_primary) == ("AM001", code)
    assert queries.find_version() is None


@pytest.mark.parametrize(
    "values",
    [{"roles": ["king"]}, {"fields": ["soul"]}, {"default_off": False}, {"min_age": 0}, {"retention": "P0D"}],
)
def test_the_tables_refuse_what_cannot_be(
    text: str, publisher_connection: Connection, values: dict[str, Any]
) -> None:
    compiled = spoil(rules.rules(parsing.parse(text)), "marketing", **values)
    with pytest.raises(psycopg.errors.IntegrityError):
        publisher_connection.execute(PUBLISH, raw(text, compiled))
    assert queries.find_version() is None


@pytest.mark.attack
def test_hash_is_the_texts(text: str, publisher_connection: Connection) -> None:
    with pytest.raises(psycopg.DatabaseError) as caught:
        publisher_connection.execute(PUBLISH, raw(text, digest=bytes(32)))
    assert caught.value.diag.message_primary == "policy_hash_wrong"


def test_y1_python_and_the_database_agree_on_whom_to_ask_again(
    published: int, publish: Publish, text: str, change: Change
) -> None:
    for within, old, new, field, _, again in CASES:
        other = change((old, new), within=within)
        assert (field, queries.asked_again(publish(other))) == (field, again)
        back = diff.asked_again(parsing.parse(other), parsing.parse(text))
        assert (field, queries.asked_again(publish(text))) == (field, back)


def test_y1_consent_of_a_purpose_that_came_back_starts_anew(
    publish: Publish, text: str, owner_connection: Connection
) -> None:
    start, end = text.index("  draws:\n"), text.index("  service:\n    clause")
    without = (text[:start] + text[end:]).replace("U6, U7]", "U6]")
    for version in (text, without, text):
        publish(version)
    rows = owner_connection.execute(
        "SELECT p.version, p.consent_since FROM policy.purpose p"
        " WHERE p.purpose = policy.term_id('purpose', 'draws') ORDER BY 1"
    )
    assert rows.fetchall() == [(1, 1), (3, 3)]


def test_commands_check(tmp_path: Path, change: Change) -> None:
    assert commands.check(REDTAG / "policy.yaml").ok
    bad = tmp_path / "bad.yaml"
    bad.write_text(change(("roles: [system]", "roles: []")), "utf-8")
    report = commands.check(bad)
    assert not report.ok
    assert report.text.split("\n")[0].split(": ")[1] == "purposes.content.roles"


def test_commands_compare_and_publish(
    tmp_path: Path, publisher_connection: Connection, change: Change
) -> None:
    first = commands.publish(REDTAG / "policy.yaml", connection=publisher_connection, actor="test")
    wider = tmp_path / "wider.yaml"
    wider.write_text(
        change(
            ("roles: [system]", "roles: [system, analyst]"),
            ("retention: P1Y", "retention: P2Y"),
            within="\npurposes:",
        ),
        "utf-8",
    )
    second = commands.compare(wider, connection=publisher_connection, people={"content": 41})
    assert (first.ok, second.ok) == (True, True)
    assert second.text.split("\n")[3:] == [
        "▲ purposes.content.roles.analyst (أوسع / wider)",
        "▲ purposes.content.retention (أوسع / wider)",
        "    − P1Y",
        "    + P2Y",
        "",
        "يُسأل من جديد، قبل أن يبدأ الاستخدام الأوسع، كل من وافق على:",
        "Asked again before the wider use begins, everyone who agreed to:",
        "  • content: محتوى يناسبك | Content that suits you · 41",
    ]
    third = commands.publish(wider, connection=publisher_connection, actor="test")
    assert third.text.split("\n")[-1] == "Version 2 of the policy is in force."
