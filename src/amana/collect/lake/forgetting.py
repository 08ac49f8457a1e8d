"""Forget one person: every row of theirs, at once and in every earlier state of the lake."""

from collections.abc import Sequence

from amana.collect.lake import compaction, connection, drain, spans
from amana.collect.lake.spans import Span


def forget(theirs: Sequence[Span]) -> int:
    """Delete a person's rows and end the states that had them; return how many rows went.

    What waits in the inbox is carried over first, so that it cannot come after. The rows leave their files, and the
    files the disk, by the next rounds of `compaction.tidy`. Raises duckdb.Error, psycopg.Error.
    """
    if not theirs:
        return 0
    drain.drain()
    condition, values = spans.condition(theirs)
    with connection.writing() as writer:
        # The condition holds marks only.
        row = writer.lake.execute(f"DELETE FROM lake.trails WHERE {condition}", values).fetchone()  # noqa: S608
        compaction.end_old_states(writer)
    return int(row[0]) if row else 0
