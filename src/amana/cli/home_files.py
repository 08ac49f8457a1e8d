"""The files of a home that are not the database's: keys, the journal, the deployment's number."""

from pathlib import Path

from amana.cli import postgres
from amana.collect import pseudonyms
from amana.consent import signing
from amana.gate.door import make_door, open_door
from amana.ledger.note import Signer, load_signer, make_signing_key
from amana.post import carrier
from amana.post.dkimkeys import make_dkim_key
from amana.retailer import codes
from amana.surveys.intake import keys as survey_keys


def make(amana_home: Path) -> None:
    """Make what is missing; nothing that is there is ever replaced."""
    postgres.ensure_secret(amana_home, "django")
    make_door(amana_home)
    checkpoints = _signing_key(amana_home)
    if not checkpoints.exists():
        make_signing_key(checkpoints)
    make_dkim_key(carrier.key_path())
    signing.make_receipt_key(signing.key_path())
    pseudonyms.make_key(pseudonyms.key_path())
    codes.make_key(codes.key_path())
    survey_keys.make_key(survey_keys.key_path())


def ledger_signer(amana_home: Path) -> Signer:
    """Return the key that signs this deployment's checkpoints; the log bears the deployment's number."""
    return load_signer(_signing_key(amana_home), f"amana/{open_door(amana_home).deployment}")


def _signing_key(amana_home: Path) -> Path:
    return amana_home / "secrets" / "ledger-signing"
