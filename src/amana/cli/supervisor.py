"""One foreground process that starts the parts, starts them again when they fall, and ends them all.

Every part is in a session of its own, so Ctrl-C reaches only us and we choose the order; every part carries a
parent-death signal, so none outlives us even after kill -9. It is SIGKILL: the database goes at the same
moment, and a part that wants to end politely would wait for it for ever.
"""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from amana.cli import postgres
from amana.web import lifeline

PATIENCE_SECONDS = 10.0
STEADY_SECONDS = 20.0
FALLS_ALLOWED = 5
FIRST_PAUSE_SECONDS = 0.5
LOG_BYTES = 10_000_000


@dataclass(frozen=True)
class Part:
    """A process that has to run: its name, its command and all of its environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass
class Run:
    """How a part is doing: its process, and how often in a row it fell soon after its start."""

    part: Part
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    falls: int = 0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start the process, its output going to its log."""
        _turn_over(self.log)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                list(self.part.command), env=dict(self.part.environment), stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, start_new_session=True, preexec_fn=lifeline.tied(signal.SIGKILL),
            )  # fmt: skip
        self.started = time.monotonic()

    def fell(self) -> bool:
        """Tell whether the process ended by itself, and if so choose when to start the next one."""
        if self.process is None or self.process.poll() is None:
            return False
        now = time.monotonic()
        self.falls = 1 if now - self.started > STEADY_SECONDS else self.falls + 1
        self.due = now + FIRST_PAUSE_SECONDS * 2 ** (self.falls - 1)
        return True

    def send(self, number: signal.Signals) -> None:
        """Signal the process and everything it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """The parts of one home, and the embedded database server where they stand on one."""

    def __init__(self, *, logs: Path, tell: Callable[[str], None]) -> None:
        self._logs = logs
        self._tell = tell
        self._database: subprocess.Popen[bytes] | None = None
        self._runs: list[Run] = []
        self._stopping = False
        self._wake, self._poke = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    @property
    def stopping(self) -> bool:
        """Tell whether someone asked for the end."""
        return self._stopping

    def listen(self) -> None:
        """Take Ctrl-C, SIGTERM and a closed terminal as the wish to end; call before anything is started."""
        signal.set_wakeup_fd(self._poke, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def stand_on(self, database: "subprocess.Popen[bytes]") -> None:
        """Watch over the database server too: it ends last, and when it ends first everything ends."""
        self._database = database

    def add(self, part: Part) -> None:
        """Start a part and keep it running."""
        run = Run(part, self._logs / f"{part.name}.log")
        self._runs.append(run)
        run.start()

    def wait_for(self, ready: Callable[[], bool]) -> bool:
        """Keep the parts running until `ready` says so; False when the end came first."""
        while self.step(0.05):
            if ready():
                return True
        return False

    def watch(self) -> int:
        """Keep the parts running until someone asks for the end (0) or one cannot be kept up (1)."""
        while self.step(5.0):
            pass
        return 0 if self._stopping else 1

    def step(self, seconds: float) -> bool:
        """Look after the parts once, waiting at most `seconds` for news; False when it is time to end."""
        if self._stopping:
            return False
        waiting = [run.due - time.monotonic() for run in self._runs if run.process is None]
        select.select([self._wake], [], [], max(0.0, min([seconds, *waiting])))
        with suppress(BlockingIOError):
            os.read(self._wake, 4096)
        return not self._stopping and self._database_stands() and all(self._tend(run) for run in self._runs)

    def _database_stands(self) -> bool:
        if self._database is None or self._database.poll() is None:
            return True
        self._tell(f"PostgreSQL ended by itself ({self._database.returncode}); everything ends with it.")
        self._tell(postgres.tail(self._logs / "postgres.log"))
        return False

    def _tend(self, run: Run) -> bool:
        """Start what fell and is due; False when it fell too often."""
        if run.fell():
            code = run.process.returncode if run.process else None
            run.send(signal.SIGKILL)
            run.process = None
            self._tell(f"{run.part.name} ended by itself ({code}). Its log ends:")
            self._tell(postgres.tail(run.log, 8))
            if run.falls >= FALLS_ALLOWED:
                self._tell(f"{run.part.name} fell {run.falls} times in a row; everything ends.")
                return False
        if run.process is None and time.monotonic() >= run.due:
            run.start()
        return True

    def end_parts(self) -> None:
        """End the parts; whoever does not go within ten seconds is killed, with everything it started."""
        for run in self._runs:
            if run.process is not None:
                with suppress(ProcessLookupError):
                    run.process.send_signal(signal.SIGTERM)
        # Without its database a part cannot finish what it does: waiting for it would be in vain.
        stands = self._database is None or self._database.poll() is None
        end = time.monotonic() + (PATIENCE_SECONDS if stands else 0.0)
        for run in self._runs:
            if run.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    run.process.wait(max(0.0, end - time.monotonic()))
                run.send(signal.SIGKILL)
                run.process.wait()
        self._runs.clear()

    def end(self) -> None:
        """End the parts, then the database they stand on."""
        self.end_parts()
        if self._database is not None:
            postgres.stop(self._database)


def _turn_over(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
