"""The tablets' pages: who sees which, and what staff may do with them."""

import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.retailer import queries as retailer
from amana.surveys.intake.devices import code_digest
from amana.surveys.models import Device, Enrolment, Envelope, Refused
from amana.surveys.tablet import actions, queries
from amana.surveys.tablet.queries import Standing
from tests.surveys.tablet import made
from tests.surveys.tablet.conftest import SignedIn
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
FLEET = "/en/console/tablets"


def names(client: Client) -> list[str]:
    """Return the tablets that the page lists, in its order."""
    page = client.get(FLEET).content.decode()
    return [html.unescape(name) for name in re.findall(r'<td><a href="[^"]+"><bdi>([^<]+)</bdi></a>', page)]


@pytest.mark.parametrize("role", ["marketing", "analyst", "service", "data_protection_officer", "auditor"])
def test_only_those_who_run_shops_see_the_tablets(signed_in: SignedIn, role: str) -> None:
    assert signed_in(role).get(FLEET).status_code == 403


def test_no_tablet_yet_teaches_the_first_one(signed_in: SignedIn) -> None:
    page = signed_in("administrator").get(FLEET).content.decode()
    assert ["Your first tablet, in three steps" in page, "<table" in page] == [True, False]


def test_how_each_tablet_stands(world: World) -> None:
    fleet = made.fleet()
    found = {tablet.id: tablet for tablet in queries.fleet(None)}
    state = {name: found[device.pk].standing for name, device in fleet.items()}
    assert state == {
        "well": Standing.WELL, "quiet": Standing.QUIET, "stale": Standing.STALE, "skewed": Standing.WELL,
        "revoked": Standing.REVOKED, "new": Standing.WELL,
    }  # fmt: skip
    assert [name for name, device in fleet.items() if found[device.pk].outdated] == ["stale"]
    assert [name for name, device in fleet.items() if found[device.pk].skewed] == ["skewed"]
    assert {name: found[device.pk].refused for name, device in fleet.items() if found[device.pk].refused} == {
        "skewed": 3, "revoked": 2,
    }  # fmt: skip


def test_what_needs_a_look_stands_first_and_the_revoked_last(signed_in: SignedIn) -> None:
    made.fleet()
    assert names(signed_in("administrator")) == [
        "غرف القياس", "Till 2", "Way out", "Just enrolled", "الصندوق 1", "Lost",
    ]  # fmt: skip


def test_managers_see_and_touch_the_tablets_of_their_shops_only(signed_in: SignedIn) -> None:
    fleet = made.fleet()
    second = retailer.shops()[1].id
    manager = signed_in("shop_manager", (second,))
    assert names(manager) == ["Till 2", "Way out"]
    theirs, other = fleet["stale"].pk, fleet["well"].pk
    assert manager.get(f"{FLEET}/{theirs}").status_code == 200
    for path in ("", "/revoke"):
        assert manager.get(f"{FLEET}/{other}{path}").status_code == 404
    for path, sent in (("/name", {"name": "x"}), ("/shop", {"shop": second}), ("/revoke", {})):
        assert manager.post(f"{FLEET}/{other}{path}", sent).status_code == 404
    for path in ("seen", "again"):
        posted = {"device": str(fleet["revoked"].pk), "reason": "device_revoked"}
        assert manager.post(f"{FLEET}/refused/{path}", posted).status_code == 404
        assert (
            manager.post(f"{FLEET}/refused/{path}", {"device": "", "reason": "answer_missing"}).status_code
            == 404
        )
    assert (Device.objects.get(pk=other).name, Refused.objects.filter(seen_at=None).count()) == (
        "الصندوق 1",
        6,
    )
    # Nor may they move one of theirs to a shop that is not, or enrol one there.
    assert manager.post(f"{FLEET}/{theirs}/shop", {"shop": retailer.shops()[0].id}).status_code == 400
    assert manager.post(f"{FLEET}/new", {"shop": retailer.shops()[0].id, "name": "x"}).status_code == 400
    assert Enrolment.objects.count() == 0


