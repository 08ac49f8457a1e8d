"""A rough way to the server: answers are lost, and senders are asked to come again."""

import http.client
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Rough(ThreadingHTTPServer):
    """Hands requests on to a port of this machine, after the first ones met with `mishaps`.

    A mishap is `lost` (the request arrives, its answer does not) or a status it answers by itself.
    """

    daemon_threads = True

    def __init__(self, to: int, mishaps: Sequence[str | int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.to = to
        self._mishaps = list(mishaps)
        self.answers: list[str | int] = []
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """Return its own address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next(self) -> str | int:
        """Return what happens to the next request; 0 for nothing in particular."""
        with self._lock:
            return self._mishaps.pop(0) if self._mishaps else 0

    def note(self, answer: str | int) -> None:
        """Remember what became of a request."""
        with self._lock:
            self.answers.append(answer)


class _Handler(BaseHTTPRequestHandler):
    server: Rough

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mishap = self.server.next()
        self.close_connection = True
        if isinstance(mishap, int) and mishap:
            self._answer(mishap, b'{"code":"busy","message":"Busy."}', "1")
            return
        onward = http.client.HTTPConnection("127.0.0.1", self.server.to, timeout=30)
        onward.request("POST", self.path, body, dict(self.headers))
        answer = onward.getresponse()
        content = answer.read()
        onward.close()
        if mishap:
            self.server.note(mishap)
            return
        self._answer(answer.status, content, answer.getheader("retry-after") or "")

    def _answer(self, status: int, content: bytes, retry_after: str) -> None:
        self.server.note(status)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        if retry_after:
            self.send_header("retry-after", retry_after)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words: Any) -> None:
        """Say nothing."""


@contextmanager
def rough(to: int, *mishaps: str | int) -> Iterator[Rough]:
    """Stand between a sender and the server at a port."""
    server = Rough(to, mishaps)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
