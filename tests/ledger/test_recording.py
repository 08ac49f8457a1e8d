"""Commitments, nonces and entries in the database: against Python's own HMAC, and under the proper roles."""

import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from uuid import UUID, uuid4

import psycopg
import pytest

from amana.kernel.refusal import Refusal
from amana.ledger import actions, merkle
from tests.conftest import Clock
from tests.database import Connection

pytestmark = pytest.mark.django_db(transaction=True)
Record = Callable[..., list[UUID]]


def nonce(owner: Connection, person: int) -> bytes:
    """Return a person's nonce, taken out of its pads, which have to agree."""
    row = owner.execute(
        "SELECT inner_pad, outer_pad FROM ledger.nonce WHERE person = %s", [person]
    ).fetchone()
    assert row is not None
    inner, outer = (bytes(pad) for pad in row)
    secret = bytes(byte ^ 0x36 for byte in inner)
    assert bytes(byte ^ 0x5C for byte in outer) == secret
    assert secret[32:] == bytes(32)
    return secret[:32]


def commitment(secret: bytes, entry: UUID, payload: str) -> bytes:
    """Return the commitment as it is defined, by Python's HMAC."""
    return sha256(hmac.digest(secret, entry.bytes, "sha256") + payload.encode()).digest()


def test_people_get_nonces_of_their_own(owner_connection: Connection) -> None:
    owner_connection.execute("SELECT ledger.new_people(ARRAY[1, 2, 3]::bigint[])")
    owner_connection.execute("SELECT ledger.new_person(4)")
    assert len({nonce(owner_connection, person) for person in range(1, 5)}) == 4


def test_a_person_has_one_nonce_for_ever(owner_connection: Connection) -> None:
    owner_connection.execute("SELECT ledger.new_person(1)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner_connection.execute("SELECT ledger.new_person(1)")


def test_a_commitment_is_the_hmac_it_is_said_to_be(owner_connection: Connection) -> None:
    owner_connection.execute("SELECT ledger.new_person(1)")
    entry, payload = uuid4(), '{"name": "أمانة"}'
    row = owner_connection.execute(
        "SELECT ledger.blinding(1, %s), ledger.commit_to(1, %s, %s)", [entry, entry, payload]
    ).fetchone()
    secret = nonce(owner_connection, 1)
    assert row == (hmac.digest(secret, entry.bytes, "sha256"), commitment(secret, entry, payload))


def test_the_leaf_is_canonical_json(owner_connection: Connection, fixed_clock: Clock) -> None:
    entry = UUID(int=5)
    owner_connection.execute(
        "SELECT ledger.enter(%s, 'gate.opened', %s, %s)",
        [entry, bytes(32), json.dumps({"root": "ab", "count": 3, "b": {"z": [1, "é\n"], "a": None}})],
    )
    row = owner_connection.execute("SELECT leaf FROM ledger.pending").fetchone()
    assert row is not None
    assert row[0].decode() == json.dumps(
        {
            "at": "2026-11-22T12:00:00.000000Z",
            "commitment": "00" * 32,
            "event": "gate.opened",
            "extra": {"b": {"a": None, "z": [1, "é\n"]}, "count": 3, "root": "ab"},
            "id": str(entry),
        },
        separators=(",", ":"),
        ensure_ascii=False,
        sort_keys=True,
    )


def test_a_record_opens_to_its_payload(owner_connection: Connection) -> None:
    owner_connection.execute("SELECT ledger.new_person(1)")
    row = owner_connection.execute("SELECT ledger.record('tests.noted', 1, '{\"a\": 1}')").fetchone()
    assert row is not None
    leaf = owner_connection.execute("SELECT leaf FROM ledger.pending").fetchone()
    opening = owner_connection.execute("SELECT entry, person, payload FROM ledger.opening").fetchone()
    assert leaf is not None
    assert opening == (row[0], 1, '{"a": 1}')
    assert (
        json.loads(leaf[0])["commitment"] == commitment(nonce(owner_connection, 1), row[0], '{"a": 1}').hex()
    )


def test_many_records_are_as_if_recorded_one_by_one(owner_connection: Connection) -> None:
    owner_connection.execute("SELECT ledger.new_people(ARRAY[1, 2]::bigint[])")
    payloads = [json.dumps({"number": number}) for number in range(4)]
    row = owner_connection.execute(
        "SELECT ledger.record_many('tests.noted', '{2,1,2,1}', %s::jsonb[])", [payloads]
    ).fetchone()
    assert row is not None
    leaves: dict[UUID, bytes] = dict(
        owner_connection.execute("SELECT id, leaf FROM ledger.pending").fetchall()
    )
    assert [json.loads(leaves[entry])["commitment"] for entry in row[0]] == [
        commitment(nonce(owner_connection, person), entry, payload).hex()
        for entry, person, payload in zip(row[0], [2, 1, 2, 1], payloads, strict=True)
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ledger.record('tests.noted', 9, '{}')",
        "SELECT ledger.record_many('tests.noted', '{9}', ARRAY['{}']::jsonb[])",
        "SELECT ledger.commit_to(9, gen_random_uuid(), '')",
        "SELECT ledger.forget_person(9)",
    ],
)
def test_nothing_is_recorded_about_nobody(owner_connection: Connection, query: str) -> None:
    with pytest.raises(psycopg.DatabaseError) as refused:
        owner_connection.execute(query)
    assert (refused.value.sqlstate, refused.value.diag.message_primary) == ("AM001", "person_forgotten")
    assert owner_connection.execute("SELECT count(*) FROM ledger.pending").fetchone() == (0,)


