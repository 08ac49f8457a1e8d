"""A tablet in a shop whose network is cut: it keeps what it was not told is kept, and sends it again."""

import http.client
import json
import random
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from joserfc.jwk import ECKey

from amana.surveys.intake import envelope
from amana.surveys.intake.submission import Submission
from tests.cli.deployment import Deployment
from tests.surveys.intake.place import public

ANSWER_SECONDS = 15
PATH = "/v1/surveys/answers"


def told(place: Deployment, *words: str) -> Any:
    """Let something be done with the deployment's surveys, and return what was said of it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.surveys.intake.running.story", *words],
        env={**place.environment(), "DJANGO_SETTINGS_MODULE": "amana.web.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@dataclass
class Tablet:
    """One tablet: what it has not been told is kept, and all that it ever made."""

    port: int
    device: UUID
    key: ECKey
    server: dict[str, str]
    shop: str
    seed: int
    unsent: dict[str, bytes] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    people: int = 0
    sequence: int = 0
    statuses: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def answer(self, number: int = 1) -> None:
        """Let so many visitors answer, some with words."""
        for _ in range(number):
            now = int(time.time() * 1000)
            answers: dict[str, Any] = {
                "overall": self.chance.randint(1, 5),
                "recommend": self.chance.randint(0, 10),
            }
            if self.chance.random() < 0.3:
                answers |= {"why": "كل شيء جميل", "use_words": True}
                self.people += 1
            given = Submission(
                id=uuid4(), survey="visit", version=1, policy=1, language="ar", shop=self.shop, way="tablet",
                started=now - 30_000, answered=now, answers=answers,
            )  # fmt: skip
            self.sequence += 1
            sealed = envelope.seal(given, self.server)
            self.unsent[str(given.id)] = envelope.sign(
                sealed, self.key, device=self.device, sequence=self.sequence
            )
            self.made.add(str(given.id))

    def request(self) -> bytes:
        """Return the request by which everything unsent is sent."""
        body = b"\n".join(self.unsent.values())
        head = (
            f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/jose\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        return head.encode() + body

    def cut(self, *, up: int | None, down: int | None, hard: bool) -> None:
        """Send everything unsent over a line that is cut after so many bytes up, or down. What is told counts."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS)
        heard = b""
        with raw, suppress(OSError):
            if hard:
                # A reset instead of an orderly end: what was sent and not yet read is lost with it.
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.sendall(self.request()[:up])
            while up is None and (down is None or len(heard) < down):
                piece = raw.recv(min(4096, 4096 if down is None else down - len(heard)))
                if not piece:
                    break
                heard += piece
        self._hear(heard)

    def _hear(self, heard: bytes) -> None:
        head, _, body = heard.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 200"):
            with suppress(json.JSONDecodeError):
                self._forget(json.loads(body))

    def _forget(self, said: Any) -> None:
        for number in said["kept"]:
            self.unsent.pop(number, None)

    def send(self) -> int:
        """Send everything unsent, at most 1,000 at a time, over a whole line; return the last status."""
        status = 0
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            for lines in self._parts():
                connection.request("POST", PATH, b"\n".join(lines), {"content-type": "application/jose"})
                reply = connection.getresponse()
                body = reply.read()
                status = reply.status
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status != 200:
                    break
                self._forget(json.loads(body))
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        return status

    def _parts(self) -> list[list[bytes]]:
        lines = list(self.unsent.values())
        return [lines[start : start + 1000] for start in range(0, len(lines), 1000)]


class Visitors(threading.Thread):
    """Visitors who answer on a tablet, which sends now and then, until they are told to rest or to stop."""

    def __init__(self, tablet: Tablet) -> None:
        super().__init__(daemon=True)
        self.tablet = tablet
        self._over = threading.Event()
        self.resting = threading.Event()

    def run(self) -> None:
        """Answer and send, and send what is left at the end."""
        while not self._over.is_set():
            if len(self.tablet.unsent) < 500 and not self.resting.is_set():
                self.tablet.answer(self.tablet.chance.randint(1, 20))
            self.tablet.send()
            self._over.wait(self.tablet.chance.uniform(0, 0.3))
        while self.tablet.unsent:
            self.tablet.send()
            time.sleep(0.1)

    def stop(self) -> None:
        """End once everything is sent."""
        self._over.set()


def tablets(place: Deployment, number: int, *, seed: int) -> list[Tablet]:
    """Make a running deployment's shops and surveys, and some tablets."""
    own = [ECKey.generate_key("P-256", auto_kid=False) for _ in range(number)]
    made = told(place, "prepare", *(json.dumps(public(key)) for key in own))
    return [
        Tablet(place.port, UUID(device), key, made["key"], made["shop"], seed + at)
        for at, (device, key) in enumerate(zip(made["devices"], own, strict=True))
    ]
