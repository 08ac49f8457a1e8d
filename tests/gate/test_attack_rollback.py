"""Attack 1: see the data and leave no trace, by rolling the asking back."""

import json
from collections.abc import Callable

import psycopg
import pytest

from amana.gate import calls
from tests.gate import raw
from tests.world import EMAILS, Connection, World

pytestmark = pytest.mark.attack


@pytest.fixture
def planned(world: World) -> int:
    """Return a task that needs three shoppers who agreed and two who did not."""
    people = [world.shopper(f"{n}@mail.example", *([EMAILS] if n < 3 else [])) for n in range(5)]
    return raw.plan(world, *people)


def leaf_count(world: World, call: int) -> int:
    """Return the count of people that the public leaf of a call prints."""
    world.owner.execute("SELECT gate.fold(100)")
    row = world.owner.execute(
        "SELECT convert_from(p.leaf, 'UTF8') FROM ledger.pending p JOIN uses.call c ON c.entry = p.id WHERE c.id = %s",
        [call],
    ).fetchone()
    assert row is not None
    return int(json.loads(row[0])["extra"]["count"])


def test_asked_and_taken_in_one_transaction(world: World, app_connection: Connection, planned: int) -> None:
    received = []
    with app_connection.transaction(force_rollback=True):
        asked = raw.ask(app_connection, world.session("system"), planned)
        with pytest.raises(psycopg.Error, match="ticket_uncommitted"):
            received += raw.take(app_connection, asked.ticket)
    assert received == []
    assert raw.used(world) == (0, 0)
    assert raw.refusal(lambda: raw.take(app_connection, asked.ticket)) == "ticket_unknown"


@pytest.mark.parametrize("end", ["RELEASE SAVEPOINT s", "ROLLBACK TO SAVEPOINT s"])
def test_asked_in_a_savepoint(world: World, app_connection: Connection, planned: int, end: str) -> None:
    app_connection.execute("BEGIN")
    app_connection.execute("SAVEPOINT s")
    asked = raw.ask(app_connection, world.session("system"), planned)
    app_connection.execute(end)
    expected = "ticket_uncommitted" if end.startswith("RELEASE") else "ticket_unknown"
    assert raw.refusal(lambda: raw.take(app_connection, asked.ticket)) == expected
    app_connection.execute("ROLLBACK")
    assert raw.refusal(lambda: raw.take(app_connection, asked.ticket)) == "ticket_unknown"
    assert raw.used(world) == (0, 0)


def test_asked_in_a_block_that_catches_its_own_error(
    world: World, app_connection: Connection, planned: int
) -> None:
    app_connection.execute("SELECT set_config('attack.token', %s, false)", [world.session("system")])
    said = []
    app_connection.add_notice_handler(lambda notice: said.append(notice.message_primary))
    app_connection.execute(
        f"""DO $$ DECLARE got record; rows bigint; BEGIN
            BEGIN
                SELECT * INTO got FROM gate.ask(current_setting('attack.token'), 'marketing', 'email', '{{email}}',
                    '{{}}', {planned}, 'controller', 0, NULL);
                PERFORM set_config('attack.ticket', got.ticket, false);
                RAISE division_by_zero;
            EXCEPTION WHEN division_by_zero THEN NULL; END;
            BEGIN
                SELECT count(*) INTO rows FROM gate.take(got.ticket, 0, NULL);
                RAISE NOTICE 'received %', rows;
            EXCEPTION WHEN SQLSTATE 'AM001' THEN RAISE NOTICE '%', SQLERRM; END;
        END $$"""
    )
    assert said == ["ticket_unknown"]


def test_asked_on_a_connection_that_dies(
    world: World, connect: Callable[..., Connection], planned: int
) -> None:
    dying, other = connect("amana_app"), connect("amana_app")
    dying.execute("BEGIN")
    asked = raw.ask(dying, world.session("system"), planned)
    assert raw.refusal(lambda: raw.take(other, asked.ticket)) == "ticket_unknown"
    dying.close()
    assert raw.refusal(lambda: raw.take(other, asked.ticket)) == "ticket_unknown"
    assert raw.used(world) == (0, 0)


def test_asked_in_a_prepared_transaction(world: World, app_connection: Connection, planned: int) -> None:
    app_connection.execute("BEGIN")
    raw.ask(app_connection, world.session("system"), planned)
    assert raw.refusal(raw.run(app_connection, "PREPARE TRANSACTION 'hidden'")) == "55000"
    assert raw.used(world) == (0, 0)


