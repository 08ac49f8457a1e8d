"""The second factor: codes as other authenticators make them, each once; nothing opens without."""

import base64
import hashlib
import hmac
import re
import struct
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import transaction
from django.test import Client

from amana.kernel.refusal import Refusal
from amana.retailer import codes, factors, queries
from amana.retailer.guard import SESSION_COOKIE
from tests.conftest import Clock
from tests.database import Connection
from tests.retailer.conftest import Person

Employ = Callable[..., Person]
AsOwner = Callable[[Callable[[], object]], object]
PAGES = "/en/console/second-factor"
TABLES = ("second_factor", "recovery_code", "second_factor_attempt")


@pytest.fixture(autouse=True)
def key() -> None:
    """Make the deployment's key."""
    codes.make_key(codes.key_path())


def code_at(secret: bytes, clock: Clock, steps: int = 0) -> str:
    """Return what an authenticator shows (RFC 6238), worked out by Python's own HMAC."""
    step = int(clock.at.timestamp()) // 30 + steps
    digest = hmac.digest(secret, struct.pack(">q", step), hashlib.sha1)
    word = struct.unpack(">I", digest[digest[19] & 15 :][:4])[0] & 0x7FFFFFFF
    return f"{word % 1_000_000:06d}"


def enrol(token: str, clock: Clock) -> tuple[bytes, tuple[str, ...]]:
    """Set up a second factor; return its secret and the recovery codes. The clock moves on to the next code."""
    factors.begin(session=token)
    secret = factors.get_own(session=token).waiting
    assert secret is not None
    made = factors.confirm(session=token, code=code_at(secret, clock))
    clock.advance(timedelta(seconds=30))
    return secret, made


