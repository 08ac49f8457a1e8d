"""`amana mail`: take mail in, beside an exchanger or for the demo; and where it listens."""

import os
import signal
import socket
from threading import Event

import click

from amana.cli.words import say
from amana.kernel.refusal import Refusal
from amana.post import receiver
from amana.post.intake import Rooms

HOST = "127.0.0.1"
PORT = 2525
PORT_NAME = "AMANA_SMTP_PORT"
WAIT_SECONDS = 2.0


@click.command(help=say("Take mail in (a part of `serve`)."))
@click.option("--host", default=HOST, show_default=True, help=say("Address to listen on."))
@click.option("--port", default=PORT, envvar=PORT_NAME, show_default=True, help=say("Port to listen on."))
def mail(host: str, port: int) -> None:
    """Receive until SIGTERM."""
    rooms = await_rooms()
    if rooms is not None:
        receiver.run(rooms, host=host, port=port)


def await_rooms() -> Rooms | None:
    """Return where mail goes as soon as a brand says so; None when the end comes first."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            return receiver.rooms_here()
        except Refusal as refusal:
            if refusal.status != 503:
                raise
            stop.wait(WAIT_SECONDS)
    return None


def choose_port() -> int:
    """Return the port the settings name; without one the usual port, or any free one where that is taken."""
    given = os.environ.get(PORT_NAME)
    if given:
        return int(given)
    return PORT if _is_free(PORT) else _any_free()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