def test_a_rolled_back_asking_spends_nothing_and_gives_nothing(
    world: World, app_connection: Connection, planned: int
) -> None:
    received = 0
    for _ in range(20):
        with app_connection.transaction(force_rollback=True):
            asked = raw.ask(app_connection, world.session("system"), planned)
        received += raw.refusal(lambda: raw.take(app_connection, asked.ticket)) != "ticket_unknown"  # noqa: B023
    assert (received, raw.used(world)) == (0, (0, 0))


def test_committed_releases_equal_uses_and_what_the_ledger_says(
    world: World, app_connection: Connection, planned: int
) -> None:
    asked = raw.ask(app_connection, world.session("system"), planned)
    # Taken and rolled back: the use stands already, so nothing is hidden by it.
    with app_connection.transaction(force_rollback=True):
        first = raw.take(app_connection, asked.ticket)
    released = raw.take(app_connection, asked.ticket)
    uses = world.owner.execute("SELECT count(*) FROM uses.use WHERE call = %s", [asked.call]).fetchone()
    assert first == released
    assert (len(released), uses, leaf_count(world, asked.call), asked.people) == (3, (3,), 3, 3)
    assert raw.refusal(lambda: raw.take(app_connection, asked.ticket)) == "ticket_spent"
    assert raw.refusal(lambda: raw.ask(app_connection, world.session("system"), planned)) == "task_spent"


@pytest.mark.parametrize("end", ["RELEASE SAVEPOINT s", "ROLLBACK TO SAVEPOINT s"])
def test_looked_up_in_one_transaction(world: World, app_connection: Connection, end: str) -> None:
    world.shopper("noor@mail.example", EMAILS)
    app_connection.execute("BEGIN")
    app_connection.execute("SAVEPOINT s")
    ticket = raw.look_up(app_connection, world.session("service"), "noor@mail.example")
    app_connection.execute(end)
    expected = "ticket_uncommitted" if end.startswith("RELEASE") else "ticket_unknown"
    assert raw.refusal(lambda: raw.found(app_connection, ticket)) == expected
    app_connection.execute("ROLLBACK")
    assert raw.refusal(lambda: raw.found(app_connection, ticket)) == "ticket_unknown"
    assert raw.count(world, "uses.looked_up") == 0


def test_looked_up_on_a_connection_that_dies(world: World, connect: Callable[..., Connection]) -> None:
    world.shopper("noor@mail.example", EMAILS)
    dying, other = connect("amana_app"), connect("amana_app")
    dying.execute("BEGIN")
    ticket = raw.look_up(dying, world.session("service"), "noor@mail.example")
    assert raw.refusal(lambda: raw.found(other, ticket)) == "ticket_unknown"
    dying.close()
    assert raw.refusal(lambda: raw.found(other, ticket)) == "ticket_unknown"


def test_whoever_is_told_of_was_looked_up_for_good(world: World, app_connection: Connection) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    ticket = raw.look_up(app_connection, world.session("service"), "noor@mail.example")
    # Told and rolled back: the look-up stands already, so nothing is hidden by it.
    with app_connection.transaction(force_rollback=True):
        first = raw.found(app_connection, ticket)
    assert first == raw.found(app_connection, ticket) == [(1, noor)]
    assert raw.count(world, "uses.looked_up") == 1
    assert raw.refusal(lambda: raw.found(app_connection, ticket)) == "ticket_unknown"


def test_asked_to_sign_in_with_what_was_looked_up_for_another_purpose(
    world: World, app_connection: Connection
) -> None:
    world.shopper("noor@mail.example", EMAILS)
    ask = "SELECT * FROM gate.ask_to_sign_in(%s, %s, %s, %s)"
    for purpose, by, asking in (("service", "system", "system"), ("rights", "service", "system")):
        ticket = raw.look_up(app_connection, world.session(by), "noor@mail.example", purpose=purpose)
        given = [world.session(asking), ticket, *calls.head()]
        assert raw.refusal(raw.run(app_connection, ask, *given)) == "ticket_unknown"
    with app_connection.transaction(force_rollback=True):
        ticket = raw.look_up(app_connection, world.session("system"), "noor@mail.example", purpose="rights")
        given = [world.session("system"), ticket, *calls.head()]
        assert raw.refusal(raw.run(app_connection, ask, *given)) == "ticket_uncommitted"
