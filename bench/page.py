"""How many times a second the notice is served, by the server and with everything that stands before a page.

The reference is a Django view without middleware that answers as many bytes, behind the same server. Load comes
from wrk on this machine, for a few seconds.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from amana.cli import django
from amana.retailer import actions
from amana.web import home
from bench import people
from bench.deployment import connect
from bench.result import Result

SECONDS = 6
WARMING = 2
CLIENTS = 8
BRAND = people.POLICY.with_name("brand.yaml")


def run(full: bool) -> Result:
    """Measure the notice, then the bare view, each in a server of its own."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("this benchmark needs wrk (apt-get install wrk)")
    with connect("owner") as owner:
        people.open_for_business(owner)
    with django.signed_in("owner"):
        actions.load_brand(BRAND)
    with served("amana.web.asgi:application", {}) as address:
        with urlopen(f"{address}/ar/privacy") as answer:
            length = len(answer.read())
        notice, p95 = _load(wrk, f"{address}/ar/privacy", full)
    with served("bench.bare:application", {"BENCH_BYTES": str(length)}) as address:
        bare, _ = _load(wrk, f"{address}/", full)
    return Result(
        name="page", value=notice, unit="requests/s", reference=bare, ratio=bare / notice,
        target="≥ 50 % of the reference", remark=f"{notice / bare:.0%} of it; {length:,} bytes; 99 % within {p95}",
    )  # fmt: skip


@contextmanager
def served(application: str, settings: dict[str, str], *, workers: int = 1) -> Iterator[str]:
    """Serve an application as `amana serve` does, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    command += [
        "--loop",
        "uvloop",
        "--no-ws",
        "--workers-kill-timeout",
        "2",
        "--log-level",
        "error",
        application,
    ]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    own = {"AMANA_HOME": str(home.home()), "PORT": str(port), **settings}
    if application.startswith("amana"):
        own["DJANGO_SETTINGS_MODULE"] = "amana.web.settings"
    server = subprocess.Popen(command, env={**kept, **own}, cwd=Path(__file__).parent.parent)
    try:
        _await(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _await(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server does not answer")


def _load(wrk: str, url: str, full: bool) -> tuple[float, str]:
    """Return requests a second and the time that 99 % of them took."""
    for seconds in (WARMING, SECONDS * (3 if full else 1)):
        words = [wrk, "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--latency", url]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise AssertionError(said)
    rate, late = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"99%\s+(\S+)", said)
    assert rate is not None
    assert late is not None
    return float(rate[1]), late[1]
