"""Start everything a deployment needs and keep it running in the foreground."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click
import psycopg
from django.conf import settings

from amana.cli import django, dumps, mail, replayed, server
from amana.cli.certificate import development_certificate
from amana.cli.supervisor import Part, Supervisor
from amana.cli.words import say
from amana.gate import replaying
from amana.ledger import witness
from amana.policy import queries as promise
from amana.web import home

# What any part may see. Logins other than its own, and everything else of the operator's shell, stay out.
SHARED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
LOGIN_URLS = frozenset({*home.URL_NAMES.values(), dumps.SUPERUSER_URL})


@dataclass(frozen=True)
class Options:
    """How to serve: where to listen, how many web processes, the certificate of TLS (None: plain HTTP).

    In the demo all mail goes to mailboxes of its own: none leaves the machine.
    """

    home: Path
    host: str
    port: int
    processes: int
    tls: tuple[Path, Path] | None
    mail_port: int
    demo: bool = False

    @property
    def url(self) -> str:
        """Return the address people open."""
        given = os.environ.get("AMANA_PUBLIC_URL")
        return given or f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"


def options(
    *,
    host: str,
    port: int,
    processes: int,
    tls: bool,
    certificate: Path | None,
    key: Path | None,
    demo: bool = False,
) -> Options:
    """Return the options of a command line; TLS without a certificate makes one for development."""
    place = home.home()
    pair = (certificate, key) if certificate and key else None
    if tls and pair is None:
        pair = development_certificate(place / "tls")
    return Options(place, host, port, processes, pair, mail.choose_port(), demo)


def run(
    wanted: Options, *, prepare: Callable[[], None] | None = None, greet: Callable[[str], None] | None = None
) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit code.

    `prepare` runs when the database is up to date and no part has started; `greet` once the address answers.
    Raises PostgresError, Refusal and click.ClickException when it cannot start.
    """
    witness.parse(settings.AMANA_WITNESSES)
    if home.missing_urls():
        raise click.ClickException(say("Also needed: {names}").format(names=", ".join(home.missing_urls())))
    held = server.lock(wanted.home)
    if held is None:
        raise click.ClickException(say("Amana already runs on this home: {home}").format(home=wanted.home))
    with held:
        _refuse_taken_port(wanted)
        (wanted.home / "logs").mkdir(parents=True, exist_ok=True, mode=0o700)
        supervisor = Supervisor(logs=wanted.home / "logs", tell=_tell)
        supervisor.listen()
        try:
            if not home.own_server():
                supervisor.stand_on(server.start(wanted.home))
            return _run(supervisor, wanted, prepare, greet or _greet)
        finally:
            supervisor.end()


def _run(
    supervisor: Supervisor,
    wanted: Options,
    prepare: Callable[[], None] | None,
    greet: Callable[[str], None],
) -> int:
    _migrate(wanted)
    _replay()
    if prepare is not None and not supervisor.stopping:
        prepare()
    if supervisor.stopping:
        return 0
    with django.signed_in("app"):
        promise.refuse_start()
    with system_session() as token:
        for part in parts(wanted, token):
            supervisor.add(part)
        if not supervisor.wait_for(lambda: _answers(wanted)):
            return 0 if supervisor.stopping else 1
        greet(wanted.url)
        code = supervisor.watch()
        supervisor.end_parts()
        return code


def parts(wanted: Options, token: str) -> list[Part]:
    """Return what runs beside the database, each with no more than it needs."""
    return [
        Part("web", _granian(wanted), environment(wanted, "app", token=token)),
        Part("worker", _amana("worker"), environment(wanted, "app", token=token)),
        Part("mail", _amana("mail"), environment(wanted, "app", token=token)),
        Part("sequencer", _amana("sequence"), environment(wanted, "sequencer")),
        *_witnesses(wanted),
        *_backups(wanted),
    ]


def _witnesses(wanted: Options) -> list[Part]:
    if wanted.demo or not witness.parse(settings.AMANA_WITNESSES):
        return []
    return [Part("witnesses", _amana("ask-witnesses"), environment(wanted, "sequencer"))]


