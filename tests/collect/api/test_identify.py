"""Who somebody is: believed from a server with the secret key, through the gate; never from a public key."""

from typing import Any

from amana.collect import pseudonyms
from amana.customers import letters
from amana.customers.identity import queries as edges
from amana.post.models import Message
from tests.collect.api.sending import AGREED, BROWSER, Api, basic

TRAITS = {
    "email": "noor@mail.example",
    "name": "نور العتيبي",
    "phone": "050 123 4567",
    "plan": "gold",
    "gender": "F",
}


def _identify(api: Api, **more: Any) -> int:
    call = {"userId": "u-1", "anonymousId": "a-1", "traits": TRAITS, "context": AGREED, **more}
    return api.post("/v1/identify", call, basic(api.made.server_key)).status


def test_c2_identity_from_a_public_key_is_dropped_and_counted(api: Api, owner_connection: Any) -> None:
    call = {
        "writeKey": api.key,
        "userId": "u-1",
        "traits": {"email": "noor@mail.example", "noise": 1},
        "context": AGREED,
    }
    assert api.post("/v1/identify", call, BROWSER).status == 200
    assert api.counts() == {
        ("identify", "email", "identity_from_public_key"): 1,
        ("identify", "noise", "undeclared_property"): 1,
        ("identify", "userId", "identity_from_public_key"): 1,
    }
    assert owner_connection.execute("SELECT count(*) FROM vault.person").fetchone() == (0,)
    assert api.events() == []


def test_c2_identity_from_a_server_goes_through_the_gate_once(api: Api, owner_connection: Any) -> None:
    assert [_identify(api) for _ in range(3)] == [200] * 3
    assert owner_connection.execute("SELECT count(*) FROM vault.person").fetchone() == (1,)
    assert owner_connection.execute(
        "SELECT DISTINCT t.name FROM vault.value v JOIN policy.term t ON t.id = v.source"
    ).fetchall() == [("website",)]
    assert api.counts()[("identify", "plan", "undeclared_property")] == 3


def test_traits_may_stand_in_the_context(api: Api, owner_connection: Any) -> None:
    assert _identify(api, traits={}, context={**AGREED, "traits": TRAITS}) == 200
    assert owner_connection.execute("SELECT count(*) FROM vault.person").fetchone() == (1,)
    assert api.counts() == {("identify", "plan", "undeclared_property"): 1}
    call = {"writeKey": api.key, "userId": "u-1", "context": {"traits": {"email": "noor@mail.example"}}}
    assert api.post("/v1/identify", call, BROWSER).status == 200
    assert api.counts()[("identify", "email", "identity_from_public_key")] == 1


def test_a_server_attaches_what_was_agreed_to(api: Api) -> None:
    _identify(api)
    browser = pseudonyms.person("product_fit", "a-1")
    account = pseudonyms.person("orders", "u-1", "user")
    found = edges.resolve(purpose="product_fit", pseudonyms=[browser])[browser]
    held = edges.pseudonyms_of(found.customer)
    assert {(edge.purpose, edge.pseudonym) for edge in held} == {
        ("orders", account),
        *((purpose, pseudonyms.person(purpose, "a-1")) for purpose in ("content", "product_fit")),
        *((purpose, pseudonyms.person(purpose, "u-1", "user")) for purpose in ("content", "product_fit")),
    }
    assert {(edge.made_by, edge.includes_before) for edge in held} == {("server_identify", False)}


def test_without_consent_no_browser_is_attached(api: Api) -> None:
    _identify(api, context={})
    account = pseudonyms.person("orders", "u-1", "user")
    found = edges.resolve(purpose="orders", pseudonyms=[account])[account]
    assert [edge.purpose for edge in edges.pseudonyms_of(found.customer)] == ["orders"]


def test_traits_that_cannot_be_read_are_counted(api: Api) -> None:
    traits = {**TRAITS, "phone": "12", "name": 5.5, "email": "noor@mail.example"}
    assert _identify(api, traits=traits) == 200
    assert {key: number for key, number in api.counts().items() if key[2] == "wrong_type"} == {
        ("identify", "phone", "wrong_type"): 1, ("identify", "name", "wrong_type"): 1,
    }  # fmt: skip


def test_what_the_gate_refuses_is_counted(api: Api, owner_connection: Any) -> None:
    assert _identify(api, traits={"name": "نور"}) == 200
    assert api.counts() == {("identify", "field_missing", "malformed"): 1}
    assert owner_connection.execute("SELECT count(*) FROM vault.person").fetchone() == (0,)


def test_an_identify_without_a_user_is_counted(api: Api) -> None:
    assert _identify(api, userId=None) == 200
    assert api.counts() == {("identify", "userId", "malformed"): 1}


def test_an_alias_joins_nobody(api: Api) -> None:
    call = {"writeKey": api.key, "userId": "u-1", "previousId": "a-1"}
    assert api.post("/v1/alias", call).status == 200
    assert api.counts() == {("alias", "", "undeclared_event"): 1}


def test_u2_the_owner_of_a_claimed_address_is_asked_once_to_confirm_it(api: Api) -> None:
    assert [_identify(api, context={**AGREED, "locale": "en-GB"}) for _ in range(3)] == [200] * 3
    assert list(Message.objects.values_list("kind", "content__reason_en")) == [
        ("confirmation", letters.WEBSITE_CONFIRMATION.reason.en)
    ]


def test_u2_an_address_is_not_asked_more_than_three_times_a_day_whoever_claims_it(api: Api) -> None:
    assert [_identify(api, userId=f"u-{number}") for number in range(5)] == [200] * 5
    assert Message.objects.count() == 3


def test_a_user_without_an_address_is_asked_nothing(api: Api) -> None:
    assert _identify(api, traits={"name": "نور العتيبي"}) == 200
    assert Message.objects.count() == 0