def refused(task: Callable[[], object]) -> str:
    """Return the code with which a task is refused."""
    with pytest.raises(Refusal) as caught:
        task()
    return caught.value.code


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seconds", [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000])
def test_the_database_works_out_the_codes_of_rfc_6238(owner_connection: Connection, seconds: int) -> None:
    last_six = {
        59: "287082", 1111111109: "081804", 1111111111: "050471",
        1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
    }  # fmt: skip
    row = owner_connection.execute(
        "SELECT retailer.code_of(%s, %s)", [b"12345678901234567890", seconds // 30]
    ).fetchone()
    assert row == (last_six[seconds],)


@pytest.mark.django_db(transaction=True)
def test_the_databases_sha1_is_the_standards(owner_connection: Connection) -> None:
    for length in (0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 200):
        text = bytes(range(256))[:length]
        row = owner_connection.execute("SELECT retailer.sha1(%s)", [text]).fetchone()
        assert row == (hashlib.sha1(text).digest(),), length


def test_an_authenticator_is_taken_into_use_by_its_first_code(employ: Employ, fixed_clock: Clock) -> None:
    person = employ("marketing")
    token = person.sign_in()
    factors.begin(session=token)
    secret = factors.get_own(session=token).waiting
    assert secret is not None
    assert refused(lambda: factors.confirm(session=token, code="000000")) == "second_factor_refused"
    made = factors.confirm(session=token, code=code_at(secret, fixed_clock))
    own = factors.get_own(session=token)
    assert (len(set(made)), own.codes_left, own.waiting, own.confirmed_at is not None) == (10, 10, None, True)
    who = queries.find_session(token)
    assert who is not None
    assert (who.second, who.roles) == (None, frozenset({"marketing"}))


def test_p2_a_session_opens_nothing_before_its_code(employ: Employ, fixed_clock: Clock) -> None:
    person = employ("administrator")
    secret, _ = enrol(person.sign_in(), fixed_clock)
    token = person.sign_in()
    who = queries.find_session(token)
    assert who is not None
    assert (who.second, who.roles) == ("code", frozenset())
    assert refused(lambda: queries.staff(session=token)) == "second_factor_needed"
    factors.prove(session=token, code=code_at(secret, fixed_clock))
    assert len(queries.staff(session=token)) == 1


def test_a_code_is_taken_once_and_only_near_its_time(employ: Employ, fixed_clock: Clock) -> None:
    person = employ("marketing")
    secret, _ = enrol(person.sign_in(), fixed_clock)
    one, two = person.sign_in(), person.sign_in()
    shown = code_at(secret, fixed_clock)
    factors.prove(session=one, code=f" {shown[:3]} {shown[3:]}")
    assert refused(lambda: factors.prove(session=two, code=shown)) == "second_factor_used"
    earlier = code_at(secret, fixed_clock, -1)
    assert refused(lambda: factors.prove(session=two, code=earlier)) == "second_factor_used"
    fixed_clock.advance(timedelta(minutes=2))
    assert refused(lambda: factors.prove(session=two, code=shown)) == "second_factor_refused"
    arabic = code_at(secret, fixed_clock, 1).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    factors.prove(session=two, code=arabic)


def test_five_wrong_codes_close_the_door_for_fifteen_minutes(employ: Employ, fixed_clock: Clock) -> None:
    person = employ("marketing")
    secret, _ = enrol(person.sign_in(), fixed_clock)
    token = person.sign_in()
    for _ in range(5):
        assert refused(lambda: factors.prove(session=token, code="not one")) == "second_factor_refused"
    right = code_at(secret, fixed_clock)
    assert refused(lambda: factors.prove(session=token, code=right)) == "second_factor_limited"
    fixed_clock.advance(timedelta(minutes=16))
    factors.prove(session=token, code=code_at(secret, fixed_clock))


def test_rolling_back_hides_no_guess(employ: Employ, fixed_clock: Clock, app_connection: Connection) -> None:
    person = employ("marketing")
    secret, _ = enrol(person.sign_in(), fixed_clock)
    token = person.sign_in()
    own = factors.get_own(session=token)
    assert own.nonce is not None
    pad = codes.pad_of(own.staff, own.nonce)
    guess = [token, pad, code_at(secret, fixed_clock), b""]
    with app_connection.transaction(force_rollback=True):
        row = app_connection.execute("SELECT retailer.ask_second_factor(%s, %s, %s, %s)", guess).fetchone()
        with pytest.raises(psycopg.Error, match="second_factor_refused"):
            app_connection.execute("SELECT retailer.prove_session(%s)", row)


def test_a_recovery_code_works_once_in_any_writing(employ: Employ, fixed_clock: Clock) -> None:
    person = employ("marketing")
    _, made = enrol(person.sign_in(), fixed_clock)
    one, two = person.sign_in(), person.sign_in()
    factors.prove(session=one, code=f" {made[3].upper().replace('-', ' ')} ")
    assert refused(lambda: factors.prove(session=two, code=made[3])) == "second_factor_refused"
    factors.prove(session=two, code=made[4])
    assert factors.get_own(session=two).codes_left == 8
    new = factors.renew_codes(session=two, code=made[5])
    assert refused(lambda: factors.remove(session=two, code=made[6])) == "second_factor_refused"
    factors.remove(session=two, code=new[0])


def test_no_secret_and_no_code_is_kept_readable(
    employ: Employ, fixed_clock: Clock, superuser_connection: Connection
) -> None:
    secret, made = enrol(employ("marketing").sign_in(), fixed_clock)
    kept = "".join(
        str(row)
        for table in TABLES
        for row in superuser_connection.execute(f"SELECT t::text FROM retailer.{table} t")
    )
    sought = [secret.hex(), base64.b32encode(secret).decode(), *made, *(one.replace("-", "") for one in made)]
    sought += [hashlib.sha256(one.replace("-", "").encode()).hexdigest() for one in made]
    assert [one for one in sought if one in kept] == []
    assert kept.count("\\x") > 10


def test_where_it_is_demanded_a_session_opens_nothing_until_it_is_set_up(
    employ: Employ, as_owner: AsOwner, fixed_clock: Clock
) -> None:
    person = employ("administrator")
    as_owner(lambda: factors.demand(roles=["administrator", "data_protection_officer"]))
    token = person.sign_in()
    who = queries.find_session(token)
    assert who is not None
    assert (who.second, who.roles) == ("enrolment", frozenset())
    assert refused(lambda: queries.staff(session=token)) == "second_factor_needed"
    secret, _ = enrol(token, fixed_clock)
    assert factors.standings(session=token)[person.id].demanded is True
    factors.remove(session=token, code=code_at(secret, fixed_clock))
    assert refused(lambda: queries.staff(session=token)) == "second_factor_needed"
    assert refused(lambda: as_owner(lambda: factors.demand(roles=["baker"]))) == "role_unknown"


def test_removing_it_lets_no_waiting_session_in(employ: Employ, fixed_clock: Clock) -> None:
    person = employ("marketing")
    mine = person.sign_in()
    secret, _ = enrol(mine, fixed_clock)
    waiting = person.sign_in()
    factors.remove(session=mine, code=code_at(secret, fixed_clock))
    assert (queries.find_session(waiting), queries.find_session(mine) is not None) == (None, True)


def test_another_device_needs_the_first_one_given_up(employ: Employ, fixed_clock: Clock) -> None:
    token = employ("marketing").sign_in()
    enrol(token, fixed_clock)
    assert refused(lambda: factors.begin(session=token)) == "second_factor_exists"


def test_somebody_elses_lost_factor_is_an_administrators_to_remove(
    employ: Employ, administrator: Person, as_owner: AsOwner, fixed_clock: Clock
) -> None:
    person, boss = employ("marketing"), administrator.sign_in()
    token = person.sign_in()
    enrol(token, fixed_clock)
    assert refused(lambda: factors.drop(session=token, staff=administrator.id)) == "role_missing"
    factors.drop(session=boss, staff=person.id)
    assert queries.find_session(token) is None
    enrol(boss, fixed_clock)
    assert refused(lambda: factors.drop(session=boss, staff=administrator.id)) == "own_account"
    as_owner(lambda: factors.drop_as_owner(email=administrator.email))
    assert factors.get_own(session=administrator.sign_in()).confirmed_at is None


def test_by_default_it_is_demanded_of_who_may_do_most() -> None:
    tables = Path(codes.__file__).parent / "sql" / "second_factor_tables.sql"
    demanded = re.findall(r"\('(\w+)'\)", tables.read_text("utf-8"))
    assert demanded == ["administrator", "data_protection_officer"]


def test_a_code_is_not_tried_inside_a_transaction(employ: Employ, fixed_clock: Clock) -> None:
    token = employ("marketing").sign_in()
    enrol(token, fixed_clock)
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside atomic"):
        factors.prove(session=token, code="123456")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_whole_way_through_the_pages(employ: Employ, fixed_clock: Clock, language: str) -> None:
    person = employ("administrator")
    pages = PAGES.replace("en", language, 1)
    browser = Client()
    form = {"email": person.email, "password": person.password}
    browser.post(f"/{language}/console/sign-in", form)
    assert browser.get(pages).status_code == 200
    assert browser.post(f"{pages}/begin").headers["Location"] == f"{pages}/set-up"
    shown = browser.get(f"{pages}/set-up").content.decode()
    key = re.search(r'<code dir="ltr">([A-Z2-7 ]+)</code>', shown)
    assert key is not None
    assert (shown.count("<svg viewBox="), shown.count("style=")) == (1, 0)
    secret = base64.b32decode(key[1].replace(" ", ""))
    wrong = browser.post(f"{pages}/set-up", {"code": "12345"})
    assert (wrong.status_code, wrong.content.decode().count(key[1])) == (403, 1)
    done = browser.post(f"{pages}/set-up", {"code": code_at(secret, fixed_clock)}).content.decode()
    written = re.findall(r"<code>([a-z0-9-]{14})</code>", done)
    assert len(written) == 10

    second = Client()
    answer = second.post(f"/{language}/console/sign-in", {**form, "next": "/en/console/shops"})
    assert answer.headers["Location"] == "/ar/console/second-factor?next=%2Fen%2Fconsole%2Fshops"
    assert second.get("/en/console/shops").headers["Location"] == "/en/console/second-factor"
    assert second.get(f"/{language}/console/password").headers["Location"] == pages
    fixed_clock.advance(timedelta(seconds=30))
    assert second.post(pages, {"code": "1"}).status_code == 403
    code = {"code": code_at(secret, fixed_clock), "next": "/en/console/shops"}
    assert second.post(pages, code).headers["Location"] == "/en/console/shops"
    assert second.get("/en/console/shops").status_code == 200
    staff = second.get(f"/{language}/console/staff/{person.id}").content.decode()
    assert staff.count("second-factor") == 2
    assert second.post(f"{pages}/codes", {"code": written[0]}).status_code == 200
    assert second.post(f"{pages}/remove", {"code": written[1]}).status_code == 403


def test_the_pages_are_for_who_proved_a_password_of_their_own(employ: Employ) -> None:
    assert Client().get(PAGES).headers["Location"] == "/en/console/sign-in"
    new = employ("marketing", must_change=True)
    browser = Client()
    browser.cookies[SESSION_COOKIE] = new.sign_in()
    assert browser.get(PAGES).headers["Location"] == "/en/console/password"
