"""The lake's files beside each dump: no file is ever changed, so a second name for each is a copy of all of them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amana.collect.lake import connection
from amana.collect.lake.place import place
from amana.web import home


@contextmanager
def kept(name: str) -> Iterator[None]:
    """Keep the files that a dump made inside the block names: none is removed meanwhile, and all are kept after.

    Of a lake in a bucket nothing is kept here. Raises OSError.
    """
    folder = place().folder
    with connection.catalogue() as session, connection.holding(session, connection.FILES):
        yield
        if folder is not None:
            _second_names(folder, _copies(name))


def put_back(name: str) -> None:
    """Give the lake back the files of a backup; those it has stay."""
    folder = place().folder
    if folder is not None and _copies(name).exists():
        _second_names(_copies(name), folder)


def remove(name: str) -> None:
    """Remove the files of a backup whose time is over."""
    shutil.rmtree(_copies(name), ignore_errors=True)


def _copies(name: str) -> Path:
    return home.home() / "backups" / "lake" / name


def _second_names(source: Path, target: Path) -> None:
    """Link every file into the other folder; copy where that lies on another disk."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted(source.rglob("*.parquet")):
        there = target / path.relative_to(source)
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if there.exists():
            continue
        try:
            os.link(path, there)
        except OSError:
            shutil.copy2(path, there)
