"""Attack 4: make things up, or ask often enough, with nothing but the application's login."""

import os
from typing import Any

import pytest

from amana.gate import actions
from amana.kernel import ids
from amana.kernel.refusal import Refusal
from tests.gate import raw
from tests.world import EMAILS, Connection, World

pytestmark = pytest.mark.attack
DENIED = "42501"  # insufficient_privilege
TABLES = [
    "consent.decision",
    "consent.standing",
    "consent.address",
    "consent.restriction",
    "consent.wording",
    "consent.wish",
    "vault.person",
    "vault.key",
    "vault.value",
    "vault.fact",
    "vault.blind",
    "vault.token",
    "vault.forgotten",
    "uses.task",
    "uses.call",
    "uses.use",
    "uses.looked_up",
    "uses.dropped_month",
    "uses.journal",
    "uses.link_key",
    "uses.blanked",
    "uses.erasure",
    "uses.suppression",
    "ledger.nonce",
    "ledger.opening",
    "ledger.pending",
    "ledger.entry",
    "policy.version",
    "policy.running",
    "retailer.staff",
    "retailer.session",
    "retailer.secret",
]


def test_tables_are_neither_read_nor_written(app_connection: Connection) -> None:
    tried = [
        "SELECT count(*) FROM {}", "SELECT FROM {} FOR UPDATE", "INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}",
        "TRUNCATE {}", "COPY {} TO STDOUT", "DO $$ BEGIN LOCK TABLE {}; END $$", "CREATE VIEW mine AS SELECT * FROM {}",
    ]  # fmt: skip
    said = {
        statement.format(table): raw.refusal(raw.run(app_connection, statement.format(table)))
        for table in TABLES
        for statement in tried
    }
    assert {statement: code for statement, code in said.items() if code != DENIED} == {}


OUT_OF_REACH = [
    "SELECT consent.decide(1, 1::smallint, 1::smallint, 'given', 1, NULL, 'ar', 1::smallint, 'customer:form')",
    "SELECT gate.withdraw(1, 1::smallint, 1::smallint, 1::smallint, 'withdrawn', 'ar', 'service', 'staff:1')",
    "SELECT gate.judge('{1}', 1, 1::smallint, 1::smallint, 1::smallint, NULL, '2000-01-01')",
    "SELECT gate.plan_for(1, 'message', 'confirmation', 'confirm:1', 9::smallint, NULL)",
    "SELECT gate.keep_task(NULL)",
    "SELECT gate.link_key()",
    "SELECT gate.sign_link(NULL, '')",
    "SELECT gate.links_of(NULL, '{1}')",
    "SELECT gate.share_people(NULL)",
    "SELECT gate.forget_people('{1}', 0, 1, 'sound', '{}')",
    "SELECT gate.forget_again('{}', 1, '', '{}')",
    "SELECT gate.narrow_again('{}', '{}', '{}', '{}', '{}')",
    "SELECT gate.suppress_again('{}', '{}')",
    "SELECT gate.suppress_person(1, 1::smallint, 'bounced')",
    "SELECT * FROM gate.take_unkept(10)",
    "SELECT gate.lock_kept()",
    "SELECT gate.note_kept(10)",
    "SELECT gate.unknown_decisions('{}')",
    "SELECT gate.rewrap('{1}', '{}', '{}', 1, 2)",
    "SELECT * FROM gate.keys_of_epoch(1, 10)",
    "SELECT ledger.record('consent.given', 1, '{}')",
    "SELECT ledger.enter(gen_random_uuid(), 'consent.given', sha256(''), NULL)",
    "SELECT ledger.blinding(0, gen_random_uuid())",
    "SELECT * FROM ledger.nonce_of(0)",
    "SELECT policy.publish('x', sha256('x'), '{}', 'me', 0)",
    "SELECT policy.fill(1, '{}')",
    "SELECT retailer.open_system_session()",
    "SELECT * FROM retailer.open_session('staff', 1, interval '1 year')",
    "SELECT * FROM retailer.session_of('x')",
    "SELECT ledger.sequence(10)",
    "SET ROLE amana_definer",
    "SET ROLE amana_owner",
    "SET SESSION AUTHORIZATION amana_owner",
    "SET session_replication_role = replica",
    "CREATE TEMP TABLE decision (id bigint)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''2000-01-01''::timestamptz'",
    "CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''2000-01-01''::timestamptz'",
    "CREATE OR REPLACE FUNCTION gate.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''2000-01-01''::timestamptz'",
    "CREATE OPERATOR public.<= (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = timestamptz_le)",
    "ALTER FUNCTION gate.ask SECURITY INVOKER",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT lo_import('/etc/passwd')",
]


