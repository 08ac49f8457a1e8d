"""Receipts: what they say, whose signature they bear, and that the ledger bears them out."""

import json
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from amana.consent import receipts, signing
from amana.customers import actions
from amana.gate import actions as gate
from amana.gate import evidence
from amana.gate.values import Wish
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.ledger import sequencer
from amana.ledger.note import Signer, verify_checkpoint
from tests.database import Connection
from tests.world import EMAILS, World

ORIGIN = "amana.example/ledger"
SIGNER = Signer(ORIGIN, bytes(range(32)))
FIT = Wish("product_fit", None, "Count my information\n[1]")


@pytest.fixture
def sequenced(sequencer_connection: Connection) -> Callable[[], object]:
    """Return a function that sequences and signs everything that waits."""
    return lambda: sequencer.step(sequencer_connection, SIGNER, lambda: None)


def link(customer: CustomerId) -> str:
    """Return a link to somebody's receipt."""
    found = actions.receipt_link(customer=customer)
    assert found is not None
    return found


def download(token: str) -> tuple[str, dict[str, Any]]:
    """Return a signed receipt, and what it says once its signature is checked by the public key."""
    answer = Client().get(f"/en/r/{token}/receipt.jws")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/jose")
    signed = answer.content.decode()
    return signed, signing.verify(signed, keys=Client().get("/.well-known/jwks.json").json())


def test_r5_the_receipt_says_what_was_agreed_to_and_by_whom_it_is_answered_for(world: World) -> None:
    token = link(world.admit("noor@mail.example", EMAILS, FIT, nationality="SA").customer)
    _, receipt = download(token)
    processing = receipt["pii_processing"]
    assert (receipt["schema_version"], receipt["pii_principal_id"]) == (
        "ISO/IEC TS 27560:2023",
        str(evidence.holder(token).customer),
    )
    assert [(p["purpose"], p["channel"], p["lawful_basis"], p["state"]) for p in processing["purposes"]] == [
        ("marketing", "email", "consent", "consent given"),
        ("product_fit", None, "consent", "consent given"),
    ]
    marketing = processing["purposes"][0]
    assert [c["pii_type"] for c in marketing["pii_categories"]] == [
        "name", "email", "mobile", "gender", "birth_year", "city", "language",
    ]  # fmt: skip
    assert (marketing["retention_period"], marketing["recipients"], marketing["processing_locations"]) == (
        "P2Y",
        ["controller", "hosting", "message_delivery"],
        ["AE"],
    )
    assert processing["jurisdiction"]["code"] == "AE"
    assert [c["pii_type"] for c in processing["collection"]["pii_given"]] == sorted(
        (c["pii_type"] for c in processing["collection"]["pii_given"]),
        key=list(evidence.holder(token).fields).index,
    )
    assert receipt["party_identification"][0]["party_name"] == {"ar": "ردتاغ", "en": "RedTag"}
    assert [(e["event_type"], e["consent_text"], e["notice_version"]) for e in receipt["events"]] == [
        ("given", "Send me offers by e-mail", 1),
        ("given", "Count my information\n[1]", 1),
    ]


def test_p2_the_receipt_names_nobody(world: World) -> None:
    _, receipt = download(link(world.admit("noor@mail.example", EMAILS, nationality="SA").customer))
    whole = json.dumps(receipt, ensure_ascii=False)
    assert [whole.count(secret) for secret in ("noor", "نور", "1990-05-17")] == [0, 0, 0]


def test_every_entry_opens_its_commitment_and_stands_in_the_ledger(
    world: World, sequenced: Callable[[], object]
) -> None:
    token = link(world.admit("noor@mail.example", EMAILS).customer)
    waiting = download(token)[1]["ledger"]
    assert [entry["inclusion"] for entry in waiting["entries"]] == [None, None]
    sequenced()
    _, receipt = download(token)
    entries = receipt["ledger"]["entries"]
    assert [entry["event"] for entry in entries] == ["vault.admitted", "consent.given"]
    for entry in entries:
        leaf = json.loads(entry["inclusion"]["leaf"])
        opened = sha256(bytes.fromhex(entry["blinding"]) + entry["payload"].encode()).hexdigest()
        assert (leaf["id"], leaf["commitment"]) == (entry["entry"], opened)
    assert signing.openings_hold(receipt) is True
    assert verify_checkpoint(receipt["ledger"]["checkpoint"], SIGNER.key).origin == ORIGIN


