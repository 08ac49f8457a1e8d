"""A browser whose visitor signed in: the word says whose it is, the consent for what; nothing else is believed."""

from typing import Any

import pytest

from amana.collect import pseudonyms
from amana.customers.identity import queries as edges
from amana.customers.identity import tokens
from amana.kernel.ids import CustomerId
from tests.collect.api.sending import AGREED, BROWSER, Api
from tests.gate.operations import erase
from tests.world import World

ANONYMOUS = "1q2w3e4r5t6y7u8i9o0pasdf"


@pytest.fixture
def noor(api: Api, world: World) -> CustomerId:
    """Return a confirmed shopper."""
    return world.shopper()


def word(customer: CustomerId, *, before: bool = False) -> str:
    return tokens.make(customer=customer, browser=ANONYMOUS[-8:], includes_before=before)


def hand(api: Api, handover: str, headers: dict[str, str] | None = None, **more: Any) -> None:
    """Hand a word over as the tag does."""
    call = {
        "type": "identify", "messageId": "m", "anonymousId": ANONYMOUS,
        "context": {**AGREED, "handover": handover}, **more,
    }  # fmt: skip
    batch = {"writeKey": api.key, "batch": [call]}
    assert api.post("/v1/batch", batch, headers or BROWSER).status == 200


def linked(customer: CustomerId) -> list[tuple[str, str, str, bool]]:
    return sorted(
        (e.purpose, e.pseudonym, e.made_by, e.includes_before) for e in edges.pseudonyms_of(customer)
    )


def browser(*, before: bool) -> list[tuple[str, str, str, bool]]:
    return [
        (purpose, pseudonyms.person(purpose, ANONYMOUS), "sign_in", before)
        for purpose in ("content", "product_fit")
    ]


@pytest.mark.parametrize("before", [False, True])
def test_c2_a_browser_is_linked_for_what_was_allowed(api: Api, noor: CustomerId, before: bool) -> None:
    hand(api, word(noor, before=before))
    assert (linked(noor), api.events(), api.counts()) == (browser(before=before), [], {})


def test_c2_nothing_else_of_the_call_is_believed(api: Api, noor: CustomerId, owner_connection: Any) -> None:
    hand(api, word(noor), userId="u-1", traits={"email": "salem@mail.example"})
    assert linked(noor) == browser(before=False)
    assert api.counts() == {("identify", "email", "identity_from_public_key"): 1}
    assert owner_connection.execute("SELECT count(*) FROM vault.person").fetchone() == (1,)


def test_c2_a_word_links_once_and_only_the_browser_that_asked(api: Api, noor: CustomerId) -> None:
    made = word(noor)
    hand(api, made, anonymousId="a" * 24)
    assert linked(noor) == []
    hand(api, made)
    hand(api, made, anonymousId="b" * 16 + ANONYMOUS[-8:])
    hand(api, "forged")
    assert linked(noor) == browser(before=False)
    assert api.counts() == {("identify", "handover_ended", "malformed"): 3}


def test_c2_without_consent_or_with_the_signal_no_browser_is_linked(api: Api, noor: CustomerId) -> None:
    hand(api, word(noor), context={"handover": word(noor)})
    hand(api, word(noor), headers={**BROWSER, "sec-gpc": "1"})
    assert linked(noor) == []
    assert api.counts() == {
        ("identify", "handover", "id_without_consent"): 1,
        ("identify", "handover", "gpc"): 1,
    }


def test_one_word_in_a_request_and_none_without_a_browser(api: Api, noor: CustomerId) -> None:
    context = {**AGREED, "handover": "x"}
    calls = [{"type": "identify", "anonymousId": ANONYMOUS, "context": context} for _ in range(3)]
    calls.append({"type": "identify", "context": context})
    assert api.post("/v1/batch", {"writeKey": api.key, "batch": calls}).status == 200
    assert api.counts() == {
        ("identify", "handover_ended", "malformed"): 1,
        ("identify", "handover", "malformed"): 3,
    }


def test_r3_a_word_of_somebody_erased_links_nothing(api: Api, world: World, noor: CustomerId) -> None:
    made = word(noor)
    erase(world, noor)
    hand(api, made)
    assert (linked(noor), api.counts()) == ([], {("identify", "handover_ended", "malformed"): 1})
