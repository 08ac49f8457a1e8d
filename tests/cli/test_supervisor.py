"""The supervisor with simple parts: what falls is started again, what keeps falling ends everything."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from amana.cli import supervisor
from amana.cli.supervisor import Part, Supervisor
from tests.cli.deployment import processes, until

SLEEPER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(600)"
)


def _part(name: str, program: str, marker: str) -> Part:
    return Part(name, [sys.executable, "-c", program], {"PATH": os.environ["PATH"], "MARKER": marker})


@pytest.fixture
def told() -> list[str]:
    """Return what the supervisor says."""
    return []


@pytest.fixture
def over(tmp_path: Path, told: list[str]) -> Iterator[Supervisor]:
    """Return a supervisor that writes its logs where nobody else does, and listens to signals meanwhile."""
    heard = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
    before = {number: signal.getsignal(number) for number in heard}
    made = Supervisor(logs=tmp_path, tell=told.append)
    made.listen()
    yield made
    made.end()
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


def _turn(over: Supervisor) -> bool:
    return over.step(0.05)


def test_a_fallen_part_is_started_again_and_said(over: Supervisor, told: list[str], tmp_path: Path) -> None:
    marker = str(tmp_path)
    over.add(_part("web", SLEEPER, marker))
    (first,) = processes(f"MARKER={marker}")
    os.kill(first, signal.SIGKILL)
    assert until(lambda: _turn(over) and set(processes(f"MARKER={marker}")) - {first} != set(), 20)
    assert told[0] == "web ended by itself (-9). Its log ends:"
    over.end()
    assert processes(f"MARKER={marker}") == {}


def test_a_part_that_keeps_falling_ends_everything(
    over: Supervisor, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.01)
    over.add(_part("worker", "raise SystemExit('no policy is published')", "x"))
    assert over.watch() == 1
    assert told[-1] == "worker fell 5 times in a row; everything ends."
    assert told[1] == "no policy is published"


def test_a_part_that_does_not_listen_is_killed_with_its_children(
    over: Supervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE_SECONDS", 0.3)
    child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); {STUBBORN}"
    over.add(_part("mail", child, str(tmp_path)))
    assert until(lambda: (tmp_path / "mail.log").read_text("utf-8").count("deaf") == 2, 20)
    assert len(processes(f"MARKER={tmp_path}")) == 2
    started = time.monotonic()
    over.end()
    assert time.monotonic() - started < 5
    # A grandchild that was killed is gone as soon as somebody has reaped it.
    assert until(lambda: processes(f"MARKER={tmp_path}") == {}, 5)


def test_parts_see_only_their_own_environment(over: Supervisor, tmp_path: Path) -> None:
    over.add(_part("web", f"import os; print(sorted(os.environ), flush=True); {SLEEPER}", str(tmp_path)))
    assert until(lambda: "MARKER" in (tmp_path / "web.log").read_text("utf-8"), 20)
    seen = (tmp_path / "web.log").read_text("utf-8").strip()
    assert set(seen.strip("[]").replace("'", "").split(", ")) - {"LC_CTYPE"} == {"MARKER", "PATH"}
