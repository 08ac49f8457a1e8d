"""The lake's commands, and a backup that holds its files: what was forgotten since comes back with the old state."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.cli.deployment import Deployment, deployment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lake")]


@pytest.fixture(scope="module")
def place() -> Iterator[Deployment]:
    """Return a home with a published policy."""
    with deployment() as made:
        made.prepare()
        yield made


def story(place: Deployment, word: str) -> object:
    """Let something happen to the lake."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.lake_story", word],
        env={**place.environment(), "DJANGO_SETTINGS_MODULE": "amana.web.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def said(place: Deployment, *words: str, code: int = 0) -> str:
    """Run a command and return what it said."""
    done = place.command(*words)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_events_are_carried_over_merged_and_counted(place: Deployment) -> None:
    story(place, "put")
    assert said(place, "lake", "drain") == "New events: 40; repeats dropped: 0\n"
    assert said(place, "lake", "drain") == "New events: 0; repeats dropped: 0\n"
    assert said(place, "lake", "compact") == "Files merged: 0; written without deleted rows: 0; removed: 0\n"
    lines = [line.strip() for line in said(place, "lake", "check").splitlines()]
    assert (lines[:2], len(lines)) == (["40  events", "3  files"], 5)


def test_a_backup_holds_the_files_its_dump_names(place: Deployment) -> None:
    said(place, "backup", "--name", "old")
    copies = list((place.home / "backups" / "lake" / "old").rglob("*.parquet"))
    assert len(copies) == 3
    assert story(place, "forget") == 40
    assert story(place, "count") == [40, 0]
    for path in (place.home / "lake").rglob("*.parquet"):
        path.unlink()
    said(place, "restore", "old")
    assert story(place, "count") == [40, 40]