def test_a_code_is_shown_once_and_only_its_fingerprint_kept(signed_in: SignedIn) -> None:
    shop = retailer.shops()[0].id
    answer = signed_in("administrator").post(f"{FLEET}/new", {"shop": shop, "name": "Till 3"})
    code = r'class="enrolment-code"><bdi dir="ltr">([0-9A-Z]{4}-[0-9A-Z]{4})</bdi>'
    [spelt] = re.findall(code, answer.content.decode())
    kept = Enrolment.objects.get()
    assert (bytes(kept.code), kept.shop, kept.name) == (code_digest(spelt), shop, "Till 3")
    assert kept.expires_at - kept.made_at <= timedelta(minutes=30)
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_codes_have_no_letters_that_are_mistaken_and_old_ones_go(world: World) -> None:
    drawn = {actions.invite(shop=1, name="x", staff=1).code for _ in range(50)}
    assert (len(drawn), set("".join(drawn)) - set(actions.LETTERS)) == (50, set())
    assert set(actions.LETTERS) & set("01IO5SZEABUY") == set()
    Enrolment.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    actions.invite(shop=1, name="x", staff=1)
    assert Enrolment.objects.count() == 1


def test_renaming_moving_and_revoking(signed_in: SignedIn) -> None:
    device, second = made.device(), retailer.shops()[1].id
    client = signed_in("administrator")
    client.post(f"{FLEET}/{device.pk}/name", {"name": "Fitting rooms"})
    client.post(f"{FLEET}/{device.pk}/shop", {"shop": second})
    assert client.post(f"{FLEET}/{device.pk}/name", {"name": ""}).status_code == 400
    device.refresh_from_db()
    assert (device.name, device.shop) == ("Fitting rooms", second)
    assert client.get(f"{FLEET}/{device.pk}/revoke").status_code == 200
    assert Device.objects.get().revoked_at is None
    assert client.post(f"{FLEET}/{device.pk}/revoke").status_code == 302
    assert Device.objects.get().revoked_at is not None
    for path, sent in (
        ("/name", {"name": "x"}),
        ("/shop", {"shop": retailer.shops()[0].id}),
        ("/revoke", {}),
    ):
        assert client.post(f"{FLEET}/{device.pk}{path}", sent).status_code == 409
    with pytest.raises(Refusal, match="tablet_unknown"):
        actions.revoke(device=uuid4(), staff=1)


def test_what_is_done_with_tablets_is_recorded(world: World) -> None:
    device = made.device()
    actions.invite(shop=1, name="x", staff=7)
    actions.move(device=device.pk, shop=device.shop, staff=7)
    actions.move(device=device.pk, shop=device.shop + 1, staff=7)
    actions.revoke(device=device.pk, staff=7)
    events = world.owner.execute(
        "SELECT event FROM ledger.pending WHERE event LIKE 'surveys.device%' ORDER BY 1"
    )
    found = [row[0] for row in events.fetchall()]
    events = world.owner.execute(
        "SELECT event FROM ledger.entry WHERE event LIKE 'surveys.device%' ORDER BY 1"
    )
    found += [row[0] for row in events.fetchall()]
    assert sorted(found) == ["surveys.device_invited", "surveys.device_moved", "surveys.device_revoked"]


def test_refused_answers_are_looked_at_and_judged_once_more(signed_in: SignedIn) -> None:
    device = made.device()
    made.refused(device, "survey_version_unknown", 3)
    made.refused(device, "answer_missing", 1)
    client = signed_in("administrator")
    page = client.get(f"{FLEET}/{device.pk}").content.decode()
    assert "This survey has no published version of that number." in html.unescape(page)
    posted = {"device": str(device.pk), "reason": "answer_missing"}
    assert client.post(f"{FLEET}/refused/seen", posted).status_code == 302
    assert queries.get(device.pk, None).refused == 3
    client.post(f"{FLEET}/refused/again", {**posted, "reason": "survey_version_unknown"})
    assert (Envelope.objects.count(), Refused.objects.count()) == (3, 1)
    assert bytes(Envelope.objects.all()[0].sealed) == b"sealed"
