"""A deployment for tests of the runtime: a home of its own, and a look at which of its processes live."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from amana.cli import postgres
from amana.web import home

PATIENCE_SECONDS = 60.0
PORTS = range(20_000, 32_000)
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "redtag"


def free_port() -> int:
    """Return a port nobody listens on, below those that systems give to outgoing connections meanwhile."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def processes(marker: str) -> dict[int, str]:
    """Return the living processes whose environment or command line names `marker`, by number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + b"\0" + (folder / "environ").read_bytes()
            state = (folder / "stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if marker.encode() in words and state != "Z" and int(folder.name) != os.getpid():
            found[int(folder.name)] = words.replace(b"\0", b" ").decode("utf-8", "replace")[:200]
    return found


def until(true: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait until something is true; False when it never was."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@dataclass
class Deployment:
    """One home and what runs on it."""

    home: Path
    port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    said: str = ""

    @property
    def data(self) -> Path:
        """Return where its PostgreSQL lives."""
        return postgres.place_for(self.home).data.parent

    def environment(self) -> dict[str, str]:
        """Return what its commands see."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("AMANA_", "DJANGO_"))
        }
        own = {
            "AMANA_HOME": str(self.home),
            "PORT": str(self.port),
            "AMANA_SMTP_PORT": str(self.mail_port),
            "LANG": "C.UTF-8",
            "AMANA_BACKUP_HOURS": "0",
        }
        return {**kept, **own, **self.settings}

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of `amana` to its end."""
        return subprocess.run(self._amana(words), env=self.environment(), capture_output=True, text=True)

    def prepare(self) -> None:
        """Make the home and publish the example's policy, without which nothing is served."""
        for words in (("setup",), ("policy", "publish", str(EXAMPLE / "policy.yaml"))):
            done = self.command(*words)
            if done.returncode != 0:
                raise AssertionError(f"amana {' '.join(words)}: {done.stderr}{done.stdout}")

    def serve(
        self, *words: str, command: str = "serve", until: str = "is open at"
    ) -> "subprocess.Popen[str]":
        """Start `amana serve` and return it once it says that it is open."""
        server = subprocess.Popen(
            self._amana((command, *words)), env=self.environment(), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self.said = ""
        assert server.stdout is not None
        for line in server.stdout:
            self.said += line
            if until in line:
                return server
        server.wait()
        raise AssertionError(f"amana serve ended with {server.returncode}:\n{self.said}")

    def run_database(self, then: str = "pass") -> "subprocess.Popen[str]":
        """Start a process that keeps the home's server up while it does `then`; it says `up` before."""
        program = (
            "import signal; from amana.cli import server; from amana.web import home\n"
            # Whoever runs tests in the background hands on that Ctrl-C is ignored.
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            f"with server.running(home.home()): print('up', flush=True); {then}"
        )
        words = [sys.executable, "-c", program]
        return subprocess.Popen(words, env=self.environment(), stdout=subprocess.PIPE, text=True)

    def alive(self) -> dict[int, str]:
        """Return its living processes: those that carry its home, and its PostgreSQL."""
        return processes(f"AMANA_HOME={self.home}") | processes(f"{self.data}/data")

    def remove(self) -> None:
        """End what is left, by number, and remove all of its files."""
        for number in self.alive():
            os.kill(number, signal.SIGKILL)
        until(lambda: not self.alive(), 10)
        if (self.home / home.LOCATION).exists():
            shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    @staticmethod
    def _amana(words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "amana.cli", *words]


@contextmanager
def deployment() -> Iterator[Deployment]:
    """Make a home, and leave nothing of it behind."""
    made = Deployment(Path(tempfile.mkdtemp(prefix="amana-serve-")))
    try:
        yield made
    finally:
        made.remove()
