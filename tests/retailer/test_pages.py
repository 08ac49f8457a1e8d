"""The console's doors, the staff pages and the shops, through Django's client."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from amana.retailer import actions, queries
from amana.retailer.guard import SESSION_COOKIE
from tests.retailer.conftest import ADDRESS, Person

Employ = Callable[..., Person]
DETAILS = {"name_ar": "نورة", "name_en": "Noura", "language": "en"}
MANAGER = {
    "email": "noura@store.example",
    "roles": ["shop_manager"],
    "scope": "some",
    "shops": ["2"],
    **DETAILS,
}


def signed_in(person: Person) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.cookies[SESSION_COOKIE] = person.sign_in()
    return client


@pytest.fixture
def boss(administrator: Person) -> Client:
    """Return an administrator's browser."""
    return signed_in(administrator)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_signing_in_gives_a_cookie_no_script_can_read(employ: Employ, language: str) -> None:
    person = employ("marketing")
    client = Client(REMOTE_ADDR=ADDRESS)
    assert client.get(f"/{language}/console/sign-in").status_code == 200
    answer = client.post(f"/{language}/console/sign-in", {"email": person.email, "password": person.password})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ar/console/")
    cookie = answer.cookies[SESSION_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    assert queries.find_session(cookie.value) is not None


def test_under_tls_the_cookie_travels_under_tls_only(employ: Employ) -> None:
    person = employ("marketing")
    answer = Client().post(
        "/ar/console/sign-in", {"email": person.email, "password": person.password}, secure=True
    )
    assert answer.cookies[SESSION_COOKIE]["secure"] is True


def test_a_wrong_password_and_an_unknown_account_are_answered_byte_for_byte_alike(employ: Employ) -> None:
    employ("marketing")
    pages = []
    for email in ("marketing@store.example", "marketinx@store.example"):
        answer = Client().post("/en/console/sign-in", {"email": email, "password": "wrong"})
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        pages.append((answer.status_code, page.replace(email, "")))
    assert pages[0] == pages[1]
    assert pages[0][0] == 403


def test_what_was_typed_is_kept_except_the_password(employ: Employ) -> None:
    employ("marketing")
    page = (
        Client().post("/ar/console/sign-in", {"email": "a@b.example", "password": "wr0ng!"}).content.decode()
    )
    assert (page.count('value="a@b.example"'), page.count("wr0ng!")) == (1, 0)


def test_too_many_attempts_are_told_in_the_readers_language(employ: Employ) -> None:
    employ("marketing")
    form = {"email": "marketing@store.example", "password": "wrong"}
    statuses = [Client().post("/ar/console/sign-in", form).status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]
    page = Client().post("/ar/console/sign-in", form).content.decode()
    assert page.count("يمكن تسجيل الدخول من جديد بعد ١٥ دقيقة") == 1


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("/en/console/shops", "/en/console/shops"), ("https://evil.example/", "/ar/console/"),
     ("//evil.example/", "/ar/console/"), ("javascript:alert(1)", "/ar/console/")],
)  # fmt: skip
def test_signing_in_leads_back_but_never_out(employ: Employ, wanted: str, given: str) -> None:
    person = employ("marketing")
    form = {"email": person.email, "password": person.password, "next": wanted}
    assert Client().post("/ar/console/sign-in", form).headers["Location"] == given


def test_signing_in_needs_the_pages_own_form(employ: Employ) -> None:
    person = employ("marketing")
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/ar/console/sign-in", {"email": person.email, "password": person.password})
    assert (answer.status_code, SESSION_COOKIE in answer.cookies) == (403, False)


def test_signing_out_is_a_post_and_ends_the_session(employ: Employ) -> None:
    client = signed_in(employ("marketing"))
    token = client.cookies[SESSION_COOKIE].value
    assert client.get("/ar/console/sign-out").status_code == 405
    assert queries.find_session(token) is not None
    answer = client.post("/ar/console/sign-out")
    assert (answer.headers["Location"], answer.cookies[SESSION_COOKIE].value) == ("/ar/console/sign-in", "")
    assert queries.find_session(token) is None


def test_a_password_handed_over_is_changed_before_anything_else(employ: Employ) -> None:
    person = employ("marketing", must_change=True)
    client = Client()
    form = {"email": person.email, "password": person.password, "next": "/ar/console/shops"}
    assert client.post("/ar/console/sign-in", form).headers["Location"] == "/ar/console/password"
    assert client.get("/ar/console/shops").status_code in (302, 403)
    new = "four unrelated quiet words"
    wrong = client.post("/ar/console/password", {"old": person.password, "new": new, "again": new + "x"})
    assert wrong.status_code == 400
    short = client.post("/ar/console/password", {"old": person.password, "new": "short", "again": "short"})
    assert short.status_code == 400
    right = client.post("/ar/console/password", {"old": person.password, "new": new, "again": new})
    assert (right.status_code, right.headers["Location"]) == (302, "/ar/console/")
    assert client.get("/ar/console/shops").status_code == 200


