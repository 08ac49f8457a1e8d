"""Verifying over HTTP from published files alone: no database."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest

from amana.kernel.refusal import Refusal
from amana.ledger import merkle, tiles
from amana.ledger.note import NoteError, Signer
from amana.ledger.verify import kept, outside
from amana.ledger.verify.findings import Finding

SIGNER = Signer("amana.example/ledger", bytes(32))
SIZE = 600


def leaf(number: int, event: str = "tests.noted") -> bytes:
    """Return a leaf like the ledger's."""
    return json.dumps({"event": event, "id": str(UUID(int=number))}).encode()


def publish(folder: Path, leaves: list[bytes], signer: Signer = SIGNER) -> None:
    """Write a log as the files that C2SP tlog-tiles names."""
    edge = tiles.Edge()
    for tile in edge.extend(b"".join(map(merkle.leaf_hash, leaves))):
        write(folder, tiles.Address(tile.level, tile.index, tile.width), tile.hashes)
        if tile.level == 0:
            address = tiles.Address(None, tile.index, tile.width)
            write(folder, address, tiles.bundle(leaves[256 * tile.index :][: tile.width]))
    (folder / "ledger/checkpoint").write_text(signer.checkpoint(edge.size, edge.root()))


def write(folder: Path, address: tiles.Address, content: bytes) -> None:
    """Write one tile."""
    path = folder / "ledger" / address.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


class Quiet(SimpleHTTPRequestHandler):
    """Serve files and say nothing."""

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the folder of a published log."""
    publish(tmp_path / "site", [leaf(number) for number in range(SIZE)])
    return tmp_path / "site"


@pytest.fixture
def fetch(site: Path) -> Iterator[outside.Fetch]:
    """Serve the log, and return what fetches from it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield outside.fetcher(f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def copy(fetch: outside.Fetch, tmp_path: Path) -> kept.Kept:
    """Return a whole copy kept from the site."""
    outside.keep(fetch, tmp_path / "copy", key=SIGNER.key)
    return kept.load(tmp_path / "copy", SIGNER.key)


def test_a_published_log_stands(fetch: outside.Fetch, site: Path, copy: kept.Kept) -> None:
    publish(site, [leaf(number) for number in range(SIZE + 100)])
    bare = kept.Kept(copy.checkpoint)
    assert [outside.audit(fetch, key=SIGNER.key, kept=k) for k in (None, copy, bare)] == [(), (), ()]
    assert outside.audit(fetch, key=SIGNER.key, kept=copy, entries=False) == ()


@pytest.mark.attack
def test_history_rewritten_and_signed_anew_is_named_by_a_copy(
    fetch: outside.Fetch, site: Path, copy: kept.Kept
) -> None:
    publish(
        site,
        [leaf(number, "tests.other" if number in (400, 500) else "tests.noted") for number in range(SIZE)],
    )
    rewritten = Finding(None, None, "history_rewritten", "within entries 0 to 599")
    assert outside.audit(fetch, key=SIGNER.key) == ()
    assert outside.audit(fetch, key=SIGNER.key, kept=kept.Kept(copy.checkpoint)) == (rewritten,)
    assert outside.audit(fetch, key=SIGNER.key, kept=copy) == (
        Finding(400, None, "entry_rewritten"),
        rewritten,
    )


@pytest.mark.attack
def test_a_dropped_tail_is_named(fetch: outside.Fetch, site: Path, copy: kept.Kept) -> None:
    publish(site, [leaf(number) for number in range(580)])
    assert outside.audit(fetch, key=SIGNER.key, kept=copy) == (
        Finding(580, None, "entry_missing", "20 entries are missing at the end"),
    )


@pytest.mark.attack
def test_an_altered_entry_is_named(fetch: outside.Fetch, site: Path) -> None:
    leaves = [leaf(number, "tests.other" if number == 300 else "tests.noted") for number in range(256, 512)]
    write(site, tiles.Address(None, 1, 256), tiles.bundle(leaves))
    assert outside.audit(fetch, key=SIGNER.key) == (Finding(300, UUID(int=300), "entry_altered"),)


@pytest.mark.attack
@pytest.mark.parametrize("content", [b"", b"\x00", tiles.bundle([])])
def test_a_broken_bundle_is_named_by_its_first_entry(
    fetch: outside.Fetch, site: Path, content: bytes
) -> None:
    write(site, tiles.Address(None, 1, 256), content)
    assert outside.audit(fetch, key=SIGNER.key) == (Finding(256, None, "entry_missing"),)


@pytest.mark.attack
def test_an_altered_tile_contradicts_the_checkpoint(fetch: outside.Fetch, site: Path) -> None:
    write(site, tiles.Address(0, 1, 256), bytes(32 * 256))
    findings = outside.audit(fetch, key=SIGNER.key)
    assert [(finding.index, finding.reason) for finding in findings] == [
        (256, "entry_altered"),
        (None, "checkpoint_false"),
    ]


@pytest.mark.attack
def test_a_missing_tile_is_named(fetch: outside.Fetch, site: Path) -> None:
    (site / "ledger/tile/0/001").unlink()
    assert outside.audit(fetch, key=SIGNER.key) == (Finding(256, None, "tile_missing", "tile/0/001"),)


def test_a_partial_tile_that_was_dropped_is_read_from_the_full_one(fetch: outside.Fetch, site: Path) -> None:
    checkpoint = (site / "ledger/checkpoint").read_text()
    publish(site, [leaf(number) for number in range(768)])
    (site / "ledger/checkpoint").write_text(checkpoint)
    for partial_tile in ("0", "entries"):
        (site / f"ledger/tile/{partial_tile}/002.p/88").unlink()
    assert outside.audit(fetch, key=SIGNER.key) == ()


@pytest.mark.attack
def test_a_checkpoint_by_another_key_is_found(fetch: outside.Fetch, site: Path) -> None:
    publish(site, [leaf(0)], Signer(SIGNER.key.name, bytes([1]) * 32))
    assert [finding.reason for finding in outside.audit(fetch, key=SIGNER.key)] == ["checkpoint_unsigned"]


def test_a_site_without_a_log_has_no_checkpoint(fetch: outside.Fetch, site: Path, tmp_path: Path) -> None:
    (site / "ledger/checkpoint").unlink()
    assert outside.audit(fetch, key=SIGNER.key) == (Finding(None, None, "checkpoint_missing"),)
    with pytest.raises(NoteError):
        outside.keep(fetch, tmp_path / "none", key=SIGNER.key)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com", "//example.com", "nonsense"])
def test_only_http_is_fetched(url: str) -> None:
    with pytest.raises(Refusal, match="log_unreachable"):
        outside.fetcher(url)


def test_a_site_that_does_not_answer_is_said_to_be_unreachable() -> None:
    with pytest.raises(Refusal, match="log_unreachable"):
        outside.audit(outside.fetcher("http://127.0.0.1:1"), key=SIGNER.key)
