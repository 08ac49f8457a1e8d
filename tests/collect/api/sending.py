"""Send events to a door as a server hands requests over, and look at what was kept."""

import asyncio
import base64
import json
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from amana.collect import event
from amana.collect.api.door import Door
from amana.collect.event import Event
from amana.collect.sources import Made
from tests.database import Connection

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)
SHOP = "https://redtag.example"
BROWSER = {"user-agent": PHONE, "origin": SHOP, "accept-language": "ar-AE,ar;q=0.9"}
EMIRATES = "5.195.20.7"
AGREED = {"consent": {"categoryPreferences": {"analytics": True, "personalisation": True}}}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Return the code of a refusal."""
        return str(self.json["code"])


@dataclass
class Api:
    """A running door, with a source and a view of what it wrote."""

    runner: asyncio.Runner
    door: Door
    made: Made
    app: Connection
    peer: str = EMIRATES
    kept: list[Event] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Return the public key of the source."""
        return self.made.sender.write_key

    def post(self, path: str, content: Any, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        """Post JSON, or bytes as they are."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.request("POST", path, body, BROWSER if headers is None else headers, **more)

    def track(
        self, name: str = "Product Viewed", headers: dict[str, str] | None = None, **more: Any
    ) -> Answer:
        """Post one track call with the public key in its body."""
        return self.post("/v1/track", {"writeKey": self.key, "event": name, **more}, headers)

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        parts: int = 1,
    ) -> Answer:
        """Send one request, its body in some parts."""
        return self.runner.run(self._request(method, path, body, headers or {}, parts))

    async def sent(self, path: str, content: Any) -> Answer:
        """Post JSON as a browser, beside others."""
        return await self._request("POST", path, json.dumps(content).encode(), BROWSER, 1)

    async def _request(
        self, method: str, path: str, body: bytes, headers: dict[str, str], parts: int
    ) -> Answer:
        size = -(-len(body) // parts) or 1
        pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "client": (self.peer, 50000),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        await self.door(scope, receive, send)
        return Answer(
            sent[0]["status"],
            {name.decode(): value.decode() for name, value in sent[0]["headers"]},
            sent[1]["body"],
        )

    def refresh(self) -> None:
        """Let the door read anew how the deployment stands."""
        self.runner.run(self.door.refresh())

    def events(self) -> list[Event]:
        """Return every event that was committed."""
        return [event.read(line) for line in self.lines()]

    def lines(self) -> list[str]:
        """Return the lines of every event that was committed."""
        rows = self.app.execute("SELECT line FROM collect_inbox_0 UNION ALL SELECT line FROM collect_inbox_1")
        return [line for (row,) in rows for line in row.split("\n")]

    def counts(self) -> dict[tuple[str, str, str], int]:
        """Return what was counted, by event, property and reason (empty: accepted)."""
        rows = self.app.execute(
            "SELECT event, property, reason, sum(count)::int FROM collect_dropped GROUP BY 1, 2, 3"
        )
        return {(name, of, reason): number for name, of, reason, number in rows}


def basic(key: str) -> dict[str, str]:
    """Return the header that carries a key as a server sends it."""
    return {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
