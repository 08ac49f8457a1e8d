"""Say anything to the running server, over a plain socket or as one request."""

import http.client
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ANSWER_SECONDS = 40


@dataclass(frozen=True)
class Answer:
    """What came back: 0 where the server hung up."""

    status: int
    body: bytes
    retry_after: str | None = None


def post(port: int, body: bytes, *, path: str = "/v1/batch", **headers: str) -> Answer:
    """Send one body on a connection of its own; underscores of a header's name stand for hyphens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("POST", path, body, named)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(), answer.getheader("retry-after"))
    except (http.client.HTTPException, ConnectionError):
        return Answer(0, b"")
    finally:
        connection.close()


def say(port: int, content: bytes) -> int:
    """Write bytes to the server as they are, and return the status of its answer; 0 where it hung up without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as raw:
        with suppress(ConnectionError):  # it may answer before it has read everything
            raw.sendall(content)
        first: list[bytes] = []
        with suppress(ConnectionError):
            first = raw.recv(64).split()
    return int(first[1]) if len(first) > 1 else 0


def resident(process: int) -> int:
    """Return how many bytes of memory a process holds."""
    for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