def test_inner_functions_and_other_roles_are_out_of_reach(app_connection: Connection) -> None:
    said = {statement: raw.refusal(raw.run(app_connection, statement)) for statement in OUT_OF_REACH}
    assert {statement: code for statement, code in said.items() if code != DENIED} == {}


def test_a_search_path_of_ones_own_changes_nothing(world: World, app_connection: Connection) -> None:
    noor = world.shopper("noor@mail.example")
    app_connection.execute("SET search_path = public, pg_temp, consent, vault")
    asked = raw.ask(app_connection, world.session("system"), raw.plan(world, noor))
    assert (asked.people, asked.refused) == (0, {"no_consent": None})


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("standard_conforming_strings", "off"),
        ("transform_null_equals", "on"),
        ("escape_string_warning", "off"),
    ],
)
def test_settings_do_not_change_how_functions_read_themselves(
    world: World, app_connection: Connection, setting: str, value: str
) -> None:
    app_connection.execute(f"SET {setting} = {value}")
    # Read without its backslash, the check of an event lets a quote through, and the leaf is no JSON any more.
    assert raw.refusal(raw.run(app_connection, "SELECT ledger.note('gate\"opened', '{}')")) == "P0001"
    noor = world.shopper("noor@mail.example", EMAILS)
    assert raw.ask(app_connection, world.session("system"), raw.plan(world, noor)).people == 1


def test_traces_of_the_functions_are_not_sent_to_the_caller(world: World, app_connection: Connection) -> None:
    token = world.opt_out_link(world.shopper("noor@mail.example", EMAILS)).popitem()[1]
    said: list[str | None] = []
    app_connection.execute("SET client_min_messages = log")
    app_connection.execute("SET debug_print_plan = on")
    app_connection.add_notice_handler(lambda notice: said.append(notice.message_primary))
    app_connection.execute("SELECT * FROM gate.look_at_link(%s, 0, NULL)", [token])
    # The plan of the caller's own statement, and none of those inside.
    assert said == ["plan:"]


def test_nobody_opens_in_the_name_of_another(world: World, app_connection: Connection) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    task = raw.plan(world, noor)
    colleague, service = world.session("marketing", name="colleague"), world.session("service")
    assert raw.refusal(lambda: raw.ask(app_connection, colleague, task)) == "task_of_another"
    assert raw.refusal(lambda: raw.ask(app_connection, service, task)) == "role_refused"
    assert raw.refusal(lambda: raw.ask(app_connection, "made up", task)) == "session_unknown"
    assert raw.refusal(lambda: raw.ask(app_connection, "", task)) == "session_unknown"
    auditor = world.session("administrator")
    assert raw.refusal(lambda: raw.ask(app_connection, auditor, task)) == "role_refused"
    hold = raw.ask(app_connection, world.session("system"), task)
    raw.take(app_connection, hold.ticket)
    assert raw.refusal(lambda: raw.hold(app_connection, hold.call, colleague)) == "ticket_unknown"


def test_a_task_serves_once_and_only_its_own_purpose(world: World, app_connection: Connection) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    task, system = raw.plan(world, noor), world.session("system")
    assert raw.refusal(lambda: raw.ask(app_connection, system, task, purpose="feedback")) == "task_unknown"
    assert raw.ask(app_connection, system, task).people == 1
    assert raw.refusal(lambda: raw.ask(app_connection, system, task)) == "task_spent"


