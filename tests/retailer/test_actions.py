"""Signing in, and changing who works here, under the application's login."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual
from amana.retailer import STAFF_ROLES, actions, queries
from tests.conftest import Clock
from tests.database import Connection
from tests.retailer.conftest import ADDRESS, BRAND, Person

AsOwner = Callable[[Callable[[], object]], object]
Employ = Callable[..., Person]


def code(task: Callable[[], object]) -> str:
    """Return the code a task is refused with."""
    with pytest.raises(Refusal) as refused:
        task()
    return refused.value.code


def guess(email: str, address: str = ADDRESS) -> str:
    """Return the code a wrong password is refused with."""
    return code(lambda: actions.sign_in(email=email, password="wrong", address=address))


def add(
    token: str, *roles: str, email: str = "new@store.example", shops: frozenset[int] | None = None
) -> str:
    """Add somebody through an administrator's session."""
    return actions.add_staff(
        session=token, email=email, name=Bilingual("نورة", "Noura"), language="en", roles=roles, shops=shops
    )


def test_signing_in_opens_a_session_that_says_who_it_is(employ: Employ) -> None:
    person = employ("shop_manager", shops=frozenset({1}))
    token = person.sign_in()
    assert queries.find_session(token) == queries.StaffSession(
        session=1,
        staff=person.id,
        email="shop_manager@store.example",
        name=Bilingual("ليلى", "Layla"),
        language="ar",
        roles=frozenset({"shop_manager"}),
        shops=frozenset({1}),
        must_change=False,
        token=token,
    )


def test_the_token_is_not_shown_with_the_session(employ: Employ) -> None:
    token = employ("marketing").sign_in()
    assert repr(queries.find_session(token)).count(token) == 0


def test_case_and_spaces_around_the_address_do_not_matter(employ: Employ) -> None:
    person = employ("marketing")
    token = actions.sign_in(email="  Marketing@STORE.example ", password=person.password, address=ADDRESS)
    session = queries.find_session(token)
    assert session is not None
    assert session.staff == person.id


@pytest.mark.parametrize("email", ["marketing@store.example", "nobody@else.example", "no address", ""])
def test_wrong_passwords_and_unknown_accounts_are_refused_alike(employ: Employ, email: str) -> None:
    employ("marketing")
    refusal = code(lambda: actions.sign_in(email=email, password="wrong", address=ADDRESS))
    assert refusal == "sign_in_refused"


def test_an_unknown_account_costs_the_same_statements(employ: Employ) -> None:
    employ("marketing")
    asked = []
    for email in ("marketing@store.example", "nobody@else.example"):
        with CaptureQueriesContext(connection) as statements:
            guess(email)
        asked.append([re.sub(r"\(.*", "", statement["sql"]) for statement in statements])
    assert asked[0] == asked[1]
    assert asked[0] == [
        "SELECT retailer.salt_of",
        "SELECT retailer.ask_sign_in",
        "SELECT retailer.sign_in",
    ]


def test_an_unknown_account_keeps_its_salt(employ: Employ) -> None:
    person = employ("marketing")
    known = queries.salt_of(person.email, address=ADDRESS)
    unknown = queries.salt_of("nobody@else.example", address=ADDRESS)
    assert (len(known), len(unknown)) == (16, 16)
    assert unknown == queries.salt_of("Nobody@else.example", address=ADDRESS)
    assert unknown != queries.salt_of("another@else.example", address=ADDRESS)


@pytest.mark.parametrize("email", ["marketing@store.example", "nobody@else.example"])
def test_the_eleventh_wrong_guess_of_an_account_waits_a_quarter_of_an_hour(
    employ: Employ, fixed_clock: Clock, email: str
) -> None:
    person = employ("marketing")
    guesses = [guess(email, f"192.0.{n}.1") for n in range(11)]
    assert guesses == ["sign_in_refused"] * 10 + ["sign_in_limited"]
    if email == person.email:
        assert code(person.sign_in) == "sign_in_limited"
    fixed_clock.advance(dt.timedelta(minutes=15))
    assert queries.find_session(person.sign_in()) is not None


