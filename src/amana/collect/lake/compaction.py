"""Keep the lake's files few, and see that what was deleted leaves the disk.

DuckLake only ever adds: a deletion is a file beside the rows, an old state stays readable, and a file nobody needs is
only put on a list. So rows that were deleted are written out of their files, old states are ended, and listed files
are removed once no page that was being made can still be reading them.
"""

from dataclasses import dataclass
from typing import Final

from amana.collect.lake import connection, tables
from amana.collect.lake.connection import FILES, Writer

# DuckLake's list is timed by the machine's clock, and so are the readers it waits for.
GRACE_MINUTES: Final = 2
# What a killed writer left is told from what a running one is writing by its age.
ORPHAN_HOURS: Final = 24
ALL_BUT_THE_LAST: Final = "TIMESTAMPTZ '9999-01-01 00:00:00+00'"


@dataclass(frozen=True)
class Tidied:
    """What one round did: files rewritten without deleted rows, and files removed."""

    rewritten: int = 0
    removed: int = 0


def compact() -> int:
    """Merge the small files of each table's days, sorted again; return how many were merged into fewer.

    Raises duckdb.Error, psycopg.Error.
    """
    merged = 0
    for table in tables.TABLES:
        with connection.writing() as writer:
            end_old_states(writer)
            rows = writer.lake.execute(f"FROM ducklake_merge_adjacent_files('lake', '{table}')").fetchall()
            merged += sum(int(row[2]) for row in rows)
    with connection.writing() as writer:
        _remove_orphans(writer)
    return merged


def tidy(*, grace_minutes: int = GRACE_MINUTES) -> Tidied:
    """Write deleted rows out of their files, and remove the files that nothing has needed for so long."""
    with connection.writing() as writer:
        if not (pending(writer) or listed(writer)):
            return Tidied()
        rewritten = rewrite(writer) if pending(writer) else 0
        return Tidied(rewritten, _remove_listed(writer, grace_minutes))


def pending(writer: Writer) -> int:
    """Return how many files hold rows that were deleted."""
    return _count(writer, "SELECT count(DISTINCT data_file_id) FROM lake.ducklake_delete_file")


def listed(writer: Writer) -> int:
    """Return how many files wait to be removed, those of old states included."""
    return _count(
        writer,
        "SELECT (SELECT count(*) FROM lake.ducklake_files_scheduled_for_deletion)"
        " + (SELECT count(*) FROM lake.ducklake_data_file WHERE end_snapshot IS NOT NULL)",
    )


def rewrite(writer: Writer) -> int:
    """Write every file that holds deleted rows anew without them, and end the states that still had them."""
    rewritten = 0
    for table in tables.TABLES:
        statement = f"FROM ducklake_rewrite_data_files('lake', '{table}', delete_threshold => 0)"
        rewritten += sum(int(row[2]) for row in writer.lake.execute(statement).fetchall())
    end_old_states(writer)
    return rewritten


def end_old_states(writer: Writer) -> None:
    """Make every state of the lake but the present one unreadable."""
    writer.lake.execute(f"CALL ducklake_expire_snapshots('lake', older_than => {ALL_BUT_THE_LAST})")


def _remove_listed(writer: Writer, minutes: int) -> int:
    end_old_states(writer)
    with connection.holding(writer.session, FILES):
        statement = (
            f"FROM ducklake_cleanup_old_files('lake', older_than => now() - INTERVAL {int(minutes)} MINUTES)"
        )
        return len(writer.lake.execute(statement).fetchall())


def _remove_orphans(writer: Writer) -> None:
    with connection.holding(writer.session, FILES):
        writer.lake.execute(
            f"CALL ducklake_delete_orphaned_files('lake', older_than => now() - INTERVAL {ORPHAN_HOURS} HOURS)"
        )


def _count(writer: Writer, statement: str) -> int:
    row = writer.session.execute(statement).fetchone()
    return int(row[0]) if row else 0
