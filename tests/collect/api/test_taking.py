"""Segment's wire: every address, every way to name the key, and no answer before the commit."""

import gzip
import json

import pytest

from amana.collect import sources
from amana.collect.api.taking import ROUTES
from tests.collect.api.sending import BROWSER, SHOP, Api, basic

PRODUCT = {"product_id": "p-1", "price": 19.5}


def test_c2_an_event_is_committed_before_it_is_answered(api: Api) -> None:
    answer = api.track(properties=PRODUCT, messageId="m-1")
    assert (answer.status, answer.body) == (200, b'{"success":true}')
    [kept] = api.events()
    assert (kept.event, kept.call, kept.properties) == ("Product Viewed", "track", PRODUCT)
    assert (kept.source, kept.policy, len(kept.key)) == (api.made.sender.id, 1, 32)


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_every_address_takes_events(api: Api, path: str) -> None:
    content = {"writeKey": api.key, "event": "Product Viewed", "properties": PRODUCT}
    body = {"writeKey": api.key, "batch": [{"type": "track", **content}]} if "b" in path[4:5] else content
    assert api.post(path, body).status == 200


def test_c2_a_page_call_is_the_page_viewed(api: Api) -> None:
    page = {
        "path": "/ar/abayas", "url": f"{SHOP}/ar/abayas?token=1", "title": "عبايات",
        "referrer": "https://www.google.com/search?q=x", "search": "?utm_source=news&q=عباية",
    }  # fmt: skip
    assert api.post("/v1/p", {"writeKey": api.key, "properties": page}).status == 200
    [kept] = api.events()
    assert (kept.call, kept.event) == ("page", "Page Viewed")
    assert (kept.host, kept.path, kept.title) == ("redtag.example", "/ar/abayas", "عبايات")
    assert (kept.referrer, kept.search) == ("www.google.com", "عباية")


def test_a_batch_keeps_each_event(api: Api) -> None:
    batch = [{"type": "track", "event": "Product Viewed", "messageId": f"m-{n}"} for n in range(250)]
    answer = api.post("/v1/batch", {"batch": batch}, basic(api.made.server_key))
    assert (answer.status, len(api.events())) == (200, 250)
    assert len({kept.key for kept in api.events()}) == 250
    assert api.counts() == {("Product Viewed", "", ""): 250}


def test_the_same_message_has_the_same_key(api: Api) -> None:
    for message in ("m-1", "m-1", "m-2"):
        api.track(messageId=message)
    first, again, other = (kept.key for kept in api.events())
    assert (first == again, first == other) == (True, False)


def test_gzip_and_text_plain_and_parts(api: Api) -> None:
    content = {"writeKey": api.key, "event": "Product Viewed"}
    body = gzip.compress(json.dumps(content).encode())
    packed = api.request("POST", "/v1/t", body, {**BROWSER, "content-encoding": "gzip"}, parts=5)
    plain = api.post("/v1/t", content, {**BROWSER, "content-type": "text/plain"}, parts=3)
    assert (packed.status, plain.status, len(api.events())) == (200, 200, 2)


def test_half_a_mebibyte_is_taken(api: Api) -> None:
    event = {"type": "track", "event": "Product Viewed", "properties": {"name": "x" * 190}, "more": "y" * 700}
    body = json.dumps({"batch": [event] * 700}).encode()
    assert len(body) > 512 * 1024
    headers = {**basic(api.made.server_key), "content-encoding": "gzip"}
    assert api.request("POST", "/v1/b", gzip.compress(body), headers).status == 200
    assert len(api.events()) == 700


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods_are_refused_with_a_reason(api: Api, method: str) -> None:
    answer = api.request(method, "/v1/batch")
    assert (answer.status, answer.code, answer.headers["allow"]) == (
        405,
        "event_method_refused",
        "POST, OPTIONS",
    )


@pytest.mark.parametrize("path", ["/v1/", "/v1/tracks", "/v1/import"])
def test_other_addresses_are_refused_with_a_reason(api: Api, path: str) -> None:
    assert [api.request(method, path).code for method in ("GET", "POST")] == ["event_address_unknown"] * 2


def test_keys_come_by_basic_authentication_or_in_the_body(api: Api) -> None:
    event = {"type": "track", "event": "Product Viewed"}
    answers = [
        api.post("/v1/t", event, {**BROWSER, **basic(api.key)}),
        api.post("/v1/t", event, basic(api.made.server_key)),
        api.post("/v1/b", {"batch": [{**event, "writeKey": api.key}]}),
        api.post("/v1/b", {"batch": [event], "writeKey": api.key}),
    ]
    assert [answer.status for answer in answers] == [200] * 4


def test_unknown_missing_and_closed_keys_are_refused(api: Api) -> None:
    event = {"event": "Product Viewed"}
    assert api.post("/v1/t", event).code == "event_key_missing"
    assert api.post("/v1/t", {**event, "writeKey": "nobody's"}).code == "event_key_unknown"
    assert api.post("/v1/t", event, {"authorization": "Basic ???"}).code == "event_key_missing"
    sources.close(source=api.made.sender.id, by=1)
    api.refresh()
    answer = api.track()
    assert (answer.status, answer.code, api.events()) == (401, "event_key_unknown", [])


def test_a_replaced_key_no_longer_sends(api: Api) -> None:
    renewed = sources.replace_write_key(source=api.made.sender.id, by=1)
    api.refresh()
    assert api.track().code == "event_key_unknown"
    assert api.post("/v1/t", {"writeKey": renewed.write_key, "event": "Product Viewed"}).status == 200


def test_pages_of_other_sites_may_not_send(api: Api) -> None:
    answer = api.track(headers={**BROWSER, "origin": "https://elsewhere.example"})
    assert (answer.status, answer.code, api.events()) == (403, "event_origin_refused", [])
    assert "access-control-allow-origin" not in answer.headers
    api.runner.run(api.door.refresh())


def test_browsers_of_the_shop_may_read_the_answer_and_ask_first(api: Api) -> None:
    assert api.track().headers["access-control-allow-origin"] == SHOP
    assert api.track(headers=BROWSER, name="x").headers["access-control-allow-origin"] == SHOP
    asked = api.request("OPTIONS", "/v1/t", headers={"origin": SHOP, "access-control-request-method": "POST"})
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == SHOP
    assert asked.headers["access-control-allow-methods"] == "POST"
    stranger = api.request("OPTIONS", "/v1/t", headers={"origin": "https://elsewhere.example"})
    assert (stranger.status, stranger.code) == (403, "event_origin_refused")


def test_refusals_speak_the_senders_language(api: Api) -> None:
    said = {
        tongue: api.post("/v1/t", b"{", {**BROWSER, "accept-language": tongue}).json["message"]
        for tongue in ("ar-AE", "en")
    }
    assert said == {
        "ar-AE": "محتوى الطلب ليس JSON سليمًا من هذا النوع.",
        "en": "The body is no JSON of this kind: see the field and type of each value.",
    }
