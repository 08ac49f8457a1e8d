"""Two origins on this machine: a shop's website that carries the tag, and a receiver that writes down what it sends."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Page

from amana.collect.tag.script import minified

PATIENCE_SECONDS = 10.0
KEY = "a-write-key"
STOPPED = ("personalisation", "analytics")


@dataclass(frozen=True)
class Request:
    """One request as it reached the receiver."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[dict[str, Any]]:
        """Return the events of a batch."""
        return list(json.loads(self.body)["batch"])


@dataclass
class Receiver:
    """Where the tag is fetched from and sends to."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    # Numbers of the reports of engaged time that never arrive.
    losing: set[int] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def events(self, name: str = "", *, at_least: int = 0) -> list[dict[str, Any]]:
        """Return what has arrived, by name (`page` for page views), once there are that many, as it happened."""
        with self.changed:
            enough = self.changed.wait_for(lambda: len(self._found(name)) >= at_least, PATIENCE_SECONDS)
            assert enough, f"{len(self._found(name))} of {at_least} {name or 'events'}: {self._found('')}"
            return self._found(name)

    def engaged(self, *, at_least: int = 1) -> dict[str, int]:
        """Return the engaged time of each view in ms, as the lake reckons it: the largest total counts."""
        totals: dict[str, int] = {}
        for event in self.events("Time Engaged", at_least=at_least):
            told = event["properties"]
            totals[told["view"]] = max(totals.get(told["view"], 0), told["engaged_ms"])
        return totals

    def note(self, request: Request) -> None:
        """Write a request down, unless it gets lost."""
        told = request.events[0].get("properties", {}) if request.method == "POST" else {}
        if told.get("sequence") in self.losing:
            return
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()

    def _found(self, name: str) -> list[dict[str, Any]]:
        posted = [event for one in self.requests if one.method == "POST" for event in one.events]
        found = [event for event in posted if name in ("", event.get("event"), event["type"])]
        # Each beacon has a connection of its own, and one may overtake another.
        return sorted(found, key=lambda event: str(event["timestamp"]))


@dataclass
class Website:
    """A shop's pages by path, each with the head that carries the tag."""

    port: int = 0
    pages: dict[str, str] = field(default_factory=dict)
    policy: str = ""
    scripts: dict[str, bytes] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Return its address without a slash."""
        return f"http://127.0.0.1:{self.port}"


def until(page: Page, expression: str) -> None:
    """Ask until something is true in the page; its own clock, by which the driver would wait, may stand still."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression


def page(receiver: Receiver, title: str, body: str = "") -> str:
    """Return a page with the tag in its head."""
    tag = f'<script async src="http://127.0.0.1:{receiver.port}/amana.js" data-key="{KEY}"></script>'
    return (
        f"<!doctype html><html lang=en><title>{title}</title>{tag}<body><h1>{title}</h1>{body}</body></html>"
    )


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, kind: str, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _receiving(receiver: Receiver) -> type[_Answers]:
    class Receiving(_Answers):
        def do_GET(self) -> None:
            receiver.note(Request("GET", self.path, dict(self.headers), b""))
            found = self.path.endswith("amana.js")
            script = minified(STOPPED).encode() if found else b""
            # No CORS and no cookie: a plain script of another origin.
            self._answer(200 if found else 404, "text/javascript", script, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.note(Request("POST", self.path, dict(self.headers), body))
            self._answer(200, "application/json", b'{"success":true}', {})

    return Receiving


def _showing(website: Website) -> type[_Answers]:
    class Showing(_Answers):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            headers = {"Content-Security-Policy": website.policy} if website.policy else {}
            if path in website.scripts:
                self._answer(200, "text/javascript", website.scripts[path], {})
            else:
                found = website.pages.get(path, "no icon" if path == "/favicon.ico" else None)
                self._answer(
                    200 if found else 404, "text/html; charset=utf-8", (found or "").encode(), headers
                )

    return Showing


@contextmanager
def _serving(answers: type[_Answers]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@contextmanager
def running() -> Iterator[tuple[Website, Receiver]]:
    """Serve both origins, each on a port of its own."""
    website, receiver = Website(), Receiver()
    with _serving(_showing(website)) as shop, _serving(_receiving(receiver)) as collector:
        website.port, receiver.port = shop, collector
        yield website, receiver