@pytest.mark.parametrize("event", ["noted", "Tests.noted", 'tests."noted', "tests.", "tests.noted\n"])
def test_an_event_is_dotted_words(owner_connection: Connection, event: str) -> None:
    for query in (
        "SELECT ledger.record(%s, 0, '{}')",
        "SELECT ledger.record_many(%s, '{0}', ARRAY['{}']::jsonb[])",
        "SELECT ledger.enter(gen_random_uuid(), %s, sha256(''))",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="dotted words"):
            owner_connection.execute(query, [event])


def test_a_leaf_too_long_for_a_bundle_is_refused(owner_connection: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        owner_connection.execute("SELECT ledger.record('tests.noted', 0, '{}', to_jsonb(repeat('x', 65536)))")


def test_forgetting_destroys_nonce_and_openings_and_says_so(
    owner_connection: Connection, record: Record
) -> None:
    owner_connection.execute("SELECT ledger.new_people(ARRAY[7, 8]::bigint[])")
    mine, others = record(3, person=7), record(2, person=8)
    row = owner_connection.execute("SELECT ledger.forget_person(7)").fetchone()
    assert row is not None
    blanked = owner_connection.execute("SELECT entry, erasure FROM ledger.blanked ORDER BY entry").fetchall()
    kept = owner_connection.execute("SELECT entry FROM ledger.opening WHERE person <> 0").fetchall()
    said = owner_connection.execute("SELECT payload FROM ledger.opening WHERE entry = %s", row).fetchone()
    root = merkle.root(b"".join(merkle.leaf_hash(entry.bytes) for entry in sorted(mine)))
    assert blanked == [(entry, row[0]) for entry in sorted(mine)]
    assert {entry for (entry,) in kept} == set(others)
    assert said is not None
    assert json.loads(said[0]) == {"openings": 3, "root": root.hex()}
    assert owner_connection.execute("SELECT person FROM ledger.nonce ORDER BY 1").fetchall() == [(0,), (8,)]


def test_the_deployment_itself_is_never_forgotten(owner_connection: Connection, record: Record) -> None:
    record(1)
    with pytest.raises(psycopg.errors.RaiseException, match="never forgotten"):
        owner_connection.execute("SELECT ledger.forget_person(0)")


@pytest.mark.parametrize("count", [*range(10), 255, 256, 257, 1000])
def test_the_databases_root_is_that_of_the_tree(owner_connection: Connection, count: int) -> None:
    hashes = b"".join(sha256(bytes([number % 256, number // 256])).digest() for number in range(count))
    row = owner_connection.execute("SELECT ledger.merkle_root(%s)", [hashes]).fetchone()
    assert row == (merkle.root(hashes),)


def test_the_application_notes_its_own_events(owner_connection: Connection) -> None:
    entry = actions.note(event="campaigns.sent", payload={"campaign": 3})
    row = owner_connection.execute("SELECT entry, person, payload FROM ledger.opening").fetchone()
    assert row == (entry, 0, '{"campaign": 3}')


@pytest.mark.parametrize("room", ["consent", "gate", "policy", "vault", "retailer", "ledger", "uses"])
def test_the_application_cannot_speak_for_a_room_of_the_lock(room: str) -> None:
    with pytest.raises(Refusal, match="event_reserved"):
        actions.note(event=f"{room}.withdrawn", payload={})


@pytest.mark.attack
def test_the_application_reaches_no_table_and_no_inner_function(
    app_connection: Connection, owner_connection: Connection
) -> None:
    tables = owner_connection.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'ledger'::regnamespace"
        " AND relkind IN ('r', 'S') AND relname <> 'test_clock'"
    ).fetchall()
    rights = [
        app_connection.execute("SELECT has_table_privilege(%s, 'SELECT, INSERT, UPDATE, DELETE')", table)
        for table in tables
    ]
    callable_by_app = app_connection.execute(
        "SELECT proname::text FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace"
        " AND has_function_privilege(oid, 'EXECUTE') ORDER BY 1"
    ).fetchall()
    assert {row.fetchone() for row in rights} == {(False,)}
    assert [name for (name,) in callable_by_app] == [
        "count_entries", "find_checkpoint", "find_entry", "find_key", "find_proving", "find_witnessed", "note",
        "read_bundle", "read_tiles",
    ]  # fmt: skip


@pytest.mark.attack
@pytest.mark.parametrize(
    ("table", "right"),
    [("entry", "UPDATE"), ("entry", "DELETE"), ("blanked", "DELETE"), ("cosignature", "UPDATE"),
     ("checkpoint", "UPDATE"), ("opening", "UPDATE"), ("pending", "UPDATE"), ("tile", "DELETE")],
)  # fmt: skip
def test_not_even_the_rooms_functions_may_change_what_was_written(
    owner_connection: Connection, table: str, right: str
) -> None:
    row = owner_connection.execute(
        "SELECT has_table_privilege('amana_definer', %s, %s)", [f"ledger.{table}", right]
    ).fetchone()
    assert row == (False,)
