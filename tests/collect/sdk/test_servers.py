"""Libraries for servers, three releases of two makers: told the host alone, all they send arrives, once, as judged."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.deployment import Deployment, deployment, until
from tests.collect.running.place import counts, full_disk, make_source, superuser, told, waiting
from tests.collect.sdk import proxy, sender

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sdk")]
OLDER = Path(sys.prefix) / "sdk" / "older"
LIBRARIES = {
    "segment 2.4.0": ("segment", "2.4.0", None),
    "segment 2.3.4": ("segment", "2.3.4", OLDER),
    "rudder 2.1.9": ("rudderstack", "2.1.9", None),
}


@pytest.fixture(scope="module")
def place() -> Iterator[Deployment]:
    """Return a deployment that runs as its product starts it."""
    with deployment() as made:
        made.prepare()
        server = made.serve("--processes", "1")
        yield made
        server.terminate()
        server.wait(20)


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> tuple[str, str, Path | None]:
    """Return each library: its name, its version, and where it lies if not among the rest."""
    found = LIBRARIES[request.param]
    if found[2] is not None and not found[2].is_dir():
        pytest.skip("deploy/sdk.sh has not been run")
    return found


def start(
    library: tuple[str, str, Path | None], key: str, host: str, packing: str = "plain"
) -> "subprocess.Popen[str]":
    """Start sending everything with a library."""
    name, _, where = library
    environment = {**os.environ, **({"PYTHONPATH": str(where)} if where else {})}
    words = [sys.executable, sender.__file__, name, key, host, packing]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(library: tuple[str, str, Path | None], sending: "subprocess.Popen[str]") -> None:
    """Wait until everything is sent; nothing of it may have failed for good."""
    out, complaints = sending.communicate(timeout=90)
    assert sending.returncode == 0, complaints
    assert json.loads(out) == {"version": library[1], "failed": []}


def host(place: Deployment) -> str:
    """Return where the server is."""
    return f"http://127.0.0.1:{place.port}"


def held(place: Deployment, source: str) -> list[dict[str, Any]]:
    """Return what the lake holds of a source once nothing waits any more."""
    assert until(lambda: waiting(place) == 0, 40)
    rows: list[dict[str, Any]] = told(place, "rows", source)
    return sorted(rows, key=lambda row: (row["event"], row["properties"].get("price", 0)))


def expected() -> list[dict[str, Any]]:
    """Return what is to be held of all that the sender sends: the declared, and no more."""
    browser = {
        "host": "redtag.example", "country": "AE", "device": "phone", "language": "", "visited": True,
    }  # fmt: skip
    page = {
        **browser, "call": "page", "event": "Page Viewed", "path": "/ar/", "title": "الرئيسية",
        "properties": {"name": "Home", "category": "Women"},
    }  # fmt: skip
    tracks = [
        {
            **browser, "call": "track", "event": "Product Viewed", "path": "/ar/p/1", "title": "",
            "properties": {"product_id": f"p-{number}", "price": number + 0.5, "currency": "AED"},
        }
        for number in range(sender.TRACKED)
    ]  # fmt: skip
    return [page, *tracks]


COUNTED = {
    ("Product Viewed", "", ""): sender.TRACKED,
    ("Product Viewed", "colour", "undeclared_property"): sender.TRACKED,
    ("Page Viewed", "", ""): 1,
    ("Undeclared", "", "undeclared_event"): 1,
    ("Screen Viewed", "", "undeclared_event"): 1,
    ("Group Joined", "", "undeclared_event"): 1,
    ("alias", "", "undeclared_event"): 1,
    ("identify", "plan", "undeclared_property"): 1,
}
NAMES = ("Product Viewed", "Page Viewed")


def test_c2_what_a_server_sends_is_what_is_held(
    place: Deployment, library: tuple[str, str, Path | None]
) -> None:
    made = make_source(place)
    end(library, start(library, made["secret"], host(place)))
    assert counts(place, made["number"]) == COUNTED
    assert held(place, made["number"]) == expected()
    # Whom it names came through the gate: one person, whichever library said so, for the one purpose that was allowed.
    with superuser(place) as session:
        assert session.execute("SELECT count(*) FROM vault.person").fetchone() == (1,)
    assert [trail[:2] for trail in told(place, "trails")] == [["product_fit", 1]]


def test_c2_with_a_public_key_nobody_is_named(
    place: Deployment, library: tuple[str, str, Path | None]
) -> None:
    made = make_source(place)
    end(library, start(library, made["public"], host(place), "gzip"))
    found = counts(place, made["number"])
    assert {of for _, of, why in found if why == "identity_from_public_key"} == {"email", "name", "userId"}
    assert found[("Product Viewed", "", "")] == sender.TRACKED


def test_c2_a_lost_answer_and_a_call_to_come_again_neither_lose_nor_double(
    place: Deployment, library: tuple[str, str, Path | None]
) -> None:
    made = make_source(place)
    with proxy.rough(place.port, "lost", 429, 503) as way:
        end(library, start(library, made["secret"], way.address, "gzip"))
        assert way.answers[:3] == ["lost", 429, 503]
        assert set(way.answers[3:]) == {200}
    assert held(place, made["number"]) == expected()
    assert sum(counts(place, made["number"]).get((name, "", "repeat"), 0) for name in NAMES) > 0


def test_c2_a_full_disk_is_waited_out(place: Deployment, library: tuple[str, str, Path | None]) -> None:
    made = make_source(place)
    with proxy.rough(place.port) as way:
        with full_disk(place):
            sending = start(library, made["secret"], way.address)
            assert until(lambda: way.answers.count(503) >= 2, 30), way.answers
            assert set(way.answers) == {503}
        end(library, sending)
    assert held(place, made["number"]) == expected()
