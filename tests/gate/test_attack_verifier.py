"""Against a superuser who holds the signing key: what somebody kept elsewhere names the first bad entry.

A bare checkpoint is one hash: it tells that the history under it was rewritten and where a shorter one ends, but only
a kept copy, which has every leaf hash, tells which entry was rewritten first.
"""

from pathlib import Path
from uuid import UUID

import pytest

from amana.gate import folding, queries, verification
from amana.gate.door import door
from amana.ledger import sequencer
from amana.ledger.note import Signer
from amana.ledger.verify import inside, kept
from amana.ledger.verify.findings import Finding
from tests.database import Connection
from tests.gate import operations
from tests.gate.operations import erase
from tests.gate.test_opening import opened
from tests.ledger.test_verify_inside import sign_anew
from tests.world import EMAILS, World

pytestmark = pytest.mark.attack
Named = tuple[int | None, UUID | None, str]
SIGNER = Signer("amana.example/ledger", bytes(range(32)))


class Auditor:
    """Somebody who keeps a checkpoint or a whole copy, and verifies against it later."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def sign(self) -> None:
        """Let the sequencer do its work."""
        folding.fold(self._connection)
        sequencer.step(self._connection, SIGNER, door().head)

    def keep(self) -> None:
        """Keep what is signed now."""
        self.sign()
        inside.keep(self._connection, self._folder, key=SIGNER.key)

    def first(self, *, whole: bool) -> Named | None:
        """Return the first bad entry: place, id and reason."""
        held = kept.load(self._folder if whole else self._folder / "checkpoint", SIGNER.key)
        found = verification.verify(self._connection, key=SIGNER.key, kept=held).findings
        return (found[0].index, found[0].entry_id, found[0].reason) if found else None


@pytest.fixture
def auditor(sequencer_connection: Connection, tmp_path: Path) -> Auditor:
    """Return an auditor with an empty folder."""
    return Auditor(sequencer_connection, tmp_path / "copy")


def place_of(world: World, event: str) -> tuple[int, UUID]:
    """Return the first entry of an event: its place and id."""
    row = world.owner.execute(
        "SELECT index, id FROM ledger.entry WHERE event = %s ORDER BY index LIMIT 1", [event]
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def forge_consent(world: World, superuser: Connection) -> None:
    """Date a consent back and give it, its entry and the tree around it what fits: nothing inside disagrees."""
    superuser.execute("UPDATE consent.decision SET at = at - interval '1 year' WHERE kind = 'given'")
    superuser.execute(
        "UPDATE ledger.entry e SET leaf = overlay(e.leaf PLACING convert_to(encode("
        "ledger.commitment(n.inner_pad, n.outer_pad, e.id, consent.payload(d)), 'hex'), 'UTF8') FROM 51)"
        " FROM consent.decision d JOIN ledger.nonce n ON n.person = d.person"
        " WHERE d.entry = e.id AND d.kind = 'given'"
    )
    sign_anew(superuser, SIGNER)


@pytest.fixture
def history(world: World, auditor: Auditor) -> World:
    """Return a deployment whose history somebody holds."""
    world.shopper("noor@mail.example", EMAILS)
    auditor.keep()
    assert auditor.first(whole=True) is None
    return world


def test_a_look_up_taken_out_of_the_signed_record_is_named(
    history: World, auditor: Auditor, superuser_connection: Connection
) -> None:
    for address in ("noor@mail.example", "nobody@mail.example"):
        queries.find(session=history.session("service"), purpose="service", field="email", value=address)
    auditor.sign()
    assert auditor.first(whole=True) is None
    superuser_connection.execute("DELETE FROM uses.looked_up WHERE person > 0")
    assert auditor.first(whole=True) == (*place_of(history, "gate.looked_up"), "row_missing")


def test_a_history_that_went_on_holds(history: World, auditor: Auditor) -> None:
    salma = history.shopper("salma@mail.example", EMAILS)
    opened(history, salma)
    erase(history, salma)
    auditor.sign()
    assert (auditor.first(whole=True), auditor.first(whole=False)) == (None, None)


def test_a_rewritten_and_signed_history_is_named_by_a_copy(
    history: World, auditor: Auditor, superuser_connection: Connection
) -> None:
    forge_consent(history, superuser_connection)
    assert queries.audit() == []
    assert auditor.first(whole=True) == (*place_of(history, "consent.given"), "entry_rewritten")


def test_a_rewritten_and_signed_history_is_found_by_a_bare_checkpoint(
    history: World, auditor: Auditor, superuser_connection: Connection
) -> None:
    forge_consent(history, superuser_connection)
    assert auditor.first(whole=False) == (None, None, "history_rewritten")


@pytest.mark.parametrize("whole", [True, False])
def test_a_dropped_tail_is_named_by_its_first_place(
    history: World, auditor: Auditor, superuser_connection: Connection, whole: bool
) -> None:
    place, _ = place_of(history, "consent.address_confirmed")
    for statement in (
        "DELETE FROM ledger.opening WHERE entry IN (SELECT id FROM ledger.entry WHERE index >= %s)",
        "DELETE FROM consent.decision WHERE entry IN (SELECT id FROM ledger.entry WHERE index >= %s)",
        "DELETE FROM ledger.entry WHERE index >= %s",
    ):
        superuser_connection.execute(statement.encode(), [place])
    sign_anew(superuser_connection, SIGNER)
    assert auditor.first(whole=whole) == (place, None, "entry_missing")


@pytest.mark.parametrize("whole", [True, False])
def test_yesterdays_database_is_named_by_the_first_entry_it_lacks(
    world: World, auditor: Auditor, superuser_connection: Connection, tmp_path: Path, whole: bool
) -> None:
    world.shopper("noor@mail.example", EMAILS)
    auditor.sign()
    place = next(iter(superuser_connection.execute("SELECT count(*) FROM ledger.entry")))[0]
    operations.dump(tmp_path / "yesterday.dump")
    world.shopper("salma@mail.example", EMAILS)
    auditor.keep()
    operations.restore(tmp_path / "yesterday.dump")
    assert auditor.first(whole=whole) == (place, None, "entry_missing")


@pytest.mark.parametrize("whole", [True, False])
def test_yesterdays_database_with_yesterdays_journal_is_told_by_the_checkpoint(
    world: World, auditor: Auditor, tmp_path: Path, whole: bool
) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    auditor.sign()
    operations.dump(tmp_path / "yesterday.dump")
    erase(world, noor)
    auditor.keep()
    operations.restore(tmp_path / "yesterday.dump")
    door().mark.unlink()
    operations.cut_journal()
    held = kept.load(auditor._folder if whole else auditor._folder / "checkpoint", SIGNER.key)
    found = verification.verify(auditor._connection, key=SIGNER.key, kept=held).findings
    assert {finding.reason for finding in found} == {"entry_missing", "journal_broken"}


@pytest.mark.parametrize("whole", [True, False])
def test_an_erasure_after_an_illicit_use_is_named(
    world: World, auditor: Auditor, superuser_connection: Connection, whole: bool
) -> None:
    noor = world.shopper("noor@mail.example")
    auditor.keep()
    superuser_connection.execute(
        "INSERT INTO consent.standing SELECT p.id, policy.term_id('purpose', 'marketing'),"
        " policy.term_id('channel', 'email'), true, false, policy.current_version(), 1 FROM vault.person p"
    )
    assert opened(world, noor) == {str(noor): "noor@mail.example"}
    superuser_connection.execute("DELETE FROM consent.standing")
    assert [finding.problem for finding in queries.audit()] == ["use_without_consent"]
    assert erase(world, noor).verdict.endswith("use_without_consent")
    auditor.sign()
    assert auditor.first(whole=whole) == (*place_of(world, "gate.erased"), "erased_after_unsound_record")


@pytest.mark.parametrize("whole", [True, False])
def test_a_use_taken_away_is_named_by_its_release(
    history: World, auditor: Auditor, superuser_connection: Connection, whole: bool
) -> None:
    opened(history, history.shopper("salma@mail.example", EMAILS))
    auditor.sign()
    superuser_connection.execute("DELETE FROM uses.use WHERE call = (SELECT max(id) FROM uses.call)")
    row = superuser_connection.execute("SELECT entry FROM uses.call ORDER BY id DESC LIMIT 1").fetchone()
    assert row is not None
    index = superuser_connection.execute("SELECT index FROM ledger.entry WHERE id = %s", row).fetchone()
    assert index is not None
    assert auditor.first(whole=whole) == (index[0], row[0], "uses_missing")


def test_each_finding_is_said_in_both_languages(history: World) -> None:
    finding = Finding(3, None, "use_without_consent")
    assert verification.sentence(finding, "en") == "entry 3: a use that no consent preceded"
    assert verification.sentence(finding, "ar") == "القيد 3: استخدام من غير موافقة تسبقه"
