"""How the backups stand: for those who answer for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.gate import keeping
from amana.kernel import clock
from amana.retailer.guard import roles

ANSWERABLE = ("administrator", "data_protection_officer", "auditor")


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup, until when it is kept."""

    name: str
    taken_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """All backups, the newest first; `late` when the clock says there should be a newer one, or the last try failed.

    `every` is how often one is taken, None where nothing takes them by the clock.
    """

    kept: tuple[Kept, ...]
    every: timedelta | None
    failed_at: datetime | None
    late: bool

    @property
    def last(self) -> Kept | None:
        """Return the newest backup."""
        return self.kept[0] if self.kept else None


@never_cache
@require_safe
@roles(*ANSWERABLE)
def backup_list(request: HttpRequest) -> HttpResponse:
    """Show the backups, and whether a newer one should be there."""
    return render(request, "web/backups.html", {"standing": standing()})


def standing() -> Standing:
    """Return how the backups stand now. Raises BackupEntryDamaged."""
    found = sorted(keeping.backups(), key=lambda one: one.taken_at, reverse=True)
    kept = tuple(Kept(one.name, one.taken_at, one.expires_at) for one in found)
    hours = settings.AMANA_BACKUP_HOURS
    every = timedelta(hours=hours) if hours else None
    failed = failed_at(Path(settings.AMANA_HOME))
    # A backup takes its time, and a restart moves it: only the second one that is missing is late.
    old = every is not None and kept and clock.now() - kept[0].taken_at > 2 * every
    return Standing(kept, every, failed, late=bool(old or failed))


def failure(amana_home: Path) -> Path:
    """Return where the time of a failure stands until a backup succeeds."""
    return amana_home / "backups" / "failed"


def failed_at(amana_home: Path) -> datetime | None:
    """Return when the last try failed; None when it succeeded or none was made."""
    note = failure(amana_home)
    return datetime.fromisoformat(note.read_text("ascii")) if note.exists() else None
