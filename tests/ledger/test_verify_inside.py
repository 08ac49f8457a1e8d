"""Every way of altering the record behind its back is found, and the first bad entry is named."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from amana.kernel.refusal import Refusal
from amana.ledger import merkle, sequencer, tiles
from amana.ledger.note import NoteError, Signer
from amana.ledger.sequencer import Sequenced
from amana.ledger.verify import inside, kept
from amana.ledger.verify.findings import Finding
from tests.database import Connection

pytestmark = pytest.mark.django_db(transaction=True)
Record = Callable[..., list[UUID]]
Sign = Callable[[], Sequenced]
Audit = Callable[..., list[tuple[int | None, UUID | None, str]]]


@pytest.fixture
def audit(sequencer_connection: Connection, signer: Signer) -> Audit:
    """Return a function that audits and gives index, entry and reason of each finding."""

    def found(
        copy: kept.Kept | None = None, elsewhere: tuple[str, ...] = ()
    ) -> list[tuple[int | None, UUID | None, str]]:
        findings = inside.audit(sequencer_connection, key=signer.key, kept=copy, elsewhere=elsewhere)
        return [(finding.index, finding.entry_id, finding.reason) for finding in findings]

    return found


def sign_anew(owner: Connection, signer: Signer) -> None:
    """Do what a superuser who holds the signing key could do: sign whatever stands there as a new history."""
    rows = owner.execute("SELECT leaf FROM ledger.entry ORDER BY index").fetchall()
    hashes = b"".join(merkle.leaf_hash(leaf) for (leaf,) in rows)
    owner.execute("DELETE FROM ledger.tile")
    owner.execute("DELETE FROM ledger.checkpoint")
    edge = tiles.Edge()
    for tile in edge.extend(hashes):
        values = [tile.level, tile.index, tile.width, tile.hashes]
        owner.execute("INSERT INTO ledger.tile VALUES (%s, %s, %s, %s)", values)
    note = signer.checkpoint(edge.size, edge.root())
    owner.execute("INSERT INTO ledger.checkpoint VALUES (%s, %s, %s, now())", [edge.size, edge.root(), note])


def rewrite(owner: Connection, entry: UUID, payload: str) -> None:
    """Give an entry another payload together with the commitment that fits it."""
    owner.execute("UPDATE ledger.opening SET payload = %s WHERE entry = %s", [payload, entry])
    owner.execute(
        "UPDATE ledger.entry e SET leaf = overlay(e.leaf PLACING convert_to(encode("
        "ledger.commit_to(o.person, e.id, o.payload), 'hex'), 'UTF8') FROM 51)"
        " FROM ledger.opening o WHERE o.entry = e.id AND e.id = %s",
        [entry],
    )


def copied(connection: Connection, folder: Path, signer: Signer) -> kept.Kept:
    """Keep a whole copy and read it back."""
    inside.keep(connection, folder, key=signer.key)
    return kept.load(folder, signer.key)


def test_a_record_nobody_touched_stands(
    log: list[UUID],
    audit: Audit,
    record: Record,
    sequencer_connection: Connection,
    signer: Signer,
    tmp_path: Path,
) -> None:
    copy = copied(sequencer_connection, tmp_path, signer)
    record(5)
    sequencer.step(sequencer_connection, signer, lambda: None)
    assert audit() == []
    assert audit(copy) == []
    assert audit(kept.Kept(copy.checkpoint)) == []


def test_entries_that_still_wait_are_no_fault(log: list[UUID], audit: Audit, record: Record) -> None:
    record(3)
    assert audit() == []


def test_an_empty_record_has_no_checkpoint(audit: Audit) -> None:
    assert audit() == [(None, None, "checkpoint_missing")]


def test_an_erasure_that_is_recorded_is_no_fault(
    log: list[UUID], audit: Audit, sign: Sign, owner_connection: Connection
) -> None:
    owner_connection.execute("SELECT ledger.forget_person(7)")
    assert audit() == []
    sign()
    assert audit() == []


def test_events_kept_elsewhere_need_no_opening_here(
    log: list[UUID], audit: Audit, sign: Sign, owner_connection: Connection
) -> None:
    owner_connection.execute(
        "SELECT ledger.enter('00000000-0000-0000-0000-000000000005', 'gate.opened', sha256(''))"
    )
    sign()
    assert audit(elsewhere=("gate.opened",)) == []
    assert audit() == [(310, UUID(int=5), "opening_missing")]


@pytest.mark.attack
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "at + interval '1 second'"),
        ("event", "'tests.other'"),
        ("event", "event || '_'"),
        ("leaf", "replace(convert_from(leaf, 'UTF8'), 'tests.noted', 'tests.other')::bytea"),
        ("leaf", "'\\xff00'"),
        ("leaf", "''"),
    ],
)
def test_an_altered_entry_is_named(
    log: list[UUID], audit: Audit, owner_connection: Connection, column: str, value: str
) -> None:
    owner_connection.execute(f"UPDATE ledger.entry SET {column} = {value} WHERE index IN (123, 200)".encode())
    assert audit()[0] == (123, log[123], "entry_altered")


@pytest.mark.attack
def test_an_altered_extra_is_named(
    log: list[UUID], audit: Audit, sign: Sign, owner_connection: Connection
) -> None:
    owner_connection.execute(
        "SELECT ledger.enter(gen_random_uuid(), 'gate.opened', sha256(''), '{\"count\": 3}')"
        " FROM generate_series(1, 9)"
    )
    sign()
    row = owner_connection.execute(
        "UPDATE ledger.entry SET leaf = replace(convert_from(leaf, 'UTF8'), ':3}', ':4}')::bytea"
        " WHERE index = 314 RETURNING id"
    ).fetchone()
    assert row is not None
    assert audit(elsewhere=("gate.opened",))[0] == (314, row[0], "tile_altered")


@pytest.mark.attack
def test_an_altered_opening_is_named(log: list[UUID], audit: Audit, owner_connection: Connection) -> None:
    owner_connection.execute("UPDATE ledger.opening SET payload = '{}' WHERE entry = %s", [log[301]])
    assert audit() == [(301, log[301], "opening_altered")]


@pytest.mark.attack
def test_an_opening_given_to_another_person_is_named(
    log: list[UUID], audit: Audit, owner_connection: Connection
) -> None:
    owner_connection.execute("UPDATE ledger.opening SET person = 0 WHERE entry = %s", [log[301]])
    assert audit() == [(301, log[301], "opening_altered")]


@pytest.mark.attack
def test_an_opening_taken_away_is_named(log: list[UUID], audit: Audit, owner_connection: Connection) -> None:
    owner_connection.execute("DELETE FROM ledger.opening WHERE entry = %s", [log[301]])
    assert audit() == [(301, log[301], "opening_missing")]


@pytest.mark.attack
def test_a_nonce_taken_away_is_named(log: list[UUID], audit: Audit, owner_connection: Connection) -> None:
    owner_connection.execute("DELETE FROM ledger.nonce WHERE person = 7")
    assert audit()[0] == (300, log[300], "opening_altered")


@pytest.mark.attack
def test_an_erasure_that_never_was_is_named(
    log: list[UUID], audit: Audit, owner_connection: Connection
) -> None:
    owner_connection.execute("DELETE FROM ledger.opening WHERE entry = %s", [log[301]])
    owner_connection.execute("INSERT INTO ledger.blanked VALUES (%s, gen_random_uuid())", [log[301]])
    assert audit() == [(301, log[301], "erasure_missing")]


@pytest.mark.attack
def test_an_opening_slipped_into_anothers_erasure_is_found(
    log: list[UUID], audit: Audit, sign: Sign, owner_connection: Connection
) -> None:
    row = owner_connection.execute("SELECT ledger.forget_person(7)").fetchone()
    assert row is not None
    sign()
    owner_connection.execute("DELETE FROM ledger.opening WHERE entry = %s", [log[5]])
    owner_connection.execute("INSERT INTO ledger.blanked VALUES (%s, %s)", [log[5], row[0]])
    assert audit() == [(310, row[0], "erasure_altered")]


@pytest.mark.attack
def test_an_entry_dropped_before_it_was_sequenced_is_found(
    log: list[UUID], audit: Audit, record: Record, owner_connection: Connection
) -> None:
    (entry,) = record(1)
    owner_connection.execute("DELETE FROM ledger.pending")
    assert audit() == [(None, entry, "entry_stray")]


@pytest.mark.attack
def test_a_missing_entry_is_named_by_its_place(
    log: list[UUID], audit: Audit, owner_connection: Connection
) -> None:
    owner_connection.execute("DELETE FROM ledger.entry WHERE index = 42")
    assert audit()[0] == (42, None, "entry_missing")


@pytest.mark.attack
def test_a_dropped_tail_is_named_by_its_first_place(
    log: list[UUID], audit: Audit, owner_connection: Connection
) -> None:
    owner_connection.execute("DELETE FROM ledger.entry WHERE index >= 305")
    assert audit()[0] == (305, None, "entry_missing")


@pytest.mark.attack
def test_entries_added_behind_the_sequencer_are_named(
    log: list[UUID], audit: Audit, owner_connection: Connection
) -> None:
    owner_connection.execute(
        "INSERT INTO ledger.entry SELECT 310, gen_random_uuid(), at, event, leaf FROM ledger.entry"
        " WHERE index = 3"
    )
    assert [(index, reason) for index, _, reason in audit()][:1] == [(310, "entry_altered")]
    assert (310, "entry_unsigned") in [(index, reason) for index, _, reason in audit()]


@pytest.mark.attack
@pytest.mark.parametrize(("level", "place", "index"), [(0, 32 * 7 + 5, 7), (0, 32 * 43 + 1, 43), (1, 3, 0)])
def test_an_altered_tile_is_named_by_its_first_entry(
    log: list[UUID], audit: Audit, owner_connection: Connection, level: int, place: int, index: int
) -> None:
    owner_connection.execute(
        "UPDATE ledger.tile SET hashes = set_byte(hashes, %s, 255 - get_byte(hashes, %s))"
        " WHERE level = %s AND index = 0",
        [place, place, level],
    )
    assert audit() == [(index, log[index], "tile_altered")]


@pytest.mark.attack
def test_a_checkpoint_by_another_key_is_found(
    log: list[UUID], audit: Audit, owner_connection: Connection, signer: Signer
) -> None:
    sign_anew(owner_connection, Signer(signer.key.name, bytes(32)))
    assert audit() == [(None, None, "checkpoint_unsigned")]


@pytest.mark.attack
def test_an_altered_older_checkpoint_is_found(
    log: list[UUID], audit: Audit, owner_connection: Connection
) -> None:
    owner_connection.execute("UPDATE ledger.checkpoint SET root = sha256('') WHERE size = 300")
    assert audit() == [(None, None, "checkpoint_false")]


@pytest.mark.attack
def test_history_signed_anew_is_named_to_the_entry_by_a_copy(
    log: list[UUID],
    audit: Audit,
    owner_connection: Connection,
    sequencer_connection: Connection,
    signer: Signer,
    tmp_path: Path,
) -> None:
    copy = copied(sequencer_connection, tmp_path, signer)
    for entry in (log[100], log[305]):
        rewrite(owner_connection, entry, '{"number": -1}')
    sign_anew(owner_connection, signer)
    assert audit() == []
    assert audit(kept.Kept(copy.checkpoint)) == [(None, None, "history_rewritten")]
    assert audit(copy) == [(100, log[100], "entry_rewritten"), (None, None, "history_rewritten")]


@pytest.mark.attack
def test_rewritten_entries_are_named_by_tiles_that_were_not(
    log: list[UUID],
    audit: Audit,
    owner_connection: Connection,
    sequencer_connection: Connection,
    signer: Signer,
    tmp_path: Path,
) -> None:
    bare = kept.Kept(copied(sequencer_connection, tmp_path, signer).checkpoint)
    rewrite(owner_connection, log[100], '{"number": -1}')
    assert audit(bare)[0] == (100, log[100], "tile_altered")


@pytest.mark.attack
@pytest.mark.parametrize("whole", [True, False])
def test_yesterdays_database_misses_what_was_signed_since(
    whole: bool,
    log: list[UUID],
    audit: Audit,
    owner_connection: Connection,
    sequencer_connection: Connection,
    signer: Signer,
    tmp_path: Path,
) -> None:
    copy = copied(sequencer_connection, tmp_path, signer)
    owner_connection.execute("DELETE FROM ledger.entry WHERE index >= 290")
    owner_connection.execute(
        "DELETE FROM ledger.opening o WHERE NOT EXISTS (SELECT FROM ledger.entry WHERE id = o.entry)"
    )
    sign_anew(owner_connection, signer)
    assert audit() == []
    assert audit(copy if whole else kept.Kept(copy.checkpoint)) == [(290, None, "entry_missing")]


def test_a_copy_is_not_made_of_a_record_that_was_altered(
    log: list[UUID],
    owner_connection: Connection,
    sequencer_connection: Connection,
    signer: Signer,
    tmp_path: Path,
) -> None:
    owner_connection.execute("UPDATE ledger.entry SET leaf = 'x' WHERE index = 8")
    with pytest.raises(NoteError, match="not those that were signed"):
        inside.keep(sequencer_connection, tmp_path / "copy", key=signer.key)
    assert list((tmp_path / "copy").iterdir()) == []


@pytest.mark.parametrize("damaged", ["checkpoint", "hashes"])
def test_an_altered_copy_is_refused(
    log: list[UUID], sequencer_connection: Connection, signer: Signer, tmp_path: Path, damaged: str
) -> None:
    copied(sequencer_connection, tmp_path, signer)
    content = bytearray((tmp_path / damaged).read_bytes())
    content[40] ^= 1
    (tmp_path / damaged).write_bytes(content)
    with pytest.raises(Refusal, match="checkpoint_unverified"):
        kept.load(tmp_path, signer.key)


def test_a_checkpoint_file_alone_is_read(signer: Signer, tmp_path: Path) -> None:
    (tmp_path / "old").write_text(signer.checkpoint(3, bytes(32)))
    assert kept.load(tmp_path / "old", signer.key).hashes is None
    for wrong in (tmp_path / "none", tmp_path):
        with pytest.raises(Refusal, match="checkpoint_unverified"):
            kept.load(wrong, signer.key)


def test_a_finding_is_said_in_both_languages() -> None:
    finding = Finding(12, UUID(int=5), "entry_missing", "here")
    assert finding.sentence("en") == f"entry 12 {UUID(int=5)}: the entry is missing: here"
    assert finding.sentence("ar") == f"القيد 12 {UUID(int=5)}: القيد مفقود: here"
    assert Finding(None, None, "gate_use_missing").sentence("en") == "gate_use_missing"


def test_one_persons_record_is_verified_before_it_goes(log: list[UUID], owner_connection: Connection) -> None:
    query = "SELECT entry, reason FROM ledger.audit_person(7)"
    assert owner_connection.execute(query).fetchall() == []
    owner_connection.execute("UPDATE ledger.opening SET payload = '{}' WHERE entry = %s", [log[301]])
    owner_connection.execute("DELETE FROM ledger.entry WHERE id = %s", [log[302]])
    assert dict(owner_connection.execute(query).fetchall()) == {
        log[301]: "opening_altered",
        log[302]: "entry_missing",
    }
