"""How many entries a second are recorded, opened to a person, numbered, hashed and signed: all of it durable.

The reference writes the very same rows, entries and openings, into tables with the same indexes by COPY, in
transactions of the same size. Payloads are made in the database, as the rooms that record make theirs.
"""

import time
from threading import Event, Thread

from amana.ledger import sequencer
from amana.ledger.note import Signer
from bench.deployment import Connection, connect
from bench.result import Result

PEOPLE = 10_000
EACH = 1_000
TARGET = 40_000
SIZES = (10_000, 100_000)
FULL_SIZES = (10_000, 100_000, 1_000_000)
RECORD = """SELECT cardinality(ledger.record_many('bench.recorded', array_agg((n * 7919) %% %(people)s + 1),
    array_agg(jsonb_build_object('purpose', 3, 'channel', 1, 'kind', 'given', 'number', n))))
FROM generate_series(1::bigint, %(each)s) AS n"""


def run(full: bool) -> Result:
    """Measure at growing sizes of the log; the figure is that of the last."""
    with connect("owner") as owner, connect("sequencer") as sequencing:
        owner.execute("SELECT ledger.new_people(ARRAY(SELECT generate_series(1, %s)::bigint))", [PEOPLE])
        append_and_sequence(owner, sequencing, 5_000)
        growth, done = [], 0
        for size in FULL_SIZES if full else SIZES:
            growth.append((size, (size - done) / append_and_sequence(owner, sequencing, size - done)))
            last, done = size - done, size
        reference = last / copy_the_same(owner, last)
    value = growth[-1][1]
    return Result(
        name="ledger",
        value=value,
        unit="entries/s",
        reference=reference,
        ratio=reference / value,
        target=f"≥ {TARGET:,}",
        growth=tuple(growth),
    )


def append_and_sequence(owner: Connection, sequencing: Connection, count: int) -> float:
    """Return the seconds from the first entry to the checkpoint over the last."""
    stop = Event()
    signer = Signer("bench.example/ledger", bytes(32))
    options = {"batch": 10_000, "rest": 0.01}
    thread = Thread(target=sequencer.run, args=[sequencing, signer, lambda: None, stop], kwargs=options)
    started = time.perf_counter()
    thread.start()
    for _ in range(count // EACH):
        owner.execute(RECORD, {"people": PEOPLE, "each": EACH})
    while owner.execute("SELECT count(*) FROM ledger.pending").fetchone() != (0,):
        time.sleep(0.002)
    seconds = time.perf_counter() - started
    stop.set()
    thread.join()
    return seconds


def copy_the_same(owner: Connection, count: int) -> float:
    """Return the seconds that a plain copy of the last `count` rows takes; reading them is not counted."""
    owner.execute("CREATE TABLE public.copied_entry (LIKE ledger.entry INCLUDING ALL)")
    owner.execute("CREATE TABLE public.copied_opening (LIKE ledger.opening INCLUDING ALL)")
    seconds = 0.0
    row = owner.execute("SELECT max(index) + 1 FROM ledger.entry").fetchone()
    assert row is not None
    for first in range(row[0] - count, row[0], EACH):
        entries = owner.execute(
            "SELECT * FROM ledger.entry WHERE index >= %s AND index < %s ORDER BY index",
            [first, first + EACH],
        ).fetchall()
        openings = owner.execute(
            "SELECT o.* FROM ledger.opening o JOIN ledger.entry e ON e.id = o.entry"
            " WHERE e.index >= %s AND e.index < %s",
            [first, first + EACH],
        ).fetchall()
        started = time.perf_counter()
        with owner.transaction():
            for table, rows in (("entry", entries), ("opening", openings)):
                with owner.cursor().copy(f"COPY public.copied_{table} FROM STDIN") as copying:
                    for values in rows:
                        copying.write_row(values)
        seconds += time.perf_counter() - started
    return seconds
