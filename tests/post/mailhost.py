"""A mail server for tests: a real one, that refuses, delays or dies where a test says so."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

DIE = "die"


@dataclass
class Mailhost:
    """What the server does with each recipient, and what it took."""

    at_recipient: dict[str, str] = field(default_factory=dict)
    at_content: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    connections: int = 0
    before_answer: Callable[[str], None] = lambda _: None
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def recipients(self) -> list[str]:
        """Return who got mail, in order."""
        return [to for to, _, _ in self.taken]

    @property
    def url(self) -> str:
        """Return the server's SMTP URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        """Count connections."""
        session.host_name = name
        self.connections += 1
        return answers

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient unless the test refuses it."""
        if address in self.at_recipient:
            return self._said(server, self.at_recipient[address])
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the content unless the test refuses it, or take it and die before saying so."""
        to = envelope.rcpt_tos[0]
        self.before_answer(to)
        answer = self.at_content.get(to, "250 OK")
        if answer.startswith("250") or answer == DIE:
            with self.lock:
                self.taken.append((to, envelope.mail_from or "", envelope.original_content or b""))
        return self._said(server, answer)

    def _said(self, server: SMTP, answer: str) -> str:
        if answer == DIE:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        return answer


@contextmanager
def running(host: Mailhost) -> Iterator[Mailhost]:
    """Run the server on a free loopback port."""

    class OnFreePort(Controller):
        def _trigger_server(self) -> None:
            assert isinstance(self.server, asyncio.Server)
            host.port = self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()  # type: ignore[no-untyped-call]

    controller = OnFreePort(
        host, hostname="127.0.0.1", port=0, server_hostname="mail.example", enable_SMTPUTF8=False
    )
    controller.start()
    host.connections = 0
    try:
        yield host
    finally:
        controller.stop()
