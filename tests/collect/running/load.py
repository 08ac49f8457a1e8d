"""Senders that note what they were told: events answered 200, and events of whose fate nothing is known."""

import base64
import http.client
import itertools
import json
import random
import threading
from dataclasses import dataclass, field

ANSWER_SECONDS = 15


@dataclass
class Sender:
    """One client on a connection of its own. A patient one sends the same again until it is answered 200."""

    port: int
    key: str
    name: str
    seed: int
    patient: bool
    answered: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)
    again: int = 0

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._over = threading.Event()
        self._chance = random.Random(self.seed)
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)

    @property
    def busy(self) -> bool:
        """Tell whether it still sends."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Send until stopped."""
        self._thread.start()

    def stop(self) -> None:
        """End after the request that is under way; a patient one after it was answered 200."""
        self._over.set()

    def _run(self) -> None:
        for first in itertools.count(step=40):
            numbers = [f"{self.name}-{first + at}" for at in range(self._chance.randint(1, 40))]
            self._send(numbers)
            if self._over.wait(self._chance.uniform(0, 0.02)):
                return

    def _send(self, numbers: list[str]) -> None:
        status = self._post(numbers)
        while self.patient and status != 200:
            self._over.wait(0.1)
            self.again += 1
            status = self._post(numbers)
        if status != 200:
            self._over.wait(0.1)
        (self.answered if status == 200 else self.unknown).update(numbers)

    def _post(self, numbers: list[str]) -> int:
        """Send events with these numbers and return the status, 0 where no answer came."""
        batch = [
            {"type": "track", "event": "Product Viewed", "messageId": n, "properties": {"product_id": n}}
            for n in numbers
        ]
        token = base64.b64encode(f"{self.key}:".encode()).decode()
        try:
            self._connection.request(
                "POST", "/v1/batch", json.dumps({"batch": batch}), {"Authorization": f"Basic {token}"}
            )
            answer = self._connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            self._connection.close()
            status = 0
        self.statuses[status] = self.statuses.get(status, 0) + 1
        return status
