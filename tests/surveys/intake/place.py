"""A shop with a survey and a tablet, and a door that stands open for its answers."""

import asyncio
import json
import time
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from joserfc.jwk import ECKey

from amana.kernel import clock
from amana.surveys.intake import envelope, keys
from amana.surveys.intake.door import Door
from amana.surveys.intake.submission import Submission
from amana.surveys.models import Device, Envelope, Refused, Response

SHOP = "deira-city-centre"
EMIRATES = "5.195.20.7"
CLOSED: Mapping[str, Any] = {"overall": 4, "liked": ["staff", "prices"], "recommend": 9, "found_it": "yes"}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    said: Any

    @property
    def code(self) -> str:
        """Return the code of a refusal."""
        return str(self.said["code"])


@dataclass
class Tablet:
    """A tablet with a key of its own."""

    id: UUID
    key: ECKey
    sequence: int = 0

    def sign(self, text: bytes) -> bytes:
        """Sign an envelope or a few words of its own."""
        self.sequence += 1
        return envelope.sign(text, self.key, device=self.id, sequence=self.sequence)


def public(key: ECKey) -> dict[str, str]:
    """Return the public half of a tablet's key, as it is sent."""
    known = key.as_dict(private=False)
    return {name: str(known[name]) for name in ("kty", "crv", "x", "y")}


@dataclass
class Place:
    """A door that stands open, a survey published in the shop, and whoever answers."""

    runner: asyncio.Runner
    door: Door
    shop: int
    shop_slug: str
    peer: str = EMIRATES
    tablets: list[Tablet] = field(default_factory=list)

    def tablet(self, *, shop: int | None = None) -> Tablet:
        """Return a tablet that is enrolled for the shop, or for another."""
        key = ECKey.generate_key("P-256", auto_kid=False)
        made = Device.objects.create(
            shop=shop or self.shop, name="Till 1", key=public(key), enrolled_at=clock.now(), enrolled_by=1
        )
        self.refresh()
        self.tablets.append(Tablet(made.pk, key))
        return self.tablets[-1]

    def submission(self, answers: Mapping[str, Any] | None = None, **changed: Any) -> Submission:
        """Return one answered survey; its particulars as given."""
        now = int(time.time() * 1000)
        made: dict[str, Any] = {
            "id": uuid4(), "survey": "visit", "version": 1, "policy": 1, "language": "ar", "shop": self.shop_slug,
            "way": "qr", "started": now - 60_000, "answered": now - 1000, "answers": dict(answers or CLOSED),
        }  # fmt: skip
        return Submission(**{**made, **changed})

    def sealed(self, answers: Mapping[str, Any] | None = None, **changed: Any) -> bytes:
        """Return an envelope as a page sends it."""
        return envelope.seal(self.submission(answers, **changed), keys.public_jwk())

    def signed(self, tablet: Tablet, answers: Mapping[str, Any] | None = None, **changed: Any) -> bytes:
        """Return an envelope as a tablet sends it."""
        return tablet.sign(self.sealed(answers, **{"way": "tablet", **changed}))

    def post(self, *lines: bytes, **headers: str) -> Reply:
        """Post envelopes."""
        given = {"content-type": "application/jose", **headers}
        return self.request("POST", "/v1/surveys/answers", b"\n".join(lines), given)

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send one request as a server hands it over."""
        return self.runner.run(self._request(method, path, body, headers or {}))

    async def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)] or [b""]
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        given = {"content-length": str(len(body)), **headers}
        scope = {
            "type": "http", "method": method, "path": path, "client": (self.peer, 50000),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }  # fmt: skip
        await self.door(scope, receive, send)
        head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Reply(sent[0]["status"], head, json.loads(sent[1]["body"]))

    def refresh(self) -> None:
        """Let the door read anew how the deployment stands."""
        self.runner.run(self.door.refresh())


def waiting() -> set[UUID]:
    """Return the numbers of the envelopes that wait."""
    return set(Envelope.objects.values_list("pk", flat=True))


def taken() -> Sequence[Response]:
    """Return the responses, in the order in which they were answered."""
    return list(Response.objects.order_by("answered_at", "key"))


def refused() -> dict[UUID, str]:
    """Return why which envelopes were refused."""
    return dict(Refused.objects.values_list("key", "reason"))
