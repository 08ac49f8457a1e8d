"""Whatever is sent, the answer is a refusal with its reason or a counted loss, and memory stays flat."""

import asyncio
import gzip
import json
import tracemalloc
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amana.collect.api import bodies
from amana.collect.api.refusals import EventsRefused
from amana.kernel.doors import Gone
from tests.collect.api.sending import BROWSER, PHONE, SHOP, Api, basic

MIB = 1024 * 1024
WHATEVER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["type", "event", "userId", "anonymousId", "messageId", "timestamp", "sentAt", "properties", "traits",
     "context", "name", "category", "originalTimestamp", "integrations"]
)  # fmt: skip
CALLS = st.dictionaries(
    NAMES,
    WHATEVER | st.sampled_from(["track", "page", "identify", "Product Viewed", "Page Viewed"]),
    max_size=8,
)
TRIES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@TRIES
@given(call=CALLS)
def test_any_call_is_taken_or_refused_with_a_reason(api: Api, call: dict[str, Any]) -> None:
    for path, content in (
        ("/v1/track", {**call, "writeKey": api.key}),
        ("/v1/b", {"writeKey": api.key, "batch": [call]}),
    ):
        answer = api.post(path, content)
        assert (answer.status, "success" in answer.json) in ((200, True), (400, False))


@TRIES
@given(
    properties=st.dictionaries(
        st.sampled_from(["price", "name", "currency", "products", "size", "x"]), WHATEVER
    )
)
def test_any_properties_are_kept_or_counted(api: Api, properties: dict[str, Any]) -> None:
    for name in ("Product Viewed", "Cart Viewed"):
        assert api.track(name, properties=properties).status in (200, 400)
    assert all(
        set(kept.properties or {}) <= {"price", "name", "currency", "products", "size"}
        for kept in api.events()
    )


@TRIES
@given(body=st.binary(max_size=200))
def test_any_bytes_are_refused(api: Api, body: bytes) -> None:
    for headers in (BROWSER, {**BROWSER, "content-encoding": "gzip"}):
        answer = api.post("/v1/b", body, headers)
        assert (400 <= answer.status < 500, set(answer.json)) == (True, {"code", "message"})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "event_body_unreadable"),
        (b"[" * 900_000, "event_body_unreadable"),
        (b'{"a":' * 100_000, "event_batch_too_long"),
        (b'{"properties":' * 5_000 + b"1" + b"}" * 5_000, "event_body_unreadable"),
        (b'{"properties":' + b"[" * 60_000 + b"]" * 60_000 + b"}", "event_body_unreadable"),
        (b'{"batch":[' + b"{}," * 45_000 + b"{}]}", "event_batch_too_long"),
        (b'{"batch":[' + b"5," * 20_000 + b"5]}", "event_batch_too_long"),
        (b"\xff\xfe{}", "event_body_unreadable"),
        (b'{"event":"\xff"}', "event_body_unreadable"),
        (b'{"event":"\\ud800"}', "event_body_unreadable"),
        (b"{} {}", "event_body_unreadable"),
        (b'"text"', "event_body_unreadable"),
        (b" " * (MIB + 1), "event_body_too_large"),
    ],
)
def test_hostile_bodies(api: Api, body: bytes, code: str) -> None:
    for path in ("/v1/b", "/v1/t"):
        answer = api.post(path, body)
        assert answer.status in (400, 401, 413)
        if path == "/v1/b":
            assert answer.code == code


def test_a_zip_bomb_is_refused_without_being_built(api: Api) -> None:
    bomb = gzip.compress(b" " * (200 * MIB), compresslevel=9)
    assert len(bomb) < MIB
    # What the first request reads of the policy is not the bomb's.
    assert api.post("/v1/b", b"not gzip", {**BROWSER, "content-encoding": "gzip"}).status == 400
    tracemalloc.start()
    try:
        answer = api.post("/v1/b", bomb, {**BROWSER, "content-encoding": "gzip"})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (answer.status, answer.code) == (413, "event_body_too_large")
    assert peak < 8 * MIB


def test_memory_stays_flat_under_hostile_bodies(api: Api) -> None:
    hostile = [
        b"[" * 100_000,
        b'{"batch":[' + b"{}," * 3000 + b"{}]}",
        gzip.compress(b"{" * MIB),
        json.dumps("x" * MIB).encode(),
    ]
    for body in hostile:
        api.post("/v1/b", body)
    tracemalloc.start()
    try:
        for _ in range(20):
            for body in hostile:
                api.post("/v1/b", body)
        now, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now < MIB


def test_nothing_remembers_long_texts_of_a_stranger(api: Api) -> None:
    def calls(number: int) -> list[dict[str, Any]]:
        long = f"{number}" + "x" * (MIB // 2)
        agreed = {f"{number}.{one}": True for one in range(20_000)}
        context: dict[str, Any] = {"page": {"path": long}}
        return [
            {"context": context},
            {"context": {"page": {"url": f"{SHOP}/?utm_source=a&{long}"}}},
            {"context": {"locale": long}},
            {"context": {"library": {"name": "l"}, "userAgent": "Shop/1 " + long}},
            {"anonymousId": "a", "context": {"consent": {"categoryPreferences": agreed}}},
        ]

    for call in calls(0):
        assert api.track(**call).status == 200
    tracemalloc.start()
    try:
        for number in range(1, 11):
            for call in calls(number):
                api.track(
                    headers={"user-agent": "Relay/1" if "library" in call["context"] else PHONE}, **call
                )
        now, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now < 4 * MIB


def test_who_does_not_come_to_an_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    monkeypatch.setattr(bodies, "SLOWEST_SECONDS", 0.01)
    for length in (b"10", b"10000000"):
        with pytest.raises(Gone):
            asyncio.run(bodies.read({b"content-length": length}, receive))


EMPTY = gzip.compress(b"{}", mtime=0)


@pytest.mark.parametrize("body", [b"not gzip", EMPTY[:-4], EMPTY + b"x", zlib.compress(b"{}")])
def test_broken_gzip_is_refused(body: bytes) -> None:
    with pytest.raises(EventsRefused) as refused:
        bodies.inflated(body)
    assert refused.value.code == "event_gzip_broken"


def test_other_encodings_are_refused(api: Api) -> None:
    assert api.post("/v1/b", b"{}", {**BROWSER, "content-encoding": "br"}).code == "event_encoding_unknown"


def test_a_body_that_says_it_is_large_is_not_read(api: Api) -> None:
    for length in ("1048577", "9" * 30):
        answer = api.post("/v1/b", b"{}", {**BROWSER, "content-length": length})
        assert (answer.status, answer.code) == (413, "event_body_too_large")


@pytest.mark.parametrize(
    "header", ["x-forwarded-for", "accept-language", "user-agent", "origin", "authorization", "sec-gpc"]
)
def test_huge_and_odd_headers_do_no_harm(api: Api, header: str) -> None:
    for value in ("x" * 100_000, "", ",,,;;;=", "\u00e9\u00ff", "Basic ====", "Bearer x"):
        answer = api.track(headers={**BROWSER, header: value})
        assert answer.status in (200, 401, 403)


def test_numbers_for_identifiers_and_absent_parts_are_taken(api: Api) -> None:
    call = {"event": "Product Viewed", "userId": 7, "anonymousId": 8, "context": None, "properties": None}
    assert api.post("/v1/t", call, basic(api.made.server_key)).status == 200