def test_words_that_do_not_open_their_commitment_show(world: World, sequenced: Callable[[], object]) -> None:
    token = link(world.admit("noor@mail.example", EMAILS).customer)
    sequenced()
    _, receipt = download(token)
    receipt["ledger"]["entries"][1]["payload"] += " "
    assert signing.openings_hold(receipt) is False


@pytest.mark.parametrize("part", [0, 1, 2])
def test_an_altered_receipt_is_refused(world: World, part: int) -> None:
    signed, _ = download(link(world.admit("noor@mail.example", EMAILS).customer))
    parts = signed.split(".")
    middle = len(parts[part]) // 2
    parts[part] = (
        parts[part][:middle] + ("A" if parts[part][middle] != "A" else "B") + parts[part][middle + 1 :]
    )
    with pytest.raises(Refusal) as refusal:
        signing.verify(".".join(parts), keys=Client().get("/.well-known/jwks.json").json())
    assert refusal.value.code == "receipt_forged"


def test_a_receipt_of_another_deployment_is_refused(world: World, tmp_path: Path) -> None:
    signed, _ = download(link(world.admit("noor@mail.example", EMAILS).customer))
    signing.make_receipt_key(tmp_path / "receipts")
    with pytest.raises(Refusal):
        signing.verify(signed, keys=signing.public_keys(tmp_path / "receipts"))


def test_an_unsigned_receipt_is_refused(world: World) -> None:
    keys = Client().get("/.well-known/jwks.json").json()
    for forged in ("eyJhbGciOiJub25lIn0.e30.", "", "x.y.z"):
        with pytest.raises(Refusal):
            signing.verify(forged, keys=keys)


def test_the_public_keys_hold_no_secret_and_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "receipts"
    signing.make_receipt_key(path)
    before = path.read_bytes()
    signing.make_receipt_key(path)
    [key] = signing.public_keys(path)["keys"]
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (before, 0o600)
    assert sorted(key) == ["alg", "crv", "kid", "kty", "use", "x", "y"]


def test_c5_a_receipt_shows_the_record_as_it_stood(world: World) -> None:
    admitted = world.admit("noor@mail.example", EMAILS)
    early = link(admitted.customer)
    gate.confirm(world.link(admitted, "confirm"), language="ar")
    late = link(admitted.customer)
    assert [len(evidence.decisions(token)) for token in (early, late)] == [1, 2]


def test_the_last_decision_stands(world: World) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    gate.opt_out(world.opt_out_link(noor)[noor], language="ar")
    [(place, last)] = receipts.latest(evidence.decisions(link(noor))).items()
    assert (place, last.kind) == (("marketing", "email"), "withdrawn")


@pytest.mark.parametrize(
    ("language", "state", "title"), [("ar", "موافقة", "إيصالك"), ("en", "Allowed", "Your receipt")]
)
def test_the_receipt_can_be_read(world: World, language: str, state: str, title: str) -> None:
    answer = Client().get(f"/{language}/r/{link(world.admit('noor@mail.example', EMAILS).customer)}")
    page = answer.content.decode()
    assert (answer.status_code, page.count(f"<h1>{title}</h1>"), page.count(f">{state}</span>")) == (
        200,
        1,
        1,
    )


def test_whoever_allowed_nothing_gets_a_receipt_too(world: World) -> None:
    _, receipt = download(link(world.admit("noor@mail.example").customer))
    assert (receipt["events"], receipt["pii_processing"]["purposes"]) == ([], [])