def _backups(wanted: Options) -> list[Part]:
    if wanted.demo or not settings.AMANA_BACKUP_HOURS:
        return []
    given = {name: os.environ[name] for name in (dumps.SUPERUSER_URL,) if name in os.environ}
    return [Part("backups", _amana("keep-backups"), environment(wanted, "owner", "app") | given)]


def _amana(*words: str) -> list[str]:
    return [sys.executable, "-m", "amana.cli", *words]


def _granian(wanted: Options) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", wanted.host]
    command += ["--port", str(wanted.port), "--workers", str(wanted.processes), "--loop", "uvloop"]
    command += ["--workers-kill-timeout", "5", "--no-ws", "--log-level", "warning"]
    if wanted.tls:
        certificate, key = wanted.tls
        command += ["--ssl-certificate", str(certificate), "--ssl-keyfile", str(key)]
        command += ["--ssl-protocol-min", "tls1.2"]
    return [*command, "amana.web.asgi:application"]


def environment(wanted: Options, *roles: home.Role, token: str = "") -> dict[str, str]:
    """Return all that a part of these roles may see: shared settings and, of the logins, its own only."""
    hidden = LOGIN_URLS - {home.URL_NAMES[role] for role in roles} | {"AMANA_SYSTEM_TOKEN"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in SHARED or (name.startswith("AMANA_") and name not in hidden)
    }
    own = {
        "AMANA_HOME": str(wanted.home),
        "AMANA_PUBLIC_URL": wanted.url,
        "AMANA_TLS": "1" if wanted.tls else "",
        "PORT": str(wanted.port),
        mail.PORT_NAME: str(wanted.mail_port),
        "DJANGO_SETTINGS_MODULE": "amana.web.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if wanted.demo:
        own |= {"AMANA_DEMO": "1", "AMANA_SMTP_URL": f"smtp://{mail.HOST}:{wanted.mail_port}"}
    return {**kept, **own, **({"AMANA_SYSTEM_TOKEN": token} if token else {})}


def _migrate(wanted: Options) -> None:
    """Bring the database up to date in a process of its own, the only one that works as the owner."""
    done = subprocess.run(
        _amana("migrate", "--quiet"), env=environment(wanted, "owner", "app"), capture_output=True, text=True
    )
    if done.returncode != 0:
        raise click.ClickException(f"amana migrate: {(done.stderr or done.stdout).strip()}")


def _replay() -> None:
    """Erase and narrow again what is kept beyond the database. Raises Refusal where they do not fit."""
    with django.signed_in("owner"):
        done = replaying.replay()
    if done.records:
        _tell(replayed.erased(done))
    for line in replayed.narrowed(done):
        _tell(line)


@contextmanager
def system_session() -> Iterator[str]:
    """Open the session our own parts act under, as the owner, and close it when the block ends."""
    with psycopg.connect(**home.address("owner"), autocommit=True) as owner:
        row = owner.execute("SELECT retailer.open_system_session()").fetchone()
    token = str(row[0]) if row else ""
    try:
        yield token
    finally:
        with (
            suppress(psycopg.OperationalError),  # the server fell: the session ends by its own time
            psycopg.connect(**home.address("owner"), autocommit=True) as owner,
        ):
            owner.execute("SELECT retailer.close_system_session(%s)", [token])


def _refuse_taken_port(wanted: Options) -> None:
    with socket.socket(socket.AF_INET6 if ":" in wanted.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((wanted.host, wanted.port))
        except OSError as error:
            taken = say("Port {port} of {host} cannot be used: {error}. Choose another with PORT=.")
            raise click.ClickException(
                taken.format(port=wanted.port, host=wanted.host, error=error.strerror)
            ) from None


def _answers(wanted: Options) -> bool:
    host = "127.0.0.1" if wanted.host == "0.0.0.0" else wanted.host
    try:
        socket.create_connection((host, wanted.port), timeout=1).close()
    except OSError:
        return False
    return True


def _greet(url: str) -> None:
    _tell(say("Amana is open at {url} — Ctrl-C ends it.").format(url=url))


def _tell(line: str) -> None:
    click.echo(line, err=True)
