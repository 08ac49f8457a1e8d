"""End what the policy keeps only for a time: whole days, as soon as their first event is too old."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from amana.collect.lake import compaction, connection
from amana.collect.lake.connection import Session
from amana.kernel import clock
from amana.policy import queries as policy

# Repeats are told for at least 24 hours: a day's keys go when it ended 24 hours ago, the oldest of them after 48.
SEEN_DAYS: Final = 2
KEPT_BY_POLICY: Final = ("events", "trails", "visits", "views", "counted")
_DAYS: Final = """
    SELECT DISTINCT t.table_name, v.partition_value::date FROM lake.ducklake_file_partition_value v
    JOIN lake.ducklake_data_file f USING (data_file_id)
    JOIN lake.ducklake_table t ON t.table_id = f.table_id AND t.end_snapshot IS NULL
    WHERE f.end_snapshot IS NULL"""


def end(today: dt.date | None = None) -> int:
    """Drop the days whose time is over, and old keys of repeats; return how many days of tables went.

    Raises Refusal policy_not_published.
    """
    day = today or clock.now().date()
    over = ended(day)
    with connection.writing() as writer:
        found = [(table, one) for table, one in days(writer.session) if over(table, one)]
        for table in sorted({table for table, _ in found}):
            last = max(one for name, one in found if name == table)
            writer.lake.execute(f"DELETE FROM lake.{table} WHERE day <= ?", [last])  # noqa: S608  (names of ours)
        for purpose, last in _shorter(day, [one for table, one in days(writer.session) if table == "trails"]):
            writer.lake.execute("DELETE FROM lake.trails WHERE purpose = ? AND day <= ?", [purpose, last])
        if found:
            compaction.end_old_states(writer)
        _end_counts(writer.session, day)
    return len(found)


def _end_counts(session: Session, today: dt.date) -> None:
    """Delete the counts of what came in with the days they are of: names in them came from outside."""
    keep = policy.current().policy.website.retention
    held = [day for (day,) in session.execute("SELECT DISTINCT day FROM public.collect_dropped").fetchall()]
    over = [day for day in held if keep.after(day) <= today]
    session.execute("DELETE FROM public.collect_dropped WHERE day = ANY (%s)", [over])


def _shorter(today: dt.date, held: Sequence[dt.date]) -> list[tuple[str, dt.date]]:
    """Return the purposes whose own retention is shorter than the website's, and the last day that is over for them."""
    running = policy.current().policy
    over = [
        (name, max((day for day in held if purpose.retention.after(day) <= today), default=None))
        for name, purpose in running.purposes.items()
        if purpose.retention < running.website.retention
    ]
    return [(name, last) for name, last in over if last is not None]


def overdue(session: Session, today: dt.date) -> tuple[tuple[str, dt.date], ...]:
    """Return the days of tables that should have gone yesterday or earlier."""
    over = ended(today - dt.timedelta(days=1))
    return tuple((table, day) for table, day in days(session) if over(table, day))


def ended(today: dt.date) -> Callable[[str, dt.date], bool]:
    """Return what tells whether a table's day is over. Raises Refusal policy_not_published."""
    keep = policy.current().policy.website.retention

    def over(table: str, day: dt.date) -> bool:
        if table == "seen":
            return day <= today - dt.timedelta(days=SEEN_DAYS)
        return table in KEPT_BY_POLICY and keep.after(day) <= today

    return over


def days(session: Session) -> list[tuple[str, dt.date]]:
    """Return the days each table of the lake has files of."""
    return sorted((str(table), day) for table, day in session.execute(_DAYS).fetchall())
