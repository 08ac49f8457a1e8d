"""Order, tiles and checkpoints: also when entries commit late, and when the sequencer is killed anywhere."""

import random
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any
from uuid import UUID

import psycopg
import pytest

from amana.kernel.refusal import Refusal
from amana.ledger import merkle, note, sequencer, tiles
from amana.ledger.note import Signer, VerifierKey
from amana.ledger.sequencer import LedgerDamagedError, Sequenced
from tests.conftest import Clock
from tests.database import Connection

pytestmark = pytest.mark.django_db(transaction=True)
Record = Callable[..., list[UUID]]
Sign = Callable[[], Sequenced]


def leaves(owner: Connection) -> list[bytes]:
    """Return all leaves in order; their indexes have no gaps."""
    rows = owner.execute("SELECT index, leaf FROM ledger.entry ORDER BY index").fetchall()
    assert [index for index, _ in rows] == list(range(len(rows)))
    return [leaf for _, leaf in rows]


def latest(owner: Connection, key: VerifierKey) -> note.Checkpoint:
    """Return the latest checkpoint, verified."""
    row = owner.execute("SELECT note FROM ledger.checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    assert row is not None
    return note.verify_checkpoint(row[0], key)


def assert_whole(owner: Connection, signer: Signer) -> int:
    """Assert that entries, tiles and checkpoint agree; return how many entries there are."""
    hashes = b"".join(merkle.leaf_hash(leaf) for leaf in leaves(owner))
    checkpoint = latest(owner, signer.key)
    assert (checkpoint.size, checkpoint.root) == (len(hashes) // 32, merkle.root(hashes))
    stored = owner.execute("SELECT level, index, hashes FROM ledger.tile ORDER BY 1, 2").fetchall()
    assert [tiles.Tile(*row) for row in stored] == tiles.Edge().extend(hashes)
    return checkpoint.size


def test_an_empty_log_has_a_checkpoint(owner_connection: Connection, sign: Sign, signer: Signer) -> None:
    assert (sign(), sign()) == (Sequenced(0, 0), Sequenced(0, 0))
    assert latest(owner_connection, signer.key).root == merkle.EMPTY_ROOT


def test_entries_are_sequenced_in_the_order_they_came(
    owner_connection: Connection, record: Record, sign: Sign, signer: Signer
) -> None:
    made = record(5)
    assert sign() == Sequenced(5, 5)
    made += record(300)
    assert sign() == Sequenced(300, 305)
    rows = owner_connection.execute("SELECT id FROM ledger.entry ORDER BY index").fetchall()
    assert [entry for (entry,) in rows] == made
    assert assert_whole(owner_connection, signer) == 305


def test_an_entry_that_commits_late_is_not_passed_over(
    owner_connection: Connection,
    connect: Callable[..., Connection],
    record: Record,
    sign: Sign,
    signer: Signer,
) -> None:
    record(1)
    slow = connect("amana_owner", autocommit=False)
    slow.execute("SELECT ledger.record('tests.late', 0, '{}')")
    record(1)
    assert sign().size == 2
    slow.commit()
    assert sign() == Sequenced(1, 3)
    events = owner_connection.execute("SELECT event FROM ledger.entry ORDER BY index").fetchall()
    assert events == [("tests.noted",), ("tests.noted",), ("tests.late",)]
    assert assert_whole(owner_connection, signer) == 3


def test_an_entry_rolled_back_never_was(
    connect: Callable[..., Connection],
    owner_connection: Connection,
    record: Record,
    sign: Sign,
    signer: Signer,
) -> None:
    record(1)
    with connect("amana_owner").transaction(force_rollback=True) as doomed:
        doomed.connection.execute("SELECT ledger.record('tests.undone', 0, '{}')")
    record(1)
    sign()
    assert assert_whole(owner_connection, signer) == 2


def test_a_large_backlog_is_taken_in_batches(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, signer: Signer
) -> None:
    record(700)
    sizes = [sequencer.step(sequencer_connection, signer, lambda: None, batch=256).size for _ in range(4)]
    assert sizes == [256, 512, 700, 700]
    assert assert_whole(owner_connection, signer) == 700


def test_the_journal_is_read_after_the_entries_were_taken(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, signer: Signer
) -> None:
    taken: list[Any] = []

    def head() -> tuple[int, bytes]:
        taken.append(
            sequencer_connection.execute("SELECT sequenced, waiting FROM ledger.count_entries()").fetchone()
        )
        return 4, bytes(32)

    record(2)
    sequencer.step(sequencer_connection, signer, head)
    assert taken == [(2, 0)]
    assert latest(owner_connection, signer.key).extensions == ("journal 4 " + "00" * 32,)


class KilledError(Exception):
    """The sequencer's process ended here."""


class Mortal:
    """A connection that dies before its `last` statement: it stands for a process killed at that point."""

    def __init__(self, connection: Connection, superuser: Connection, last: int) -> None:
        self._connection = connection
        self._superuser = superuser
        self._left = last

    def transaction(self) -> Any:
        """Begin."""
        return self._connection.transaction()

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run a statement, or have the backend killed first."""
        self._left -= 1
        if self._left == 0:
            pid = self._connection.info.backend_pid
            self._superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return self._connection.execute(*args, **options)


@pytest.mark.parametrize("seed", range(25))
def test_killed_anywhere_it_loses_nothing_and_signs_nothing_twice(
    seed: int,
    connect: Callable[..., Connection],
    superuser_connection: Connection,
    owner_connection: Connection,
    record: Record,
    signer: Signer,
) -> None:
    chance = random.Random(seed)
    signed: list[str] = []
    expected = 0
    for _ in range(4):
        count = chance.choice([1, 3, 255, 256, 300])
        record(count)
        expected += count
        mortal: Any = Mortal(connect("amana_sequencer"), superuser_connection, chance.randint(1, 7))
        with suppress(psycopg.OperationalError):
            sequencer.step(mortal, signer, lambda: None, batch=chance.choice([100, 1000]))
        rows = owner_connection.execute("SELECT note FROM ledger.checkpoint ORDER BY size").fetchall()
        assert [text for (text,) in rows][: len(signed)] == signed
        signed = [text for (text,) in rows]
    alive = connect("amana_sequencer")
    while sequencer.step(alive, signer, lambda: None).added:
        pass
    assert assert_whole(owner_connection, signer) == expected


def test_a_killed_signer_is_followed_by_one_that_signs_the_same(
    connect: Callable[..., Connection],
    owner_connection: Connection,
    record: Record,
    sign: Sign,
    signer: Signer,
) -> None:
    def dies() -> None:
        raise KilledError

    record(10)
    with pytest.raises(KilledError):
        sequencer.step(connect("amana_sequencer"), signer, dies)
    assert owner_connection.execute("SELECT count(*) FROM ledger.entry").fetchone() == (0,)
    assert sign() == Sequenced(10, 10)


def test_entries_moved_without_a_checkpoint_are_signed_by_the_next_step(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, sign: Sign, signer: Signer
) -> None:
    record(3)
    sign()
    record(4)
    sequencer_connection.execute("SELECT ledger.sequence(100)")
    record(5)
    assert sign() == Sequenced(9, 12)
    assert assert_whole(owner_connection, signer) == 12


def test_two_sequencers_take_turns(
    connect: Callable[..., Connection], owner_connection: Connection, record: Record, signer: Signer
) -> None:
    stop, failures = Event(), list[BaseException]()

    def sequence(connection: Connection) -> None:
        try:
            sequencer.run(connection, signer, lambda: None, stop, batch=50, rest=0.01)
        except BaseException as failure:  # noqa: BLE001 — handed to the test itself
            failures.append(failure)

    threads = [Thread(target=sequence, args=[connect("amana_sequencer")]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        record(60)
    while owner_connection.execute("SELECT count(*) FROM ledger.pending").fetchone() != (0,) and not failures:
        pass
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert assert_whole(owner_connection, signer) == 600


def test_it_signs_nothing_over_a_record_cut_short(
    owner_connection: Connection, record: Record, sign: Sign
) -> None:
    record(5)
    sign()
    owner_connection.execute("DELETE FROM ledger.entry WHERE index = 4")
    record(1)
    with pytest.raises(Refusal, match="ledger_truncated"):
        sign()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE ledger.tile SET hashes = overlay(hashes PLACING '\\x00'::bytea FROM 3)",
        "DELETE FROM ledger.tile",
        "UPDATE ledger.checkpoint SET root = sha256('')",
        "UPDATE ledger.checkpoint SET note = replace(note, 'amana.example', 'other.example')",
    ],
)
def test_it_signs_nothing_over_what_it_did_not_sign(
    owner_connection: Connection, record: Record, sign: Sign, damage: str
) -> None:
    record(5)
    sign()
    owner_connection.execute(damage.encode())
    record(1)
    with pytest.raises(LedgerDamagedError):
        sign()


def test_a_new_key_continues_the_log_of_a_former_one(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, sign: Sign, signer: Signer
) -> None:
    record(3)
    sign()
    record(3)
    new = Signer(signer.key.name, bytes(32))
    with pytest.raises(LedgerDamagedError):
        sequencer.step(sequencer_connection, new, lambda: None)
    sequencer.step(sequencer_connection, new, lambda: None, former=[signer.key])
    assert assert_whole(owner_connection, new) == 6


@pytest.mark.parametrize(
    ("size", "code"), [(2, "checkpoint_wrong"), (4, "checkpoint_wrong"), (3, "checkpoint_behind")]
)
def test_a_checkpoint_fits_the_tree_and_never_goes_back(
    sequencer_connection: Connection, record: Record, sign: Sign, signer: Signer, size: int, code: str
) -> None:
    record(3)
    sign()
    with pytest.raises(psycopg.DatabaseError) as refused:
        sequencer_connection.execute(
            "SELECT ledger.publish_checkpoint(%s, %s, %s)",
            [size, bytes(32), signer.checkpoint(size, bytes(32))],
        )
    assert refused.value.diag.message_primary == code


def test_a_tile_is_never_rewritten(sequencer_connection: Connection, record: Record, sign: Sign) -> None:
    record(3)
    sign()
    with pytest.raises(psycopg.DatabaseError) as refused:
        sequencer_connection.execute(
            "SELECT ledger.store_tiles('{0}', '{0}', '{4}', %s::bytea[])", [[bytes(128)]]
        )
    assert refused.value.diag.message_primary == "tile_rewritten"


@pytest.mark.attack
@pytest.mark.parametrize(
    "query",
    [
        "SELECT ledger.sequence(1)",
        "SELECT ledger.publish_checkpoint(0, '', '')",
        "SELECT ledger.store_tiles('{}', '{}', '{}', '{}')",
        "SELECT ledger.cosign(0, '', '')",
        "SELECT ledger.announce_key('')",
        "SELECT ledger.thin_checkpoints()",
    ],
)
def test_the_application_cannot_sequence(app_connection: Connection, query: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(query.encode())


@pytest.mark.attack
def test_the_sequencer_cannot_write_entries_of_its_own(sequencer_connection: Connection) -> None:
    for query in (
        "INSERT INTO ledger.entry VALUES (0, gen_random_uuid(), now(), 'tests.forged', '')",
        "SELECT ledger.enter(gen_random_uuid(), 'tests.forged', sha256(''))",
        "SELECT ledger.record('tests.forged', 0, '{}')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sequencer_connection.execute(query.encode())


def test_the_key_is_announced_once(
    connect: Callable[..., Connection], owner_connection: Connection, signer: Signer
) -> None:
    stop = Event()
    stop.set()
    for _ in range(2):
        sequencer.run(connect("amana_sequencer"), signer, lambda: None, stop)
    assert owner_connection.execute("SELECT vkey FROM ledger.verifier_key").fetchall() == [(str(signer.key),)]


def test_a_true_cosignature_is_kept_and_published(
    sequencer_connection: Connection, record: Record, sign: Sign, signer: Signer
) -> None:
    witness = Signer("witness.example/w", bytes([1]) * 32)
    key = VerifierKey(witness.key.name, witness.key.public, note.COSIGNATURE)
    record(3)
    sign()
    query = "SELECT note FROM ledger.find_checkpoint()"
    row = sequencer_connection.execute(query).fetchone()
    assert row is not None
    for _ in range(2):
        sequencer.accept_cosignature(
            sequencer_connection, size=3, line=witness.cosign(row[0], time=77), witness=key
        )
    published = sequencer_connection.execute(query).fetchone()
    assert published is not None
    assert note.verify_cosignature(published[0], key) == 77
    assert note.verify_checkpoint(published[0], signer.key).size == 3


@pytest.mark.parametrize("size", [2, 3])
def test_a_false_cosignature_is_refused(
    sequencer_connection: Connection, record: Record, sign: Sign, signer: Signer, size: int
) -> None:
    witness = Signer("witness.example/w", bytes([1]) * 32)
    key = VerifierKey(witness.key.name, witness.key.public, note.COSIGNATURE)
    record(3)
    sign()
    line = witness.cosign(signer.checkpoint(size, bytes(32)), time=77)
    with pytest.raises(Refusal, match="cosignature_false"):
        sequencer.accept_cosignature(sequencer_connection, size=size, line=line, witness=key)


def test_old_checkpoints_are_thinned_to_the_last_of_each_hour(
    owner_connection: Connection,
    sequencer_connection: Connection,
    record: Record,
    sign: Sign,
    fixed_clock: Clock,
) -> None:
    start = fixed_clock.at
    for minute in (0, 10, 20, 60, 70):
        fixed_clock.set(start.replace(hour=12 + minute // 60, minute=minute % 60))
        record(1)
        sign()
    fixed_clock.set(start.replace(day=23, hour=12, minute=55))
    assert sequencer_connection.execute("SELECT ledger.thin_checkpoints()").fetchone() == (2,)
    sizes = owner_connection.execute("SELECT size FROM ledger.checkpoint ORDER BY size").fetchall()
    assert sizes == [(3,), (4,), (5,)]
