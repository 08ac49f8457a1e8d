"""Processes that never outlive the one that started them (Linux: prctl(2), PR_SET_PDEATHSIG)."""

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(on_death: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send `on_death` to this process when its parent ends.

    Raises OSError where the kernel refuses.
    """
    if _libc.prctl(PR_SET_PDEATHSIG, int(on_death), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def tied(on_death: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """Return a `preexec_fn` that ties a child to this process, also when this one dies in between.

    The kernel forgets the wish when a process changes its user, so it has to be the last step before exec.
    """
    parent = os.getpid()

    def tie() -> None:
        end_with_parent(on_death)
        if os.getppid() != parent:
            os._exit(1)

    return tie
