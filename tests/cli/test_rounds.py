"""Backups by the clock: when one is due, how long it is kept, and what is told when it fails."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amana.cli import rounds, serve
from amana.gate import rotation
from amana.kernel import clock
from amana.vault.backups import Backup
from amana.vault.journal import Head
from amana.web import backups, home

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return an empty home at noon, where a backup is taken every day."""
    monkeypatch.setenv("AMANA_HOME", str(tmp_path))
    settings.AMANA_HOME, settings.AMANA_BACKUP_HOURS = tmp_path, 24
    with clock.fixed(NOON):
        yield tmp_path


def taken(at: datetime) -> None:
    """Enter a backup of that time."""
    name = at.strftime("%Y%m%dT%H%M%SZ")
    rotation.catalogue().add(
        Backup(
            name=name, taken_at=at, expires_at=at + 7 * DAY, epochs=(1,), index_keys=(1,),
            journal=Head(0, bytes(32)),
        )
    )  # fmt: skip


def test_the_first_one_is_soon_after_the_start_and_the_next_a_round_after_the_last() -> None:
    assert rounds.next_at(every=DAY, started=NOON) == NOON + rounds.FIRST
    taken(NOON - timedelta(hours=20))
    assert rounds.next_at(every=DAY, started=NOON) == NOON + timedelta(hours=4)
    assert rounds.next_at(every=timedelta(hours=6), started=NOON) == NOON + rounds.FIRST


def test_a_failure_is_noted_and_tried_again_until_one_stands(place: Path) -> None:
    assert rounds.take(days=7, run=lambda command: 1) is False
    assert backups.failed_at(home.home()) == NOON
    assert rounds.next_at(every=DAY, started=NOON - DAY) == NOON + rounds.AGAIN
    assert (backups.standing().late, backups.standing().failed_at) == (True, NOON)
    ran: list[str] = []

    def run(command: list[str]) -> int:
        ran.extend(command)
        return 0

    assert rounds.take(days=7, run=run) is True
    assert (ran[-3:], backups.standing().late) == (["backup", "--days", "7"], False)


@pytest.mark.parametrize(
    ("count", "hours", "days"), [(35, 24, 35), (7, 6, 2), (8, 6, 2), (1, 1, 1), (9, 6, 3)]
)
def test_as_many_are_kept_as_were_asked_for(count: int, hours: int, days: int) -> None:
    assert rounds.days(count, timedelta(hours=hours)) == days


def test_the_second_missing_one_is_late(settings: Any) -> None:
    taken(NOON - timedelta(hours=47))
    assert backups.standing().late is False
    with clock.fixed(NOON + timedelta(hours=2)):
        assert backups.standing().late is True
        settings.AMANA_BACKUP_HOURS = 0
        assert (backups.standing().late, backups.standing().every) == (False, None)


def test_only_the_part_that_takes_backups_may_read_the_whole_database(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = {role: f"postgresql://{role}@db.internal/amana" for role in ("app", "owner", "superuser")}
    monkeypatch.setenv("AMANA_DATABASE_URL", urls["app"])
    monkeypatch.setenv("AMANA_OWNER_DATABASE_URL", urls["owner"])
    monkeypatch.setenv("AMANA_SUPERUSER_DATABASE_URL", urls["superuser"])
    wanted = serve.Options(home.home(), "127.0.0.1", 8000, 1, None, 2525)
    reads = {
        part.name
        for part in serve.parts(wanted, "token")
        if {urls["owner"], urls["superuser"]} & set(part.environment.values())
    }
    assert reads == {"backups"}
    settings.AMANA_BACKUP_HOURS = 0
    assert [part.name for part in serve.parts(wanted, "token")].count("backups") == 0