UNLISTED: list[tuple[dict[str, Any], str]] = [
    ({"purpose": "made_up"}, "purpose_undeclared"),
    ({"channel": "pigeon"}, "channel_undeclared"),
    ({"purpose": "draws", "channel": "push"}, "channel_undeclared"),
    ({"recipient": "broker"}, "recipient_undeclared"),
    ({"fields": ["opinion"]}, "field_undeclared"),
    ({"fields": ["shoe_size"]}, "field_undeclared"),
    ({"fields": ["mobile"]}, "address_needs_channel"),
    ({"channel": None}, "address_needs_channel"),
    ({"channel": "push"}, "address_needs_channel"),
    ({"links": ["confirm"]}, "link_undeclared"),
    ({"links": ["opt_in"]}, "link_undeclared"),
    ({"links": ["erase"]}, "link_undeclared"),
    ({"links": ["made_up"]}, "link_undeclared"),
]


def test_what_the_policy_does_not_list_is_refused(world: World, app_connection: Connection) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    task, system = raw.plan(world, noor), world.session("system")
    for changes, code in UNLISTED:
        assert raw.refusal(lambda: raw.ask(app_connection, system, task, **changes)) == code, changes  # noqa: B023
    assert raw.used(world) == (0, 0)


def test_ten_thousand_tries_without_a_task_open_nobody(world: World, app_connection: Connection) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    own = raw.plan(world, noor)
    colleague = world.session("marketing", name="colleague")
    app_connection.execute("SELECT set_config('attack.token', %s, false)", [colleague])
    said: list[str | None] = []
    app_connection.add_notice_handler(lambda notice: said.append(notice.message_primary))
    app_connection.execute(
        """DO $$ DECLARE counts jsonb := '{}'; BEGIN
            FOR task IN 1..10000 LOOP
                BEGIN
                    PERFORM gate.ask(current_setting('attack.token'), 'marketing', 'email', '{email}', '{}', task,
                        'controller', 0, NULL);
                    counts := jsonb_set(counts, '{opened}', '1');
                EXCEPTION WHEN SQLSTATE 'AM001' THEN
                    counts := jsonb_set(counts, ARRAY[SQLERRM], to_jsonb(coalesce((counts ->> SQLERRM)::int, 0) + 1));
                END;
            END LOOP;
            RAISE NOTICE '%', counts;
        END $$"""
    )
    assert said == ['{"task_unknown": 9999, "task_of_another": 1}']
    assert (raw.used(world), own > 0) == ((0, 0), True)


def test_nobody_plans_for_made_up_or_other_shops_people(world: World) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    made_up = ids.new()
    for people in ([made_up], [noor, made_up], [noor, noor], []):
        with pytest.raises(Refusal, match="person_unknown"):
            raw.plan(world, *people)


def test_links_are_not_made_by_hand(world: World, app_connection: Connection) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    token = world.opt_out_link(noor)[noor]
    forged = {
        "changed": ("p" if token[0] != "p" else "o") + token[1:],
        "cut": token[:-1],
        "long": token + "A",
        "random": os.urandom(50).hex()[:66],
        "empty": "",
        "unsigned": token[:44] + "A" * 22,
    }
    head = (0, None)
    for name, made in forged.items():
        for verb in ("confirm", "opt_out"):
            act = raw.run(app_connection, f"SELECT gate.{verb}(%s, 'ar', %s, %s)", made, *head)
            assert raw.refusal(act) == "link_invalid", name
    for verb in ("opt_in", "confirm_request", "standing_of_link", "uses_of_link"):
        act = raw.run(app_connection, f"SELECT gate.{verb}(%s, %s, %s)", token, *head)
        assert raw.refusal(act) == "link_wrong_scope", verb
    assert raw.refusal(raw.run(app_connection, "SELECT gate.confirm(%s, 'ar', %s, %s)", token, *head)) == (
        "link_wrong_scope"
    )


def test_a_consent_is_given_by_nobody_but_its_person(world: World) -> None:
    noor = world.shopper("noor@mail.example")
    task = actions.plan(
        session=world.session("service"),
        kind="conversation",
        purpose="service",
        people=[noor],
        ref="conversation:1",
    )
    with pytest.raises(Refusal, match="decision_refused"):
        actions.decide_for(
            session=world.session("service"), task=task, purpose="marketing", channel="email",
            kind="given", language="ar",  # type: ignore[arg-type]
        )  # fmt: skip
    with pytest.raises(Refusal, match="event_reserved"):
        actions.note(customer=noor, event="consent.given", payload="{}")
