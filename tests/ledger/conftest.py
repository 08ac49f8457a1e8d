"""A log with entries in it, and somebody to sign it."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest

from amana.ledger import sequencer
from amana.ledger.note import Signer
from tests.database import Connection

ORIGIN = "amana.example/ledger"


@pytest.fixture
def signer() -> Signer:
    """Return the log's key."""
    return Signer(ORIGIN, bytes(range(32)))


@pytest.fixture
def record(owner_connection: Connection) -> Callable[..., list[UUID]]:
    """Return a function that records numbered entries: `record(3)`, `record(2, person=7)`."""

    def numbered(count: int, *, person: int = 0) -> list[UUID]:
        owner_connection.execute("SELECT ledger.nonce_of(0)")
        payloads = [json.dumps({"number": number}) for number in range(count)]
        row = owner_connection.execute(
            "SELECT ledger.record_many('tests.noted', %s::bigint[], %s::jsonb[])",
            [[person] * count, payloads],
        ).fetchone()
        assert row is not None
        return list(row[0])

    return numbered


@pytest.fixture
def sign(sequencer_connection: Connection, signer: Signer) -> Callable[[], sequencer.Sequenced]:
    """Return a function that sequences and signs everything that waits."""
    return lambda: sequencer.step(sequencer_connection, signer, lambda: None)


@pytest.fixture
def log(
    record: Callable[..., list[UUID]], sign: Callable[[], sequencer.Sequenced], owner_connection: Connection
) -> list[UUID]:
    """Return the entries of a signed log in order: 300 of the deployment and, from 300 on, 10 of person 7."""
    owner_connection.execute("SELECT ledger.new_person(7)")
    record(300)
    sign()
    record(10, person=7)
    sign()
    return [row[0] for row in owner_connection.execute("SELECT id FROM ledger.entry ORDER BY index")]
