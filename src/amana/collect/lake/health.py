"""Where the lake stands: what waits, what should be gone, how much there is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from amana.collect.lake import connection, drain, retention
from amana.collect.lake.connection import Session
from amana.kernel import clock

# Between two drains lie seconds, and between two rounds of tidying a minute: later than this, one of them stands still.
LATE: Final = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Standing:
    """The lake at `at`. Bytes and files of what is read now; `drained_at` None: never."""

    at: dt.datetime
    events: int
    files: int
    bytes: int
    waiting_bytes: int
    drained_at: dt.datetime | None
    overdue: tuple[tuple[str, dt.date], ...]
    undeleted_since: dt.datetime | None

    @property
    def drain_late(self) -> bool:
        """Whether events wait that no drain has taken for too long."""
        waits = self.waiting_bytes > 0
        return waits and (self.drained_at is None or self.at - self.drained_at > LATE)

    @property
    def deletion_late(self) -> bool:
        """Whether rows or files that were deleted are on the disk for too long."""
        return self.undeleted_since is not None and self.at - self.undeleted_since > LATE

    @property
    def holds(self) -> bool:
        """Whether nothing is late."""
        return not (self.overdue or self.drain_late or self.deletion_late)


_SIZE: Final = """
    SELECT coalesce(sum(f.record_count - coalesce(d.delete_count, 0)) FILTER (WHERE t.table_name = 'events'), 0),
        count(*), coalesce(sum(f.file_size_bytes), 0)
    FROM lake.ducklake_data_file f
    JOIN lake.ducklake_table t ON t.table_id = f.table_id AND t.end_snapshot IS NULL
    LEFT JOIN lake.ducklake_delete_file d ON d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL
    WHERE f.end_snapshot IS NULL"""
_UNDELETED: Final = """
    SELECT least(
        (SELECT min(s.snapshot_time) FROM lake.ducklake_delete_file d
            JOIN lake.ducklake_snapshot s ON s.snapshot_id >= d.begin_snapshot),
        (SELECT min(schedule_start) FROM lake.ducklake_files_scheduled_for_deletion))"""


def standing() -> Standing:
    """Return where the lake stands now. Raises Refusal policy_not_published."""
    with connection.catalogue() as session:
        events, files, size = _row(session, _SIZE)
        [drained_at] = _row(session, "SELECT max(at) FROM public.collect_drained")
        [undeleted] = _row(session, _UNDELETED)
        now = clock.now()
        return Standing(
            at=now,
            events=int(events),
            files=int(files),
            bytes=int(size),
            waiting_bytes=drain.waiting(session),
            drained_at=drained_at,
            overdue=retention.overdue(session, now.date()),
            undeleted_since=undeleted,
        )


def _row(session: Session, statement: str) -> tuple[Any, ...]:
    row = session.execute(statement).fetchone()
    if row is None:
        raise LookupError(statement)
    return tuple(row)
