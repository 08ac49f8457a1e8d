"""The person's own list of browsers, staff's pages, and the word a browser carries to the website."""

import re
from typing import Any

import pytest
from django.test import Client

from amana.customers.identity import actions, queries
from amana.kernel.ids import CustomerId
from amana.retailer import guard
from tests.customers.test_links import preferences_of, text
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
BROWSER, OTHER = "a" * 32, "b" * 32
UNLINK = "Unlink this browser"


def attach(
    customer: CustomerId, browser: str = BROWSER, purpose: str = "content", **more: Any
) -> actions.Attached:
    """Attach a browser by signing in."""
    return actions.attach(pseudonym=browser, purpose=purpose, customer=customer, made_by="sign_in", **more)


def test_a_person_sees_a_browser_once_and_unlinks_it_for_every_purpose(world: World) -> None:
    noor = world.shopper()
    edges = [attach(noor).edge, attach(noor, OTHER, "product_fit").edge]
    mine = f"/en/p/{preferences_of(world, noor)}"
    shown = text(Client().get(mine))
    assert (shown.count(UNLINK), [int(edge) for edge in re.findall(r'name="edge" value="(\d+)"', shown)]) == (
        1,
        edges,
    )
    done = Client().post(mine, {"switch": "detach", "edge": edges})
    assert (done.headers["Location"], queries.pseudonyms_of(noor)) == (f"{mine}?done=unlinked", ())


def test_a_person_leaves_out_what_was_browsed_before(world: World) -> None:
    noor = world.shopper()
    edge = attach(noor, includes_before=True).edge
    mine = f"/en/p/{preferences_of(world, noor)}"
    assert text(Client().get(mine)).count("Leave out what I browsed before") == 1
    Client().post(mine, {"switch": "exclude", "edge": edge})
    assert [one.includes_before for one in queries.pseudonyms_of(noor)] == [False]


def test_nobody_unlinks_the_browser_of_somebody_else_by_their_own_link(world: World) -> None:
    noor, salem = world.shopper(), world.shopper("salem@mail.example")
    edge = attach(noor).edge
    answer = Client().post(
        f"/en/p/{preferences_of(world, salem)}", {"switch": "detach", "edge": [edge, "x", "-1"]}
    )
    assert (answer.status_code, len(queries.pseudonyms_of(noor))) == (404, 1)


def staff(world: World, role: str) -> Client:
    """Return a member of staff's browser."""
    token = world.session(role)
    digest = token.encode().hex().ljust(64, "0")[:64]
    world.owner.execute(
        "UPDATE retailer.session SET token_hash = sha256(%s::text::bytea) WHERE token_hash = sha256(%s::text::bytea)",
        [digest, token],
    )
    world.sessions[f"{role}None"] = digest
    browser = Client()
    browser.cookies[guard.SESSION_COOKIE] = digest
    return browser


def test_staff_merge_with_a_confirmation_and_undo(world: World) -> None:
    noor, salem = world.shopper(), world.shopper("salem@mail.example")
    desk = staff(world, "service")
    page = f"/en/console/customers/{noor}"
    review = desk.get(f"{page}/merge?customer={salem}")
    assert (review.status_code, queries.whole_of(salem)) == (200, salem)
    assert desk.post(f"{page}/merge", {"customer": salem}).status_code == 400
    done = desk.post(f"{page}/merge", {"customer": salem, "reason": "One confirmed mobile."})
    assert (done.headers["Location"], queries.whole_of(salem)) == (page, noor)
    shown = text(desk.get(page))
    assert (shown.count("One confirmed mobile."), shown.count("Layla")) == (1, 2)
    again = desk.post(f"{page}/merge", {"customer": salem, "reason": "Again."})
    assert (again.status_code, text(again).count("One of the two is merged already.")) == (409, 1)
    [merge] = queries.merges_of(noor)
    assert desk.get(f"{page}/merge/{merge.id}/undo").status_code == 200
    desk.post(f"{page}/merge/{merge.id}/undo", {"reason": "Father and son."})
    assert queries.whole_of(salem) == salem
    assert desk.get(page).status_code == 200


def test_staff_settle_a_conflict(world: World) -> None:
    noor, salem = world.shopper(), world.shopper("salem@mail.example")
    attach(noor)
    attach(salem)
    officer = staff(world, "data_protection_officer")
    [conflict] = queries.conflicts()
    listed = text(officer.get("/ar/console/customers"))
    assert listed.count(f"/ar/console/customers/conflict/{conflict.id}") == 1
    assert officer.get(f"/en/console/customers/conflict/{conflict.id}").status_code == 200
    officer.post(
        f"/en/console/customers/conflict/{conflict.id}",
        {"outcome": "moved", "reason": "He bought the phone."},
    )
    assert [len(queries.pseudonyms_of(who)) for who in (noor, salem)] == [0, 1]
    edge = queries.pseudonyms_of(salem)[0].id
    officer.post(f"/en/console/customers/{salem}/detach", {"edge": edge})
    assert queries.pseudonyms_of(salem) == ()


@pytest.mark.parametrize("role", ["marketing", "analyst", "administrator"])
def test_others_do_not_reach_the_pages(world: World, role: str) -> None:
    assert staff(world, role).get("/en/console/customers").status_code == 403


def test_a_customer_is_opened_by_their_number(world: World) -> None:
    noor, desk = world.shopper(), staff(world, "service")
    assert (
        desk.get("/en/console/customers", {"customer": str(noor)}).headers["Location"]
        == f"/en/console/customers/{noor}"
    )
    assert desk.get("/en/console/customers", {"customer": "noor"}).status_code == 400