def test_the_password_page_is_for_who_is_signed_in(policy: None) -> None:
    assert Client().get("/en/console/password").headers["Location"] == "/en/console/sign-in"


def test_an_administrator_adds_somebody_and_sees_the_password_once(boss: Client) -> None:
    assert boss.get("/ar/console/staff/new").status_code == 200
    answer = boss.post("/ar/console/staff/new", MANAGER)
    page = answer.content.decode()
    password = re.search(r"<code[^>]*>([^<]+)</code>", page)
    assert password is not None
    assert answer.headers["Cache-Control"].split(", ").count("no-store") == 1
    token = actions.sign_in(email="noura@store.example", password=password[1], address=ADDRESS)
    session = queries.find_session(token)
    assert session is not None
    assert (session.name.en, session.language, session.shops) == ("Noura", "en", frozenset({2}))


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"email": "noura"}, 400, "This e-mail address is not valid."),
        ({"name_ar": ""}, 400, ""),
        ({"scope": ""}, 400, ""),
        ({"shops": []}, 400, "Please choose at least one shop."),
        ({"shops": ["99"]}, 400, ""),
        ({"roles": ["sorcerer"]}, 400, ""),
        ({"roles": ["marketing"]}, 400, "covers all shops and cannot be limited"),
        ({"email": "administrator@store.example"}, 409, "There is already a staff account"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(
    boss: Client, change: dict[str, object], status: int, message: str
) -> None:
    answer = boss.post("/en/console/staff/new", MANAGER | change)
    page = answer.content.decode()
    assert (answer.status_code, page.count('value="Noura"')) == (status, 1)
    assert message in page


def test_the_list_shows_names_roles_and_shops(boss: Client, employ: Employ) -> None:
    employ("shop_manager", shops=frozenset({1}))
    page = boss.get("/en/console/staff").content.decode()
    assert (page.count("shop_manager@store.example"), page.count("Shop management")) == (1, 1)
    assert page.count("Deira") == 1


def test_a_member_is_corrected_closed_and_opened_again(boss: Client, employ: Employ) -> None:
    person = employ("marketing")
    here = f"/en/console/staff/{person.id}"
    token = boss.cookies[SESSION_COOKIE].value
    assert boss.get(here).status_code == 200
    assert boss.post(f"{here}/details", DETAILS).status_code == 302
    assert boss.post(f"{here}/details", DETAILS | {"name_en": ""}).status_code == 400
    assert boss.post(f"{here}/roles", {"roles": ["service"], "scope": "all"}).status_code == 302
    limited = {"roles": ["service"], "scope": "some", "shops": ["1"]}
    assert boss.post(f"{here}/roles", limited).status_code == 400
    assert boss.post(f"{here}/deactivate").status_code == 302
    member = queries.get_staff(person.id, session=token)
    assert (member.name.en, member.roles, member.active) == ("Noura", frozenset({"service"}), False)
    assert boss.post(f"{here}/reactivate").status_code == 302
    assert queries.get_staff(person.id, session=token).active
    assert boss.post(f"{here}/sessions").status_code == 302


def test_a_lost_password_is_replaced_and_shown_once(boss: Client, employ: Employ) -> None:
    person = employ("marketing")
    page = boss.post(f"/ar/console/staff/{person.id}/password").content.decode()
    password = re.search(r"<code[^>]*>([^<]+)</code>", page)
    assert password is not None
    assert actions.sign_in(email=person.email, password=password[1], address=ADDRESS) != ""


def test_ones_own_account_offers_no_roles(boss: Client, administrator: Person) -> None:
    page = boss.get(f"/en/console/staff/{administrator.id}").content.decode()
    assert (page.count('name="roles"'), page.count("/deactivate")) == (0, 0)
    answer = boss.post(f"/en/console/staff/{administrator.id}/deactivate")
    assert answer.status_code == 403


@pytest.mark.parametrize("number", [99, 10**30])
def test_an_account_that_is_not_there_is_not_found(boss: Client, number: int) -> None:
    assert boss.get(f"/ar/console/staff/{number}").status_code == 404
    assert boss.post(f"/ar/console/staff/{number}/deactivate").status_code == 404


@pytest.mark.parametrize(
    "path", ["staff", "staff/new", "staff/1", "staff/1/deactivate", "staff/1/password", "staff/1/roles"]
)
def test_staff_pages_are_for_administrators(employ: Employ, path: str) -> None:
    client = signed_in(employ("marketing"))
    assert client.get(f"/ar/console/{path}").status_code == 403
    assert client.post(f"/ar/console/{path}").status_code == 403
    assert Client().get(f"/ar/console/{path}").status_code in (302, 403)


def test_the_shops_are_shown_to_everybody_and_limited_people_see_theirs(employ: Employ) -> None:
    everything = signed_in(employ("marketing")).get("/en/console/shops").content.decode()
    assert (everything.count("Deira"), everything.count("Al Barsha")) == (1, 1)
    manager = signed_in(employ("shop_manager", shops=frozenset({2})))
    mine = manager.get("/en/console/shops").content.decode()
    assert (mine.count("Deira"), mine.count("Al Barsha")) == (0, 1)
