"""Sources and their keys: only administrators make them, each change is recorded, and a secret is shown once."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from amana.collect import sources
from amana.collect.models import Source
from amana.collect.sources import SourceRefused
from amana.retailer.guard import SESSION_COOKIE
from tests.collect.api.conftest import world
from tests.world import World

__all__ = ["world"]

Visit = Callable[[str], Client]


@pytest.fixture
def visit(world: World) -> Visit:
    """Return a function that opens the browser of somebody with a role."""

    def browser(role: str) -> Client:
        token = world.session(role)
        # Cookies hold tokens of the form the database makes.
        digest = token.encode().hex().ljust(64, "0")[:64]
        world.owner.execute(
            "UPDATE retailer.session SET token_hash = sha256(%s::text::bytea)"
            " WHERE token_hash = sha256(%s::text::bytea)",
            [digest, token],
        )
        client = Client()
        client.cookies[SESSION_COOKIE] = digest
        return client

    return browser


def test_each_change_stands_in_the_ledger(world: World) -> None:
    made = sources.make(name="The shop", origins=["https://Shop.example/"], by=7)
    sources.replace_write_key(source=made.sender.id, by=7)
    sources.replace_server_key(source=made.sender.id, by=7)
    sources.close(source=made.sender.id, by=7)
    found = {event for (event,) in world.owner.execute("SELECT event FROM ledger.pending")}
    assert {name for name in found if name.startswith("collect.")} == {
        "collect.source_made", "collect.write_key_replaced", "collect.server_key_replaced", "collect.source_closed",
    }  # fmt: skip
    with pytest.raises(SourceRefused, match="source_unknown"):
        sources.close(source=made.sender.id, by=7)


def test_of_a_secret_key_only_a_hash_is_kept(world: World) -> None:
    made = sources.make(name="The shop")
    row = Source.objects.get()
    assert bytes(row.server_key_hash) == sources.hashed(made.server_key)
    assert made.server_key not in str(vars(row))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        (" HTTPS://Shop.Example:443/ ", "https://shop.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_a_site_is_read_as_browsers_send_it(text: str, origin: str) -> None:
    assert sources.origin(text) == origin


@pytest.mark.parametrize(
    "text", ["", "shop.example", "https://", "https://a.example/path", "ftp://a", "https://a:x", "*"]
)
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(SourceRefused, match="source_origin_malformed"):
        sources.origin(text)


def test_the_demo_has_one_source(world: World) -> None:
    assert sources.demo_key() == sources.demo_key()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_administrator_makes_a_source_and_sees_its_secret_once(visit: Visit, language: str) -> None:
    boss = visit("administrator")
    assert boss.get(f"/{language}/console/sources").status_code == 200
    answer = boss.post(
        f"/{language}/console/sources/new", {"name": "The shop", "origins": "https://a.example"}
    )
    [secret] = re.findall(r"s[0-9a-f]{64}", answer.content.decode())
    made = Source.objects.get()
    assert (answer.status_code, sources.hashed(secret)) == (200, bytes(made.server_key_hash))
    page = boss.get(f"/{language}/console/sources/{made.pk}").content.decode()
    assert (secret in page, made.write_key in page, "https://a.example" in page) == (False, True, True)


def test_keys_are_replaced_and_a_source_is_closed_by_hand(visit: Visit) -> None:
    boss = visit("administrator")
    made = sources.make(name="The shop")
    place = f"/en/console/sources/{made.sender.id}"
    assert boss.post(f"{place}/write-key").status_code == 302
    assert boss.post(f"{place}/server-key").status_code == 200
    row = Source.objects.get()
    assert row.write_key != made.sender.write_key
    assert bytes(row.server_key_hash) != sources.hashed(made.server_key)
    assert boss.post(f"{place}/close").status_code == 302
    assert boss.post(f"{place}/close").status_code == 404
    assert "Closed" in boss.get("/en/console/sources").content.decode()


def test_a_site_that_cannot_be_read_stays_on_the_form(visit: Visit) -> None:
    answer = visit("administrator").post("/ar/console/sources/new", {"name": "x", "origins": "nonsense"})
    assert (answer.status_code, Source.objects.count()) == (400, 0)


@pytest.mark.parametrize("role", ["marketing", "analyst", "service", "data_protection_officer"])
def test_nobody_else_sees_the_keys(visit: Visit, role: str) -> None:
    assert visit(role).get("/en/console/sources").status_code == 403
