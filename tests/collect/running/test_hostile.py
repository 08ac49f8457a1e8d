"""Whatever strangers say to the running server: a refusal with its reason, the same process, the same memory."""

import gzip
import json
import random
import socket
from pathlib import Path

import pytest

from tests.cli.deployment import Deployment, processes
from tests.collect.running import raw

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running")]
MIB = 1024 * 1024
# What an allocator keeps for the next such request; what leaked would be many times as much.
GROWTH = 48 * MIB
PIECES = (
    '{"batch":[', '{"type":"track","event":"Product Viewed","properties":{"price":', '"messageId":"', "[", "]", "{",
    "}", '"', ",", ":", "null", "true", "-1e999", "1" * 400, "\\ud800", "\\u0000", "é", '"writeKey":7',
    '"context":[]', '"timestamp":"9999-99-99"', '"sentAt":-1', '"properties":{"products":[{"price":{}}]}',
)  # fmt: skip


def web(served: Deployment) -> int:
    """Return the process that answers: a child of the web server."""
    ours = processes(f"AMANA_HOME={served.home}")
    parents = {number for number, words in ours.items() if "granian" in words}
    for number in parents:
        stat = Path(f"/proc/{number}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
        if int(stat[1]) in parents:
            return number
    raise LookupError("no web process")


def bodies(key: str, seed: int) -> list[tuple[bytes, dict[str, str]]]:
    """Return hostile bodies, each with its headers."""
    chance = random.Random(seed)
    packed = {"content_encoding": "gzip"}
    bomb = gzip.compress(bytes(64 * MIB), 9)
    twice = gzip.compress(bomb, 9)
    deep = b'{"writeKey":"' + key.encode() + b'","properties":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    wrong = [
        {"writeKey": key, "batch": 5}, {"writeKey": key, "batch": [[], 5, None, "x"]}, {"writeKey": [], "batch": []},
        {"writeKey": key, "batch": [{"type": {}, "event": [], "properties": 7, "context": "x", "userId": {}}]},
        [], 5, None, "x",
    ]  # fmt: skip
    mixed = ["".join(chance.choices(PIECES, k=chance.randint(1, 60))).encode() for _ in range(60)]
    noise = [chance.randbytes(chance.randint(0, 4000)) for _ in range(30)]
    many = json.dumps({"writeKey": key, "batch": [{}] * 6000}).encode()
    return [
        (bomb, packed), (twice, packed), (deep, {}), (gzip.compress(deep), packed), (b"[" * MIB, {}),
        (b"x" * (MIB + 1), {}), (b"x" * 12 * MIB, {}), (many, {}), (gzip.compress(many)[:-9], packed),
        *((json.dumps(one).encode(), {}) for one in wrong),
        *((one, {}) for one in mixed), *((one, packed) for one in noise), *((one, {}) for one in noise),
    ]  # fmt: skip


def test_hostile_bodies_are_refused_and_memory_stays_flat(served: Deployment, source: dict[str, str]) -> None:
    process = web(served)
    found: set[int] = set()

    def round_of(seed: int) -> None:
        for body, headers in bodies(source["public"], seed):
            answer = raw.post(served.port, body, **headers)
            found.add(answer.status)
            told = json.loads(answer.body)
            assert set(told) == ({"success"} if answer.status == 200 else {"code", "message"})

    for seed in range(3):
        round_of(seed)
    before = raw.resident(process)
    for seed in range(3, 12):
        round_of(seed)
    grown = raw.resident(process) - before
    assert found <= {200, 400, 401, 413}
    assert (web(served), grown < GROWTH) == (process, True), grown


def test_huge_headers_are_refused_and_memory_stays_flat(served: Deployment) -> None:
    process = web(served)
    start = b"POST /v1/batch HTTP/1.1\r\nhost: x\r\n"
    huge = [
        start + b"x-a: " + b"a" * (10 * MIB) + b"\r\n\r\n",
        start + b"".join(b"x-%d: a\r\n" % number for number in range(500_000)) + b"\r\n",
        b"POST /v1/" + b"a" * (10 * MIB) + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        b"\x00" * MIB,
    ]
    found = {raw.say(served.port, content) for content in huge}
    before = raw.resident(process)
    for _ in range(3):
        found |= {raw.say(served.port, content) for content in huge}
    grown = raw.resident(process) - before
    assert found <= {0, 400, 414, 431}, found
    assert (web(served), grown < GROWTH) == (process, True), grown


def test_who_never_finishes_a_request_keeps_nobody_waiting(
    served: Deployment, source: dict[str, str]
) -> None:
    half = b"POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n" + b'{"batch":['
    body = json.dumps({"writeKey": source["secret"], "event": "Product Viewed", "messageId": "h"}).encode()
    slow = [socket.create_connection(("127.0.0.1", served.port), timeout=10) for _ in range(300)]
    try:
        for one in slow:
            one.sendall(half)
        assert raw.post(served.port, body, path="/v1/track").status == 200
    finally:
        for one in slow:
            one.close()
    assert raw.post(served.port, body, path="/v1/track").status == 200
