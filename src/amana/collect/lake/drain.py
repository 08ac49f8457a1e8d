"""Carry acknowledged events from the inbox to the lake, exactly once.

The open table of the inbox is closed and another opened; nobody writes to the closed one any more. One transaction of
the lake takes its events and, by a trigger on the lake's catalogue, the mark that this generation is taken. Then the
closed table is emptied. Whoever finds a closed table that is not empty reads the mark: taken, it only has to be
emptied; not taken, nothing of it is in the lake, and it is carried over as if for the first time.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from psycopg import sql
from psycopg.types.json import Jsonb

from amana.collect.lake import connection
from amana.collect.lake.connection import Session, Writer

PAGE_BYTES: Final = 8192
# So much of the inbox is taken at a time: what a backlog needs in memory does not grow with it.
CHUNK_PAGES: Final = 32_768
# Each writer of the counts has rows of its own; this is the drain's number there.
COUNTER: Final = -1
# Marks of this many generations stay, to look at; one is needed.
KEPT: Final = 1000
_STATEMENTS: Final = {
    name: (Path(__file__).with_name("statements") / f"{name}.sql").read_text("utf-8")
    for name in ("lines", "incoming", "fresh", "repeats", "drop_repeats", "events", "trails", "seen")
}


@dataclass(frozen=True)
class Repeat:
    """How many repeats of one kind of event came in an hour: they were acknowledged before, and dropped here."""

    day: str
    hour: int
    source: int
    event: str
    count: int


@dataclass(frozen=True)
class Drained:
    """What one round carried over: the last generation (0: nothing waited), events that are new, repeats dropped."""

    generation: int = 0
    events: int = 0
    repeats: int = 0

    def __add__(self, other: "Drained") -> "Drained":
        generation = max(self.generation, other.generation)
        return Drained(generation, self.events + other.events, self.repeats + other.repeats)


@dataclass
class _Taken:
    """What one transaction has taken so far."""

    events: int = 0
    repeats: dict[tuple[str, int, int, str], int] = field(default_factory=dict)


def drain(*, wait_seconds: int = 120) -> Drained:
    """Carry over what a crash left, then what waits now; return what became of both.

    Raises duckdb.Error, psycopg.Error: nothing is lost, the next round takes up where this one ended.
    """
    with connection.writing(wait_seconds=wait_seconds) as writer:
        done = _finish_closed(writer)
        if _pages(writer.session, _slot(writer)[0]) == 0:
            return done
        writer.session.execute("SELECT public.collect_change_over()")
        return done + _finish_closed(writer)


def waiting(session: Session) -> int:
    """Return how many bytes of events wait in both tables of the inbox."""
    return PAGE_BYTES * sum(_pages(session, slot) for slot in (0, 1))


def _finish_closed(writer: Writer) -> Drained:
    """Carry over and empty the closed table of the inbox, whatever state it was left in."""
    opened, generation = _slot(writer)
    closed, generation = 1 - opened, generation - 1
    if _pages(writer.session, closed) == 0:
        return Drained()
    if not _is_marked(writer, generation):
        _carry(writer, generation, closed)
    return _settle(writer, generation, closed)


def _slot(writer: Writer) -> tuple[int, int]:
    row = writer.session.execute("SELECT slot, generation FROM public.collect_slot").fetchone()
    if row is None:
        raise LookupError("collect_slot is empty")
    return int(row[0]), int(row[1])


def _pages(session: Session, slot: int) -> int:
    row = session.execute(
        "SELECT pg_relation_size(%s::regclass) / %s", [f"public.collect_inbox_{slot}", PAGE_BYTES]
    ).fetchone()
    return int(row[0]) if row else 0


def _is_marked(writer: Writer, generation: int) -> bool:
    found = writer.session.execute(
        "SELECT FROM public.collect_drained WHERE generation = %s", [generation]
    ).fetchone()
    return found is not None


def _carry(writer: Writer, generation: int, slot: int) -> None:
    """Write the events of a closed table into the lake, in one transaction that marks its generation."""
    taken = _Taken()
    with writer.transaction() as note:
        for first in range(0, _pages(writer.session, slot), CHUNK_PAGES):
            _take(writer, slot, first, taken)
        note(_note(generation, taken))
    if taken.events == 0:
        # A transaction that changes nothing leaves no snapshot to carry the mark.
        writer.session.execute(
            "INSERT INTO public.collect_drained (generation, snapshot, at, events, repeats)"
            " VALUES (%s, 0, clock_timestamp(), 0, %s)",
            [generation, Jsonb(_listed(taken))],
        )


def _take(writer: Writer, slot: int, first: int, taken: _Taken) -> None:
    """Take one run of pages: repeats are judged by all that was seen, this transaction included."""
    lake = writer.lake
    # Read by one thread, as PostgreSQL gives it, and then parsed by all of them.
    lake.execute(_lines(slot, first))
    lake.execute(_STATEMENTS["incoming"])
    lake.execute("DROP TABLE lines")
    [(fresh, came)] = lake.execute(_STATEMENTS["fresh"]).fetchall()
    if fresh < came:
        for *kind, count in lake.execute(_STATEMENTS["repeats"]).fetchall():
            key = (str(kind[0]), int(kind[1]), int(kind[2]), str(kind[3]))
            taken.repeats[key] = taken.repeats.get(key, 0) + int(count)
        lake.execute(_STATEMENTS["drop_repeats"])
    for name in ("seen", "trails", "events") if fresh else ():
        lake.execute(_STATEMENTS[name])
    lake.execute("DROP TABLE incoming; DROP TABLE fresh")
    taken.events += int(fresh)


def _lines(slot: int, first: int) -> str:
    """Return the statement that reads one run of pages."""
    places = {"$slot": slot, "$begin": first, "$end": first + CHUNK_PAGES}
    statement = _STATEMENTS["lines"]
    for name, number in places.items():
        statement = statement.replace(name, str(int(number)))
    return statement


def _listed(taken: _Taken) -> list[list[str | int]]:
    return [[*kind, count] for kind, count in sorted(taken.repeats.items())]


def _note(generation: int, taken: _Taken) -> str:
    return json.dumps({"generation": generation, "events": taken.events, "repeats": _listed(taken)})


def _settle(writer: Writer, generation: int, slot: int) -> Drained:
    """Empty the closed table and count its repeats, once: both go with the end of the mark."""
    with writer.session.transaction():
        row = writer.session.execute(
            "UPDATE public.collect_drained SET settled = true WHERE generation = %s AND NOT settled"
            " RETURNING events, repeats",
            [generation],
        ).fetchone()
        if row is None:
            raise LookupError(f"generation {generation} of the inbox is not in the lake")
        repeats = [Repeat(*one) for one in row[1]]
        for one in repeats:
            _count(writer, one)
        writer.session.execute(
            sql.SQL("TRUNCATE {}").format(sql.Identifier("public", f"collect_inbox_{slot}"))
        )
        writer.session.execute(
            "DELETE FROM public.collect_drained WHERE generation < %s", [generation - KEPT]
        )
    return Drained(generation, int(row[0]), sum(one.count for one in repeats))


def _count(writer: Writer, repeat: Repeat) -> None:
    writer.session.execute(
        "INSERT INTO public.collect_dropped AS d (day, hour, source, event, property, reason, writer, count)"
        " VALUES (%s::date, %s, %s, %s, '', 'repeat', %s, %s)"
        " ON CONFLICT (day, hour, source, event, property, reason, writer)"
        " DO UPDATE SET count = d.count + excluded.count",
        [repeat.day, repeat.hour, repeat.source, repeat.event, COUNTER, repeat.count],
    )
