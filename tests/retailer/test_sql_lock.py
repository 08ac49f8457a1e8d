"""What the application's login cannot do, whatever statement it runs."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from amana.retailer import actions, passwords, queries
from tests.conftest import Clock
from tests.database import Connection
from tests.retailer.conftest import ADDRESS, Person

pytestmark = pytest.mark.attack
AsOwner = Callable[[Callable[[], object]], object]
Employ = Callable[..., Person]
TABLES = ["brand", "country", "region", "shop", "staff", "staff_role", "session", "sign_in_attempt", "secret"]
INTERNAL = [
    "retailer.session_of('x')",
    "retailer.live_session('x')",
    "retailer.open_session('staff', 1, interval '1 day')",
    "retailer.open_system_session()",
    "retailer.close_system_session('x')",
    "retailer.secret_value()",
    "retailer.put_roles(1, '{administrator}', NULL)",
    "retailer.put_password(1, 1, sha256('x'), '\\x00', false)",
    "retailer.end_sessions(1)",
    "retailer.take_attempt(gen_random_uuid())",
    "retailer.load_brand('{}')",
    "retailer.add_staff_as_owner('a@b.c', 'a', 'a', 'ar', sha256('x'), '\\x00', '{}', NULL, false)",
]


def refusal(connection: Connection, statement: str, *parameters: object) -> str:
    """Return the code the database refuses a statement with."""
    with pytest.raises(psycopg.Error) as refused:
        connection.execute(statement, parameters)
    assert refused.value.sqlstate == "AM001"
    return str(refused.value.diag.message_primary)


def ask(connection: Connection, person: Person, password: str) -> object:
    """Ask to sign in with raw SQL; return the attempt."""
    salt = queries.salt_of(person.email, address=ADDRESS)
    row = connection.execute(
        "SELECT retailer.ask_sign_in(%s, %s, %s::inet)",
        [person.email, passwords.verifier_of(password, salt), ADDRESS],
    ).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "verb", ["SELECT * FROM retailer.{}", "DELETE FROM retailer.{}", "TRUNCATE retailer.{}"]
)
def test_no_table_can_be_read_or_written(app_connection: Connection, table: str, verb: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(verb.format(table))


@pytest.mark.parametrize("call", INTERNAL)
def test_no_internal_function_can_be_called(app_connection: Connection, call: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(f"SELECT {call}")


def test_the_database_holds_neither_password_nor_verifier_nor_token(
    employ: Employ, owner_connection: Connection
) -> None:
    person = employ("marketing")
    token = person.sign_in()
    salt = queries.salt_of(person.email, address=ADDRESS)
    verifier = passwords.verifier_of(person.password, salt)
    row = owner_connection.execute("SELECT verifier FROM retailer.staff").fetchone()
    assert row == (hashlib.sha256(verifier).digest(),)
    row = owner_connection.execute("SELECT token_hash FROM retailer.session").fetchone()
    assert row == (hashlib.sha256(token.encode()).digest(),)


def test_a_guess_is_answered_only_after_it_is_committed(employ: Employ, app_connection: Connection) -> None:
    person = employ("marketing")
    with app_connection.transaction(force_rollback=True):
        attempt = ask(app_connection, person, person.password)
        assert (
            refusal_in_savepoint(app_connection, "SELECT retailer.sign_in(%s)", attempt) == "sign_in_refused"
        )
    assert refusal(app_connection, "SELECT retailer.sign_in(%s)", attempt) == "sign_in_refused"


def refusal_in_savepoint(connection: Connection, statement: str, *parameters: object) -> str:
    """Return the code of a refusal, keeping the outer transaction."""
    with pytest.raises(psycopg.Error) as refused, connection.transaction():
        connection.execute(statement, parameters)
    return str(refused.value.diag.message_primary)


def test_rolling_back_answers_hides_no_guess(employ: Employ, app_connection: Connection) -> None:
    person = employ("marketing")
    for _ in range(10):
        attempt = ask(app_connection, person, "wrong")
        with app_connection.transaction(force_rollback=True):
            code = refusal_in_savepoint(app_connection, "SELECT retailer.sign_in(%s)", attempt)
            assert code == "sign_in_refused"
    statement = "SELECT retailer.ask_sign_in(%s, %s, %s::inet)"
    assert (
        refusal(app_connection, statement, person.email, secrets.token_bytes(32), ADDRESS)
        == "sign_in_limited"
    )


def test_an_attempt_opens_one_session_and_soon(
    employ: Employ, app_connection: Connection, fixed_clock: Clock
) -> None:
    person = employ("marketing")
    attempt = ask(app_connection, person, person.password)
    app_connection.execute("SELECT retailer.sign_in(%s)", [attempt])
    assert refusal(app_connection, "SELECT retailer.sign_in(%s)", attempt) == "sign_in_refused"
    late = ask(app_connection, person, person.password)
    fixed_clock.advance(dt.timedelta(minutes=5))
    assert refusal(app_connection, "SELECT retailer.sign_in(%s)", late) == "sign_in_refused"


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_snapshot_held_from_before_serves_no_session(
    employ: Employ, app_connection: Connection, level: str
) -> None:
    token = employ("administrator").sign_in()
    app_connection.execute(f"SET default_transaction_isolation = '{level}'")
    for statement in ("SELECT * FROM retailer.who(%s)", "SELECT * FROM retailer.staff_list(%s)"):
        assert refusal(app_connection, statement, token) == "session_isolation_refused"


def test_a_system_session_is_opened_by_the_owner_and_has_one_role(
    policy: None, as_owner: AsOwner, owner_connection: Connection
) -> None:
    token = str(as_owner(actions.open_system_session))
    statement = (
        "SELECT s.staff, (SELECT array_agg(t.name) FROM policy.term t WHERE t.id = ANY (s.role)), s.shops"
        " FROM retailer.session_of(%s) s"
    )
    owner_connection.execute("SET ROLE amana_definer")
    assert owner_connection.execute(statement, [token]).fetchone() == (None, ["system"], None)
    assert queries.find_session(token) is None
    as_owner(lambda: actions.close_system_session(session=token))
    assert refusal(owner_connection, statement, token) == "session_unknown"


def test_a_system_session_ends_after_thirty_days_without_use(
    policy: None, as_owner: AsOwner, owner_connection: Connection, fixed_clock: Clock
) -> None:
    token = str(as_owner(actions.open_system_session))
    owner_connection.execute("SET ROLE amana_definer")
    for _ in range(3):
        fixed_clock.advance(dt.timedelta(days=29))
        owner_connection.execute("SELECT retailer.session_of(%s)", [token])
    fixed_clock.advance(dt.timedelta(days=30))
    assert refusal(owner_connection, "SELECT retailer.session_of(%s)", token) == "session_unknown"


def test_a_member_of_staff_cannot_sign_a_process_in_or_out(
    administrator: Person, as_owner: AsOwner, owner_connection: Connection
) -> None:
    system = str(as_owner(actions.open_system_session))
    actions.sign_out(session=system)
    owner_connection.execute("SET ROLE amana_definer")
    row = owner_connection.execute("SELECT count(*) FROM retailer.session_of(%s)", [system]).fetchone()
    assert row == (1,)


def test_session_of_refuses_a_password_somebody_else_has_seen(
    employ: Employ, owner_connection: Connection
) -> None:
    token = employ("marketing", must_change=True).sign_in()
    owner_connection.execute("SET ROLE amana_definer")
    statement = "SELECT retailer.session_of(%s)"
    assert refusal(owner_connection, statement, token) == "password_change_needed"


def test_session_of_gives_roles_and_shops(employ: Employ, owner_connection: Connection, shops: Path) -> None:
    person = employ("shop_manager", shops=frozenset({2}))
    token = person.sign_in()
    owner_connection.execute("SET ROLE amana_definer")
    row = owner_connection.execute(
        "SELECT s.session, s.staff, policy.term_id('role', 'shop_manager') = ALL (s.role), s.shops"
        " FROM retailer.session_of(%s) s",
        [token],
    ).fetchone()
    assert row == (1, person.id, True, [2])


def test_two_administrators_who_dismiss_each_other_leave_one(
    employ: Employ, administrator: Person, connect: Callable[..., Connection]
) -> None:
    other = employ("administrator", "service")
    first, second = administrator.sign_in(), other.sign_in()
    one, two = connect("amana_app", autocommit=False), connect("amana_app")
    one.execute("SELECT retailer.set_roles(%s, %s, '{}', NULL)", [first, other.id])
    two.execute("SET lock_timeout = '100ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        two.execute("SELECT retailer.set_roles(%s, %s, '{}', NULL)", [second, administrator.id])
    one.commit()
    statement = "SELECT retailer.set_roles(%s, %s, '{}', NULL)"
    assert refusal(two, statement, second, administrator.id) == "role_missing"


def test_a_session_in_a_long_transaction_holds_up_nobody(
    employ: Employ, connect: Callable[..., Connection], fixed_clock: Clock
) -> None:
    token = employ("marketing").sign_in()
    fixed_clock.advance(dt.timedelta(minutes=5))
    long, short = connect("amana_app", autocommit=False), connect("amana_app")
    long.execute("SELECT * FROM retailer.who(%s)", [token])
    short.execute("SET lock_timeout = '100ms'")
    row = short.execute("SELECT count(*) FROM retailer.who(%s)", [token]).fetchone()
    assert row == (1,)
    long.rollback()
