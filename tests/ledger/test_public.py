"""The record as strangers fetch it, and the proofs that receipts carry, read with the application's login."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from amana.ledger import merkle, note, queries, sequencer, tiles
from amana.ledger.note import Signer
from amana.ledger.sequencer import Sequenced
from tests.database import Connection

pytestmark = pytest.mark.django_db(transaction=True)
Record = Callable[..., list[UUID]]
Sign = Callable[[], Sequenced]

TILE = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"


def test_the_checkpoint_is_text_and_kept_for_a_moment(
    log: list[UUID], client: Client, signer: Signer
) -> None:
    answer = client.get("/ledger/checkpoint")
    assert note.verify_checkpoint(answer.content.decode(), signer.key).size == 310
    assert (answer["Content-Type"], answer["Cache-Control"]) == (TEXT, "public, max-age=2")


def test_the_key_is_published(client: Client, sequencer_connection: Connection, signer: Signer) -> None:
    assert client.get("/ledger/key").status_code == 404
    sequencer_connection.execute("SELECT ledger.announce_key(%s)", [str(signer.key)])
    answer = client.get("/ledger/key")
    assert (answer.content.decode(), answer["Content-Type"]) == (f"{signer.key}\n", TEXT)


@pytest.mark.parametrize(
    ("path", "cache"),
    [("0/000", "public, max-age=31536000, immutable"), ("0/001.p/54", "public, max-age=86400"),
     ("0/001.p/44", "public, max-age=86400"), ("1/000.p/1", "public, max-age=86400")],
)  # fmt: skip
def test_a_tile_holds_the_hashes_of_its_range(log: list[UUID], client: Client, path: str, cache: str) -> None:
    answer = client.get(f"/ledger/tile/{path}")
    address = tiles.find_address(path)
    bundles = [client.get(f"/ledger/tile/entries/{part}").content for part in ("000", "001.p/54")]
    hashes = b"".join(merkle.leaf_hash(leaf) for content in bundles for leaf in tiles.unbundle(content))
    whole = {(tile.level, tile.index): tile.hashes for tile in tiles.Edge().extend(hashes)}
    assert address is not None
    assert answer.content == whole[address.level or 0, address.index][: 32 * address.width]
    assert (answer["Content-Type"], answer["Cache-Control"]) == (TILE, cache)


@pytest.mark.parametrize(
    "path",
    ["0/001", "0/001.p/55", "0/002.p/1", "1/000.p/2", "2/000.p/1", "entries/001", "entries/001.p/55",
     "entries/002.p/1", "0/0", "64/000", "0/x000/000", "entries/000.p/256", "0/" + "x999/" * 6 + "999"],
)  # fmt: skip
def test_what_the_tree_does_not_have_is_not_found(log: list[UUID], client: Client, path: str) -> None:
    assert client.get(f"/ledger/tile/{path}").status_code == 404


def test_nothing_is_published_before_the_first_checkpoint(client: Client, record: Record) -> None:
    record(3)
    for path in ("checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"):
        assert client.get(f"/ledger/{path}").status_code == 404


def test_the_record_is_only_read(log: list[UUID], client: Client) -> None:
    for path in ("checkpoint", "key", "tile/0/000"):
        assert client.post(f"/ledger/{path}").status_code == 405


def test_counts(log: list[UUID], record: Record, sequencer_connection: Connection) -> None:
    record(4)
    assert queries.count_entries() == queries.Counts(sequenced=310, waiting=4, signed=310)
    sequencer_connection.execute("SELECT ledger.sequence(100)")
    assert queries.count_entries() == queries.Counts(sequenced=314, waiting=0, signed=310)


@pytest.mark.parametrize("place", [0, 1, 255, 256, 299, 300, 309])
def test_an_entry_is_proved_to_stand_under_the_latest_checkpoint(log: list[UUID], place: int) -> None:
    proof = queries.find_inclusion(log[place])
    assert proof is not None
    assert (proof.index, proof.checkpoint.size, proof.holds()) == (place, 310, True)
    assert proof.as_dict()["leaf"] == proof.leaf.decode()


def test_an_entry_that_waits_or_never_was_has_no_proof(
    log: list[UUID], record: Record, sequencer_connection: Connection
) -> None:
    (waiting,) = record(1)
    assert queries.find_inclusion(waiting) is None
    assert queries.find_inclusion(uuid4()) is None
    sequencer_connection.execute("SELECT ledger.sequence(100)")
    assert queries.find_inclusion(waiting) is None


def test_an_older_checkpoint_is_found_by_its_size(log: list[UUID], signer: Signer) -> None:
    older, latest = queries.find_checkpoint(300), queries.find_checkpoint()
    assert older is not None
    assert latest is not None
    assert (older.size, latest.size, queries.find_checkpoint(299)) == (300, 310, None)
    node = tiles.node_reader(queries.read_tiles([*tiles.addresses(310), *tiles.addresses(310, 1)]))
    assert merkle.verify_consistency(
        old=300,
        new=310,
        old_root=older.root,
        new_root=latest.root,
        proof=merkle.consistency_proof(300, 310, node),
    )


def test_the_sequencer_and_the_site_show_the_same_tiles(
    log: list[UUID], sequencer_connection: Connection
) -> None:
    wanted = tiles.addresses(310)
    assert sequencer.read_tiles(sequencer_connection, wanted) == sorted(
        queries.read_tiles(wanted), key=lambda tile: tile.index
    )
