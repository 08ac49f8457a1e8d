"""The page of the public record: how far it goes, and whether its witnesses keep up with it."""

from typing import Any

import pytest

from amana.gate.door import door
from amana.kernel import clock
from amana.ledger import queries, sequencer
from amana.ledger.note import COSIGNATURE, Signer, VerifierKey
from amana.web import record
from tests.campaigns.conftest import SignedIn, mailhost, signed_in, world
from tests.database import Connection
from tests.world import World

__all__ = ["mailhost", "signed_in", "world"]
LOG = Signer("redtag.example/ledger", bytes(range(32)))
WITNESS = Signer("witness.example/w", bytes([1]) * 32)
KEY = VerifierKey(WITNESS.key.name, WITNESS.key.public, COSIGNATURE)


def signed(connection: Connection) -> int:
    """Give every entry that waits its number, and sign; return how many stand under the checkpoint."""
    return sequencer.step(connection, LOG, door().head).size


def cosigned(connection: Connection) -> None:
    """Let the witness cosign the newest checkpoint."""
    newest = queries.find_checkpoint()
    assert newest is not None
    line = WITNESS.cosign(newest.note, time=int(clock.now().timestamp()))
    sequencer.accept_cosignature(connection, size=newest.size, line=line, witness=KEY)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_without_witnesses_the_page_says_what_one_is(
    world: World, signed_in: SignedIn, sequencer_connection: Connection, language: str
) -> None:
    size = signed(sequencer_connection)
    address = f"/{language}/console/record"
    assert signed_in("marketing").get(address).status_code == 403
    page = signed_in("auditor").get(address).content.decode()
    assert (page.count("AMANA_WITNESSES"), page.count("<table")) == (1, 0)
    assert (record.standing().counts.signed, record.standing().witnesses) == (size, ())


def test_a_witness_that_is_behind_is_late_after_a_while(
    world: World, signed_in: SignedIn, sequencer_connection: Connection, settings: Any
) -> None:
    settings.AMANA_WITNESSES = f"{KEY} https://witness.example/"
    first = signed(sequencer_connection)
    assert record.standing().witnesses == (record.Cosigner(KEY.name, None, None, first, late=True),)
    cosigned(sequencer_connection)
    [one] = record.standing().witnesses
    assert (one.size, one.behind, one.late) == (first, 0, False)
    world.admit()
    grown = signed(sequencer_connection)
    [one] = record.standing().witnesses
    assert (one.size, one.behind, one.late) == (first, grown - first, False)
    world.owner.execute(
        "UPDATE ledger.checkpoint SET at = at - interval '11 minutes' WHERE size = %s", [first]
    )
    client = signed_in("auditor")
    assert [one.late for one in record.standing().witnesses] == [True]
    assert client.get("/en/console/record").content.decode().count("tag refused") == 1
    assert client.get("/en/console/").content.decode().count("a witness is behind") == 1
