"""How the erase journal stands to the database, asked before anybody is served.

The same: serve. Ahead: the database was restored, or a process died within an erasure; replay first. Anything else
means that the journal was cut off, replaced or lost: nothing is served until it is brought back.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from amana.gate import calls
from amana.gate.door import Door, door
from amana.gate.refusals import GateRefused
from amana.kernel.refusal import Refusal
from amana.vault.journal import Head, Standing

NONE = Head(0, b"")
_SERVING: Final = "SELECT sequence, head, policy FROM gate.serving()"
_CODES = {"missing": "journal_missing", "ahead": "journal_mismatch"}


def database_head() -> Head:
    """Return the journal's head as the database knows it; number 0 when it knows none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence, head FROM gate.journal_head()")
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1])) if row else NONE


def made() -> bool:
    """Tell whether this deployment has keys and a journal, or none were ever made."""
    return Path(settings.AMANA_HOME, "deployment").exists()


def compare(here: Door, known: Head) -> Standing:
    """Say how the journal stands to `known`; one that ends before its own mark is `behind`. Raises JournalBroken."""
    marked = here.journal.compare(here.marked())
    return here.journal.compare(known) if marked in ("same", "ahead") else marked


def refuse(found: Standing) -> None:
    """Refuse what is not `same`. Raises GateRefused."""
    if found != "same":
        raise GateRefused.of(_CODES.get(found, "journal_broken"))


@dataclass(frozen=True, slots=True)
class Serving:
    """Why nobody may be served now, or None; and the hash of the running policy, None before there is one."""

    refusal: Refusal | None
    policy: bytes | None


def look() -> Serving:
    """Say whether anybody may be served, and by which policy: one query and two small files, for every request."""
    # Every request waits for this: the driver's own cursor, without what Django's adds to it.
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor(binary=True) as cursor:
        sequence, head, policy = cursor.execute(_SERVING, prepare=True).fetchone()
    return Serving(_refusal(NONE if sequence is None else Head(sequence, head)), policy)


def find_refusal() -> Refusal | None:
    """Return why nobody may be served now, or None."""
    return look().refusal


def _refusal(known: Head) -> Refusal | None:
    if not made():
        return None if known == NONE else GateRefused.of("journal_missing")
    try:
        last = door().head()
        if last != known and (last.sequence, known.sequence) != (0, 0):
            # An erasure moves the journal first and the database next: wait for it, then look again.
            calls.rows("SELECT gate.attend(%s, %s)")
    except Refusal as refusal:
        return refusal
    return None
