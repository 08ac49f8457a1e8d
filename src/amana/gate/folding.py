"""Fold what was released into the ledger: one entry for each release, with the count and root of its uses."""

from typing import Any, Final

import psycopg

MOST: Final = 100


def fold(sequencer: psycopg.Connection[Any], most: int = MOST) -> int:
    """Fold up to `most` committed releases, the oldest first; return how many. Signed in as the sequencer."""
    row = sequencer.execute("SELECT gate.fold(%s)", [most]).fetchone()
    return 0 if row is None else int(row[0])
