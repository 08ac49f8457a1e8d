"""Disks that can be filled to the last byte: small file systems in memory under a deployment's database and lake."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from amana.cli import postgres
from amana.web import home
from tests.cli.deployment import Deployment, deployment

BALLAST = "ballast"
NAME = "amana-test"
DATABASE_MIB, LAKE_MIB = 384, 32


class NoDisk(Exception):
    """No file system can be mounted here; the message says why."""


@contextmanager
def on_small_disks(place: Deployment) -> Iterator[None]:
    """Put a deployment that is not made yet on small disks, or leave it where it is if nothing can be mounted here."""
    with ExitStack() as mounted:
        with suppress(NoDisk):
            mounted.enter_context(_database_disk(place))
            lake = place.home / "lake"
            lake.mkdir(mode=0o700)
            mounted.enter_context(_mounted(lake, LAKE_MIB))
        # Before the disks go: what lies on them is still found.
        mounted.callback(place.remove)
        yield


@contextmanager
def served_on_small_disks() -> Iterator[Deployment]:
    """Run a deployment as its product starts it, on small disks where they can be mounted."""
    with deployment() as place, on_small_disks(place):
        place.prepare()
        server = place.serve("--processes", "1")
        yield place
        server.terminate()
        server.wait(20)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Fill a small disk inside the block; skip the test where none could be mounted."""
    if f"\n{NAME} {disk} tmpfs " not in Path("/proc/self/mounts").read_text("utf-8"):
        pytest.skip("no small disk can be mounted here: it takes root, and a container that may mount")
    try:
        fill(disk)
        yield
    finally:
        (disk / BALLAST).unlink()


def fill(disk: Path) -> None:
    """Take all the room there is, also what somebody gave free meanwhile."""
    with (disk / BALLAST).open("ab") as ballast:
        while free := _free(disk):
            with suppress(OSError):  # somebody else took of it meanwhile
                os.posix_fallocate(ballast.fileno(), os.fstat(ballast.fileno()).st_size, free)


def _free(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


@contextmanager
def _database_disk(place: Deployment) -> Iterator[None]:
    """Mount a disk where the system user of the database server can reach it."""
    if os.geteuid() != 0:
        raise NoDisk("only root can mount")
    postgres.ROOT_PLACE.mkdir(parents=True, exist_ok=True, mode=0o755)
    folder = Path(tempfile.mkdtemp(prefix="small-", dir=postgres.ROOT_PLACE))
    try:
        with _mounted(folder, DATABASE_MIB):
            where = {"data_parent": str(folder / "cluster"), "socket": str(folder / "cluster" / "socket")}
            (place.home / home.LOCATION).write_text(json.dumps(where), "utf-8")
            yield
    finally:
        folder.rmdir()


@contextmanager
def _mounted(folder: Path, mebibytes: int) -> Iterator[None]:
    """Mount a small file system on a folder. Raises NoDisk."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=755", NAME, str(folder)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise NoDisk(done.stderr.strip())
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
