"""The audit: a sound record is silent, and each thing altered behind its back is named."""

import pytest

from amana.gate import actions, forgetting, queries
from amana.gate.values import Decision
from amana.kernel.ids import CustomerId
from tests.gate import raw
from tests.world import EMAILS, Connection, World

NOOR = "noor@mail.example"


@pytest.fixture
def noor(world: World) -> CustomerId:
    """Return a shopper who agreed, was written to, was looked up, and was restricted once."""
    noor = world.shopper(NOOR, EMAILS)
    world.opt_out_link(noor)
    other = world.shopper("maha@mail.example", EMAILS)
    world.opt_out_link(noor, other)
    task = actions.plan(
        session=world.session("service"),
        kind="conversation",
        purpose="service",
        people=[other],
        ref="conversation:1",
    )
    kinds: tuple[Decision, ...] = ("withdrawn", "objected", "restricted")
    for kind in kinds:
        actions.decide_for(
            session=world.session("service"),
            task=task,
            purpose="marketing",
            channel="email",
            kind=kind,
            language="ar",
        )
    for address in (NOOR, "nobody@mail.example"):
        queries.find(session=world.session("service"), purpose="service", field="email", value=address)
    world.owner.execute("SELECT gate.fold(100)")
    assert queries.audit() == []
    return noor


@pytest.fixture
def alter(superuser_connection: Connection) -> Connection:
    """Return a connection past every trigger and constraint, as somebody at the server would have."""
    superuser_connection.execute("SET session_replication_role = replica")
    return superuser_connection


def problems() -> list[str]:
    """Return what the audit finds, by name."""
    return sorted({finding.problem for finding in queries.audit()})


ALTERED = {
    "UPDATE consent.decision SET at = at - interval '1 day' WHERE kind = 'withdrawn'": ["decision_altered"],
    "UPDATE consent.decision SET kind = 'given' WHERE kind = 'withdrawn'": ["decision_altered"],
    "UPDATE consent.decision SET policy = policy + 1 WHERE kind = 'address_confirmed'": ["decision_altered"],
    "UPDATE consent.decision SET actor = 'customer:form' WHERE kind = 'objected'": ["decision_altered"],
    "DELETE FROM consent.decision WHERE kind = 'withdrawn'": ["row_missing"],
    "DELETE FROM consent.decision WHERE kind = 'objected'": ["row_missing", "standing_without_decision"],
    "DELETE FROM consent.decision WHERE kind = 'restricted'": ["restriction_without_decision", "row_missing"],
    "UPDATE consent.standing SET given = true WHERE objected": ["standing_altered"],
    "UPDATE consent.standing SET objected = false WHERE objected": ["standing_altered"],
    "UPDATE consent.standing SET given = false WHERE given": ["standing_altered"],
    "DELETE FROM consent.standing WHERE objected": ["standing_missing"],
    "DELETE FROM consent.restriction": ["restriction_altered"],
    "UPDATE consent.address SET value = value + 1": ["address_altered"],
    "UPDATE consent.address SET superseded_at = now()": ["address_altered"],
    "UPDATE consent.wording SET text = 'Anything you like'": ["wording_altered"],
    "UPDATE vault.value SET ciphertext = ciphertext || '\\x00'": ["value_altered"],
    "UPDATE vault.value SET at = at + interval '1 year'": ["value_altered"],
    "UPDATE vault.fact SET value = '1970' WHERE field = policy.term_id('field', 'birth_year')": [
        "fact_altered"
    ],
    "UPDATE vault.person SET jurisdiction = policy.term_id('jurisdiction', 'SA')": ["admission_altered"],
    "UPDATE vault.person SET shop = 7": ["admission_altered"],
    "UPDATE vault.person SET manifest = manifest || '\\x00'": ["admission_altered"],
    "UPDATE uses.call SET people = people + 1 WHERE channel <> 0": ["call_altered", "uses_missing"],
    "UPDATE uses.call SET staff = 1, role = role + 1": ["call_altered"],
    "UPDATE uses.call SET fields = '{}' WHERE channel <> 0": ["call_altered"],
    "UPDATE uses.call SET refused = '{\"objected\": 9}'": ["call_altered"],
    "DELETE FROM uses.use WHERE ctid = (SELECT min(u.ctid) FROM uses.use u)": ["uses_missing"],
    "DELETE FROM uses.use": ["uses_missing"],
    "DELETE FROM uses.call WHERE id = (SELECT max(id) FROM uses.call)": ["row_missing", "use_without_call"],
    "UPDATE uses.use SET decision = decision + 1": ["use_without_consent", "uses_missing"],
    "UPDATE uses.use SET person = NULL, commitment = sha256('')": ["uses_missing"],
    "UPDATE uses.call SET root = NULL": ["call_unrecorded"],
    "UPDATE uses.looked_up SET role = role + 1 WHERE person > 0": ["look_up_altered"],
    "UPDATE uses.looked_up SET person = 0": ["look_up_altered"],
    "UPDATE uses.looked_up SET at = at + interval '1 day' WHERE person = 0": ["look_up_altered"],
    "DELETE FROM uses.looked_up WHERE person > 0": ["row_missing"],
    "DELETE FROM uses.looked_up WHERE person = 0": ["row_missing"],
    "WITH gone AS (DELETE FROM uses.looked_up RETURNING entry)"
    " INSERT INTO uses.blanked SELECT entry, gen_random_uuid() FROM gone": ["row_missing"],
    "UPDATE uses.task SET ref = 'campaign:2' WHERE ref = 'campaign:1'": ["call_altered"],
    "UPDATE uses.task SET kind = policy.term_id('task', 'answer') WHERE ref = 'campaign:1'": ["call_altered"],
    "UPDATE uses.task SET purpose = purpose + 1 WHERE ref = 'campaign:1'": ["call_altered"],
    "UPDATE uses.task SET people = people || 1::bigint WHERE ref = 'campaign:1'": ["call_altered"],
    "UPDATE uses.task SET planned_by = planned_by + 1 WHERE ref = 'campaign:1'": ["call_altered"],
    "UPDATE uses.task SET staff = NULL, role = role + 1 WHERE ref = 'campaign:1'": ["call_altered"],
    "UPDATE uses.task SET shops = '{1}' WHERE ref = 'campaign:1'": ["call_altered"],
    "UPDATE uses.task SET planned_at = planned_at - interval '1 day'": ["call_altered"],
    "UPDATE uses.task SET expires_at = expires_at + interval '1 day'": ["call_altered"],
    "UPDATE uses.task SET wish = 1": ["call_altered"],
    "DELETE FROM uses.task": ["call_altered"],
}


