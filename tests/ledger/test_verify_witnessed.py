"""Whether named witnesses cosigned: from published files, from the database, and by the command."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from amana.cli.proof import verify
from amana.ledger import queries, sequencer
from amana.ledger.note import COSIGNATURE, Signer, VerifierKey
from amana.ledger.verify import inside, outside
from amana.ledger.verify.findings import Finding
from amana.ledger.verify.witnessed import Cosigned
from tests.database import Connection
from tests.ledger.test_verify_outside import SIGNER, SIZE, Quiet, leaf, publish

TIME = 1_795_000_000
FIRST, SECOND = Signer("first.example/w", bytes([1]) * 32), Signer("second.example/w", bytes([2]) * 32)


def key_of(one: Signer) -> VerifierKey:
    """Return the key that a signer cosigns by."""
    return VerifierKey(one.key.name, one.key.public, COSIGNATURE)


KEYS = [key_of(FIRST), key_of(SECOND)]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the folder of a published log of 600 entries."""
    publish(tmp_path, [leaf(number) for number in range(SIZE)])
    return tmp_path


@pytest.fixture
def url(site: Path) -> Iterator[str]:
    """Serve the log."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def cosign(site: Path, *witnesses: Signer) -> None:
    """Add the cosignatures of these to the published checkpoint."""
    path = site / "ledger/checkpoint"
    note = path.read_text()
    path.write_text(note + "".join(f"{one.cosign(note, time=TIME)}\n" for one in witnesses))


def withdraw_to(site: Path, one: Signer) -> Path:
    """Move the checkpoint to where the last one of this witness is published; return the path."""
    path = site / f"ledger/witnessed/{key_of(one).id.hex()}"
    path.parent.mkdir(exist_ok=True)
    (site / "ledger/checkpoint").rename(path)
    return path


def found(url: str, keys: list[VerifierKey]) -> tuple[Finding, ...]:
    """Verify from outside; return what was found."""
    fetch = outside.fetcher(url)
    cosigned, findings = outside.seek(fetch, key=SIGNER.key, witnesses=keys)
    return (*outside.audit(fetch, key=SIGNER.key, cosigned=cosigned), *findings)


def command(url: str, *witnesses: object) -> Result:
    """Run `amana verify` from outside with these witnesses."""
    named = [word for one in witnesses for word in ("--witness", str(one))]
    return CliRunner().invoke(verify, ["--url", url, "--key", str(SIGNER.key), *named])


def test_a_checkpoint_that_all_named_witnesses_cosigned_holds(site: Path, url: str) -> None:
    cosign(site, FIRST, SECOND)
    assert (found(url, KEYS), found(url, [])) == ((), ())


def test_the_command_tells_when_it_was_cosigned(site: Path, url: str) -> None:
    cosign(site, FIRST, SECOND)
    said = command(url, *KEYS)
    assert (said.exit_code, said.output.splitlines()) == (
        0,
        [
            f"Checking the published ledger at {url}",
            "Cosigned by first.example/w: 600 entries, 2026-11-18 11:06:40 UTC",
            "Cosigned by second.example/w: 600 entries, 2026-11-18 11:06:40 UTC",
            "Everything holds.",
        ],
    )


def test_the_command_names_the_witness_that_is_missing(site: Path, url: str) -> None:
    cosign(site, FIRST)
    said = command(url, *KEYS)
    assert (said.exit_code, said.output.splitlines()[-1]) == (
        1,
        "Does not hold. First: the witness asked for has not cosigned: second.example/w",
    )


@pytest.mark.parametrize("vkey", ["nonsense", SIGNER.key])
def test_the_command_takes_only_keys_of_witnesses(url: str, vkey: object) -> None:
    said = command(url, vkey)
    assert (said.exit_code, said.output) == (1, f"Error: Not the key of a witness: {vkey}\n")


def test_a_copy_is_not_kept_in_the_name_of_a_witness(url: str, tmp_path: Path) -> None:
    words = [
        "--url",
        url,
        "--key",
        str(SIGNER.key),
        "--witness",
        str(KEYS[0]),
        "--keep",
        str(tmp_path / "copy"),
    ]
    assert (CliRunner().invoke(verify, words).exit_code, (tmp_path / "copy").exists()) == (2, False)


@pytest.mark.attack
def test_a_missing_or_false_cosignature_names_its_witness(site: Path, url: str) -> None:
    path = site / "ledger/checkpoint"
    note = path.read_text()
    assert found(url, KEYS[:1]) == (Finding(None, None, "cosignature_missing", "first.example/w"),)
    other = SIGNER.checkpoint(SIZE, bytes(32))
    path.write_text(f"{note}{FIRST.cosign(other, time=TIME)}\n")
    assert found(url, KEYS[:1]) == (
        Finding(None, None, "cosignature_false", "first.example/w: the witness's cosignature is false"),
    )


def test_what_a_witness_cosigned_last_may_be_older_than_the_newest(site: Path, url: str) -> None:
    cosign(site, FIRST)
    withdraw_to(site, FIRST)
    publish(site, [leaf(number) for number in range(SIZE + 300)])
    assert found(url, KEYS[:1]) == ()


def test_what_a_witness_cosigned_last_may_be_newer_than_a_cache_has(site: Path, url: str) -> None:
    before = (site / "ledger/checkpoint").read_text()
    publish(site, [leaf(number) for number in range(SIZE + 300)])
    cosign(site, FIRST)
    withdraw_to(site, FIRST)
    (site / "ledger/checkpoint").write_text(before)
    assert found(url, KEYS[:1]) == ()


@pytest.mark.attack
def test_a_log_that_shows_its_witness_another_history_is_found(site: Path, url: str) -> None:
    publish(site, [leaf(number, "tests.other") for number in range(SIZE)])
    cosign(site, FIRST)
    shown = withdraw_to(site, FIRST).read_text()
    publish(site, [leaf(number) for number in range(SIZE)])
    assert found(url, KEYS[:1]) == (
        Finding(None, None, "checkpoint_false", "first.example/w cosigned another tree of 600 entries"),
    )
    publish(site, [leaf(number) for number in range(SIZE + 1)])
    detail = "checkpoint of 600 entries; what differs stands within 0 to 599"
    assert found(url, KEYS[:1]) == (Finding(None, None, "checkpoint_false", detail),)
    foreign = Signer(SIGNER.key.name, bytes([7]) * 32).checkpoint(SIZE, bytes(32))
    (site / f"ledger/witnessed/{KEYS[0].id.hex()}").write_text(
        f"{foreign}{FIRST.cosign(foreign, time=TIME)}\n"
    )
    assert [one.reason for one in found(url, KEYS[:1])] == ["cosignature_false"]
    assert shown.startswith("amana.example/ledger\n600\n")


def test_the_time_of_a_witness_is_its_own() -> None:
    checkpoint = SIGNER.checkpoint(1, bytes(32))
    cosigned, _ = outside.seek(
        lambda path: f"{checkpoint}{FIRST.cosign(checkpoint, time=2**62)}\n".encode(),
        key=SIGNER.key, witnesses=KEYS[:1],
    )  # fmt: skip
    assert [one.at for one in cosigned] == [datetime.max.replace(tzinfo=UTC)]


@pytest.fixture
def witnessed(
    sequencer_connection: Connection,
    record: Callable[..., list[UUID]],
    sign: Callable[[], sequencer.Sequenced],
) -> list[UUID]:
    """Return the entries of a log of 20, of which the first 10 stand under a checkpoint that the first cosigned."""
    made = record(10)
    sign()
    row = sequencer_connection.execute("SELECT note FROM ledger.find_checkpoint()").fetchone()
    assert row is not None
    line = FIRST.cosign(row[0], time=TIME)
    sequencer.accept_cosignature(sequencer_connection, size=10, line=line, witness=KEYS[0])
    made += record(10)
    sign()
    return made


@pytest.mark.django_db(transaction=True)
def test_inside_the_last_cosigned_checkpoint_of_each_is_looked_at(
    sequencer_connection: Connection, owner_connection: Connection, signer: Signer, witnessed: list[UUID]
) -> None:
    cosigned, findings = inside.seek(sequencer_connection, key=signer.key, witnesses=KEYS)
    assert [(one.witness, one.checkpoint.size, one.time) for one in cosigned] == [(KEYS[0], 10, TIME)]
    assert findings == (Finding(None, None, "cosignature_missing", "second.example/w"),)
    owner_connection.execute("UPDATE ledger.checkpoint SET root = sha256('') WHERE size = 10")
    assert inside.seek(sequencer_connection, key=signer.key, witnesses=KEYS[:1])[1] == (
        Finding(None, None, "checkpoint_false", "first.example/w cosigned another tree of 10 entries"),
    )


@pytest.mark.django_db(transaction=True)
def test_strangers_fetch_what_a_witness_cosigned_last(
    client: Client, signer: Signer, witnessed: list[UUID]
) -> None:
    fetched: dict[str, bytes | None] = {}

    def fetch(path: str) -> bytes | None:
        answer = client.get(f"/ledger/{path}")
        fetched[path] = answer.content if answer.status_code == 200 else None
        return fetched[path]

    cosigned, findings = outside.seek(fetch, key=signer.key, witnesses=KEYS)
    assert [(type(one), one.checkpoint.size) for one in cosigned] == [(Cosigned, 10)]
    assert findings == (Finding(None, None, "cosignature_missing", "second.example/w"),)
    assert fetched[f"witnessed/{KEYS[1].id.hex()}"] is None
    assert outside.audit(fetch, key=signer.key, cosigned=cosigned) == ()


@pytest.mark.django_db(transaction=True)
def test_a_proof_leads_to_a_cosigned_checkpoint_where_one_covers_the_entry(witnessed: list[UUID]) -> None:
    proofs = [queries.find_inclusion(entry) for entry in (witnessed[0], witnessed[9], witnessed[10])]
    assert [proof and (proof.index, proof.checkpoint.size, proof.holds()) for proof in proofs] == [
        (0, 10, True), (9, 10, True), (10, 20, True),
    ]  # fmt: skip
    lines = [proof.checkpoint.note.count("first.example/w") for proof in proofs if proof]
    assert lines == [1, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_the_newest_checkpoint_is_served_with_its_cosignatures(
    client: Client, sequencer_connection: Connection, witnessed: list[UUID]
) -> None:
    note = client.get("/ledger/checkpoint").content.decode()
    line = FIRST.cosign(note, time=TIME)
    sequencer.accept_cosignature(sequencer_connection, size=20, line=line, witness=KEYS[0])
    assert client.get("/ledger/checkpoint").content.decode() == f"{note}{line}\n"