def test_a_neighbourhood_of_addresses_is_limited_over_all_accounts(employ: Employ) -> None:
    employ("marketing")
    guesses = [guess(f"a{n}@else.example", f"192.0.2.{n + 1}") for n in range(51)]
    assert guesses == ["sign_in_refused"] * 50 + ["sign_in_limited"]


def test_only_truncated_addresses_are_kept(employ: Employ, owner_connection: Connection) -> None:
    person = employ("marketing")
    person.sign_in(address="192.0.2.77")
    person.sign_in(address="2001:db8:1:2::3")
    person.sign_in(address="::ffff:198.51.100.9")
    person.sign_in(address="unix")
    kept = owner_connection.execute(
        "SELECT address::text FROM retailer.sign_in_attempt ORDER BY 1"
    ).fetchall()
    assert [row[0] for row in kept] == ["0.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "2001:db8:1::/48"]


def test_a_session_ends_after_half_an_hour_without_use(employ: Employ, fixed_clock: Clock) -> None:
    token = employ("marketing").sign_in()
    fixed_clock.advance(dt.timedelta(minutes=29))
    assert queries.find_session(token) is not None
    fixed_clock.advance(dt.timedelta(minutes=29))
    assert queries.find_session(token) is not None
    fixed_clock.advance(dt.timedelta(minutes=30))
    assert queries.find_session(token) is None


def test_a_session_ends_after_twelve_hours_of_use(employ: Employ, fixed_clock: Clock) -> None:
    token = employ("marketing").sign_in()
    seen = []
    for _ in range(36):
        fixed_clock.advance(dt.timedelta(minutes=20))
        seen.append(queries.find_session(token) is not None)
    assert seen == [True] * 35 + [False]


def test_signing_out_ends_the_session(employ: Employ) -> None:
    token = employ("marketing").sign_in()
    actions.sign_out(session=token)
    assert queries.find_session(token) is None
    actions.sign_out(session=token)
    actions.sign_out(session="unknown")


@pytest.mark.parametrize("token", ["", "unknown", "\0", "é" * 64])
def test_a_token_of_another_shape_is_nobody(policy: None, token: str) -> None:
    assert queries.find_session(token) is None


def test_signing_in_inside_a_transaction_is_a_bug(employ: Employ) -> None:
    person = employ("marketing")
    with pytest.raises(RuntimeError), transaction.atomic():
        person.sign_in()


def test_an_administrator_adds_somebody_who_then_chooses_a_password(administrator: Person) -> None:
    password = add(administrator.sign_in(), "marketing")
    first = actions.sign_in(email="new@store.example", password=password, address=ADDRESS)
    session = queries.find_session(first)
    assert session is not None
    assert (session.must_change, session.roles) == (True, frozenset())
    assert code(lambda: queries.colleagues(session=first)) == "password_change_needed"
    actions.change_password(
        email="new@store.example", old=password, new="four unrelated quiet words", address=ADDRESS
    )
    assert queries.find_session(first) is None
    own = actions.sign_in(email="new@store.example", password="four unrelated quiet words", address=ADDRESS)
    session = queries.find_session(own)
    assert session is not None
    assert (session.must_change, session.roles) == (False, frozenset({"marketing"}))


def test_changing_a_password_needs_the_present_one(administrator: Person) -> None:
    refusal = code(
        lambda: actions.change_password(
            email=administrator.email, old="wrong", new="four unrelated quiet words", address=ADDRESS
        )
    )
    assert refusal == "sign_in_refused"
    assert queries.find_session(administrator.sign_in()) is not None


def test_nobody_but_an_administrator_changes_staff(employ: Employ, administrator: Person) -> None:
    token = employ("marketing").sign_in()
    other = administrator.id
    refusals = {
        code(lambda: add(token, "administrator")),
        code(lambda: actions.set_roles(session=token, staff=other, roles=[])),
        code(lambda: actions.deactivate_staff(session=token, staff=other)),
        code(lambda: actions.reactivate_staff(session=token, staff=other)),
        code(lambda: actions.reset_password(session=token, staff=other)),
        code(lambda: actions.close_sessions(session=token, staff=other)),
        code(
            lambda: actions.rename_staff(session=token, staff=other, name=Bilingual("أ", "A"), language="ar")
        ),
        code(lambda: queries.staff(session=token)),
    }
    assert refusals == {"role_missing"}


def test_an_unknown_session_changes_nothing(administrator: Person) -> None:
    assert code(lambda: add("unknown", "marketing")) == "session_unknown"


def test_nobody_changes_their_own_roles_or_closes_their_own_account(administrator: Person) -> None:
    token, own = administrator.sign_in(), administrator.id
    assert code(lambda: actions.set_roles(session=token, staff=own, roles=["marketing"])) == "own_account"
    assert code(lambda: actions.deactivate_staff(session=token, staff=own)) == "own_account"
    assert code(lambda: actions.reset_password(session=token, staff=own)) == "own_account"


def test_two_accounts_cannot_share_an_address(administrator: Person) -> None:
    token = administrator.sign_in()
    add(token, "marketing")
    assert code(lambda: add(token, "service", email="New@store.example")) == "staff_exists"


def test_roles_must_be_in_the_running_policy(administrator: Person) -> None:
    token = administrator.sign_in()
    assert code(lambda: add(token, "sorcerer")) == "role_unknown"
    assert code(lambda: add(token, "system")) == "role_unknown"


def test_only_roles_the_policy_allows_are_limited_to_shops(administrator: Person) -> None:
    token = administrator.sign_in()
    limited = frozenset({1, 2})
    assert code(lambda: add(token, "marketing", shops=limited)) == "role_not_limitable"
    assert code(lambda: add(token, "marketing", "shop_manager", shops=limited)) == "role_not_limitable"
    assert code(lambda: add(token, "shop_manager", shops=frozenset())) == "shop_unknown"
    assert code(lambda: add(token, "shop_manager", shops=frozenset({1, 99}))) == "shop_unknown"
    add(token, "shop_manager", shops=limited)
    added = [m for m in queries.staff(session=token) if m.email == "new@store.example"]
    assert [(m.roles, m.shops) for m in added] == [(frozenset({"shop_manager"}), limited)]


def test_roles_taken_away_are_gone_from_open_sessions(employ: Employ, administrator: Person) -> None:
    person = employ("marketing")
    token = person.sign_in()
    actions.set_roles(session=administrator.sign_in(), staff=person.id, roles=["service"])
    session = queries.find_session(token)
    assert session is not None
    assert session.roles == frozenset({"service"})


def test_a_role_the_next_policy_drops_gives_nothing(employ: Employ, owner_connection: Connection) -> None:
    token = employ("marketing", "service").sign_in()
    owner_connection.execute(
        "INSERT INTO policy.version (id, hash, yaml, actor, published_at, entry)"
        " VALUES (2, sha256('y'), 'y', 'test', ledger.now(), gen_random_uuid())"
    )
    owner_connection.execute(
        "INSERT INTO policy.role SELECT 2, r.role, r.may_limit_to_shops FROM policy.role r"
        " JOIN policy.term t ON t.id = r.role WHERE t.name = 'service'"
    )
    owner_connection.execute("UPDATE policy.running SET version = 2")
    session = queries.find_session(token)
    assert session is not None
    assert session.roles == frozenset({"service"})


def test_a_closed_account_is_out_at_once_and_stays_out(employ: Employ, administrator: Person) -> None:
    person = employ("marketing")
    token, boss = person.sign_in(), administrator.sign_in()
    actions.deactivate_staff(session=boss, staff=person.id)
    assert queries.find_session(token) is None
    assert code(person.sign_in) == "sign_in_refused"
    actions.reactivate_staff(session=boss, staff=person.id)
    assert queries.find_session(token) is None
    assert queries.find_session(person.sign_in()) is not None


def test_a_reset_password_replaces_the_old_one(employ: Employ, administrator: Person) -> None:
    person = employ("marketing")
    token = person.sign_in()
    fresh = actions.reset_password(session=administrator.sign_in(), staff=person.id)
    assert queries.find_session(token) is None
    assert code(person.sign_in) == "sign_in_refused"
    session = queries.find_session(actions.sign_in(email=person.email, password=fresh, address=ADDRESS))
    assert session is not None
    assert session.must_change


def test_anybody_ends_their_own_sessions(employ: Employ) -> None:
    person = employ("marketing")
    first, second = person.sign_in(), person.sign_in()
    assert actions.close_sessions(session=second, staff=person.id) == 2
    assert (queries.find_session(first), queries.find_session(second)) == (None, None)


def test_names_and_languages_are_corrected(employ: Employ, administrator: Person) -> None:
    person, boss = employ("marketing"), administrator.sign_in()
    actions.rename_staff(session=boss, staff=person.id, name=Bilingual("هند", "Hind"), language="en")
    member = queries.get_staff(person.id, session=boss)
    assert (member.name, member.language) == (Bilingual("هند", "Hind"), "en")
    assert code(lambda: queries.get_staff(99, session=boss)) == "staff_unknown"
    assert code(lambda: actions.deactivate_staff(session=boss, staff=99)) == "staff_unknown"


def test_every_change_is_recorded_without_a_name_or_an_address(
    administrator: Person, owner_connection: Connection
) -> None:
    token = administrator.sign_in()
    add(token, "shop_manager", shops=frozenset({2}))
    actions.sign_out(session=token)
    openings = owner_connection.execute(
        "SELECT payload::jsonb FROM ledger.opening WHERE person = 0 AND payload::jsonb ?| ARRAY['staff']"
    ).fetchall()
    assert sorted(str(row[0]) for row in openings) == sorted(
        str(payload)
        for payload in (
            {"by": None, "roles": ["administrator"], "shops": None, "staff": 1},
            {"staff": 1, "session": 1},
            {"by": 1, "roles": ["shop_manager"], "shops": [2], "staff": 2},
            {"staff": 1, "session": 1},
        )
    )


def test_the_brand_file_becomes_shops(shops: Path) -> None:
    brand = queries.brand()
    assert (brand.slug, brand.name, brand.accent) == ("store", Bilingual("متجر", "Store"), "#b3131b")
    assert queries.get_shop("deira") == queries.Shop(
        id=1,
        slug="deira",
        name=Bilingual("ديرة", "Deira"),
        region=Bilingual("دبي", "Dubai"),
        country="AE",
        country_name=Bilingual("الإمارات", "Emirates"),
        jurisdiction="AE",
        timezone="Asia/Dubai",
        open=True,
    )
    assert [shop.slug for shop in queries.shops()] == ["deira", "barsha"]


def test_a_shop_that_left_the_file_is_closed_and_keeps_its_number(shops: Path, as_owner: AsOwner) -> None:
    lines = [line for line in BRAND.splitlines() if "deira" not in line]
    shops.write_text("\n".join(lines), "utf-8")
    as_owner(lambda: actions.load_brand(shops))
    assert [shop.id for shop in queries.shops()] == [2]
    assert [shop.id for shop in queries.shops(include_closed=True)] == [1, 2]
    assert code(lambda: queries.get_shop("deira")) == "shop_unknown"
    shops.write_text(BRAND, "utf-8")
    as_owner(lambda: actions.load_brand(shops))
    assert queries.get_shop("deira").id == 1


def test_a_jurisdiction_the_policy_does_not_declare_changes_nothing(shops: Path, as_owner: AsOwner) -> None:
    shops.write_text(BRAND.replace("code: AE", "code: KW").replace("Store", "Other"), "utf-8")
    assert code(lambda: as_owner(lambda: actions.load_brand(shops))) == "jurisdiction_undeclared"
    assert queries.brand().name.en == "Store"
    assert len(queries.shops()) == 2


def test_before_a_brand_is_loaded_pages_are_refused(policy: None) -> None:
    assert code(queries.brand) == "brand_missing"
    assert queries.shops() == ()


def test_roles_are_listed_without_the_systems_own(policy: None) -> None:
    roles = {role.name: role.may_limit_to_shops for role in queries.roles()}
    assert roles == {name: name == "shop_manager" for name in STAFF_ROLES}