@pytest.mark.parametrize("statement", ALTERED)
def test_what_was_altered_is_named(noor: CustomerId, alter: Connection, statement: str) -> None:
    alter.execute(statement)
    found = problems()
    assert [problem for problem in ALTERED[statement] if problem not in found] == []


def test_a_deleted_decision_is_missed_once_it_is_sequenced_too(
    noor: CustomerId, alter: Connection, sequencer_connection: Connection
) -> None:
    sequencer_connection.execute("SELECT ledger.sequence(10000)")
    assert problems() == []
    alter.execute("DELETE FROM consent.decision WHERE kind = 'given'")
    assert "row_missing" in problems()


def test_the_call_of_an_altered_task_is_named_and_no_other(noor: CustomerId, alter: Connection) -> None:
    newest = "SELECT c.task, c.entry FROM uses.call c ORDER BY c.id DESC LIMIT 1"
    task, entry = next(iter(alter.execute(newest)))
    alter.execute("UPDATE uses.task SET people = people[1:1] WHERE id = %s", [task])
    assert [(finding.problem, finding.entry) for finding in queries.audit()] == [("call_altered", entry)]


def test_what_is_spent_of_a_task_alters_nothing(noor: CustomerId, alter: Connection) -> None:
    alter.execute("UPDATE uses.task SET opens_left = 0, confirmed_at = ledger.now(), confirmed_by = 1")
    assert queries.audit() == []


def test_a_use_moved_to_another_person_is_named(noor: CustomerId, alter: Connection) -> None:
    alter.execute("UPDATE uses.use SET person = (SELECT max(id) FROM vault.person) WHERE person = (SELECT min(id) FROM"
                  " vault.person)")  # fmt: skip
    assert "uses_missing" in problems()


def test_a_forged_use_without_consent_is_named(world: World, noor: CustomerId, alter: Connection) -> None:
    stranger = world.shopper("huda@mail.example")
    alter.execute(
        "INSERT INTO uses.use SELECT c.id, p.id, 0 FROM uses.call c, vault.person p WHERE p.customer = %s"
        " AND c.purpose = policy.term_id('purpose', 'marketing') ORDER BY c.id DESC LIMIT 1",
        [stranger],
    )
    assert problems() == ["use_without_consent", "uses_missing"]


def test_a_consent_made_up_beside_the_ledger_is_named(noor: CustomerId, alter: Connection) -> None:
    alter.execute(
        "INSERT INTO consent.decision (entry, person, purpose, channel, kind, at, xid, policy, language, source, actor)"
        " SELECT gen_random_uuid(), person, purpose, channel, 'given', at, xid, policy, language, source, actor"
        " FROM consent.decision WHERE kind = 'objected'"
    )
    assert problems() == ["decision_altered", "standing_altered"]


def test_an_erasure_leaves_the_record_sound(world: World, noor: CustomerId, alter: Connection) -> None:
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="rights", people=[noor], ref="request:1"
    )
    link = actions.open(
        session=world.session("system"), purpose="rights", channel="email", fields=["email"], task=task, links=["erase"]
    ).people[0].links["erase"]  # fmt: skip
    actions.confirm_request(link)
    assert forgetting.forget(session=world.session("service"), task=task).verdict == "sound"
    assert (queries.audit(), raw.count(world, "uses.erasure")) == ([], 1)
    alter.execute("UPDATE uses.erasure SET verdict = 'sound, really'")
    assert problems() == ["erased_after_unsound_record", "erasure_altered"]


def test_erasing_after_an_illicit_use_says_so(world: World, noor: CustomerId, alter: Connection) -> None:
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="rights", people=[noor], ref="request:1"
    )
    link = actions.open(
        session=world.session("system"), purpose="rights", channel="email", fields=["email"], task=task, links=["erase"]
    ).people[0].links["erase"]  # fmt: skip
    actions.confirm_request(link)
    alter.execute("UPDATE consent.decision SET at = at - interval '1 day' WHERE kind = 'given'")
    verdict = forgetting.forget(session=world.session("service"), task=task).verdict
    assert (verdict.endswith("decision_altered"), "erased_after_unsound_record" in problems()) == (True, True)
