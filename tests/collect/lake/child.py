"""Drain in a process of its own that is killed at a given place: `child.py line 42` or `child.py after 0.031`.

`line` kills by SIGKILL when that many lines of the drain have run, `after` so many seconds after it began, wherever it
is by then, inside DuckDB and the commit included. `child.py line 0` is never killed.
"""

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

import django

django.setup()

from amana.collect.lake import connection, drain  # noqa: E402


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def count_down(lines: int) -> None:
    """Die when so many lines of the drain have run."""
    left = [lines]

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != drain.__file__:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                die()
        return trace

    sys.settrace(trace)


def main() -> None:
    """Drain until killed."""
    how, number = sys.argv[1:]
    # What takes longest is over before the clock runs.
    with connection.writing():
        pass
    if how == "line":
        count_down(int(number))
    else:
        timer = threading.Timer(float(number), die)
        timer.daemon = True
        timer.start()
    drain.drain()


main()
