"""The mail server of the deployment: on a loopback port, behind a mail exchanger or for the demo."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from amana.post import demo, intake, mailbox, parse
from amana.post.intake import Rooms
from amana.retailer import queries as retailer

SIZE = 10 * 1024 * 1024
RECIPIENTS = 100
TIMEOUT = 120.0
log = logging.getLogger(__name__)
# aiosmtpd writes every address it hears into its log.
logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)


class Lenient(SMTP):
    """SMTP that takes longer lines than RFC 5321, section 4.5.3.1.6 allows, rather than lose a mail."""

    line_length_limit = 1 << 20


class Reception:
    """What happens at each step of an SMTP conversation; the database works in threads beside it."""

    def __init__(self, rooms: Rooms, threads: ThreadPoolExecutor) -> None:
        self._rooms = rooms
        self._threads = threads

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take recipients that live here, and relay for nobody."""
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not intake.is_ours(address, rooms=self._rooms):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer 250 when the mail is stored for every recipient, else 451: then the sender keeps it."""
        content = envelope.original_content or b""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, self._store, tuple(envelope.rcpt_tos), content)
        except Exception as error:  # noqa: BLE001  (whatever fails here, the sender must keep the mail)
            log.error("a mail was not stored and was left with its sender: %s", type(error).__name__)
            return "451 4.3.0 Not stored, please try again later"
        return "250 2.0.0 Stored"

    async def handle_exception(self, error: Exception) -> str:
        """Answer for now and never for good when something else breaks."""
        log.error("a conversation with a mail server broke: %s", type(error).__name__)
        return "451 4.3.0 Please try again later"

    def _store(self, recipients: tuple[str, ...], raw: bytes) -> None:
        close_old_connections()
        try:
            for recipient in recipients:
                intake.receive(recipient=recipient, raw=raw, rooms=self._rooms)
        finally:
            close_old_connections()


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens."""

    host: str
    port: int


async def _serve(
    rooms: Rooms, host: str, port: int, ready: Callable[[Listening], None], end: asyncio.Event
) -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(4, thread_name_prefix="mail") as threads:
        reception = Reception(rooms, threads)

        def conversation() -> SMTP:
            return Lenient(
                reception,
                data_size_limit=SIZE,
                enable_SMTPUTF8=True,
                hostname=rooms.domain,
                ident="Amana",
                timeout=TIMEOUT,
                loop=loop,
            )

        server = await loop.create_server(conversation, host, port)
        async with server:
            where = server.sockets[0].getsockname()
            ready(Listening(where[0], where[1]))
            await end.wait()


def run(rooms: Rooms, *, host: str, port: int, ready: Callable[[Listening], None] = lambda _: None) -> None:
    """Take mail in the foreground until SIGTERM or Ctrl-C. Raises OSError when the port is taken."""

    async def until_told() -> None:
        end = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, end.set)
        await _serve(rooms, host, port, ready, end)

    asyncio.run(until_told())


def rooms_here() -> Rooms:
    """Return where mail of this deployment goes. Raises Refusal (503) before a brand is loaded."""
    in_demo = bool(getattr(settings, "AMANA_DEMO", False))
    if in_demo:
        demo.make_shopper_key()
    return Rooms(
        service_address=retailer.brand().service_address,
        jurisdiction=retailer.shops()[0].jurisdiction,
        lookup=demo.lookup(demo.shopper_key()) if in_demo else parse.dns_text,
        mailboxes=mailbox.root() if in_demo else None,
    )


@contextmanager
def serving(rooms: Rooms, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Listening]:
    """Take mail in a thread while the block runs; port 0 is any free one. Raises OSError."""
    started: Future[Listening] = Future()
    stop: list[Callable[[], object]] = []

    async def until_left() -> None:
        end = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(end.set))
        await _serve(rooms, host, port, started.set_result, end)

    def thread() -> None:
        try:
            asyncio.run(until_left())
        except OSError as error:
            started.set_exception(error)

    running = threading.Thread(target=thread, name="mail", daemon=True)
    running.start()
    where = started.result()
    try:
        yield where
    finally:
        stop[0]()
        running.join()
