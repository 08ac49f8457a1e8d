"""Sign receipts and check them: compact JWS (RFC 7515) with ES256, keys as a JWK set (RFC 7517)."""

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

ALGORITHM: Final = "ES256"
TYPE: Final = "consent-receipt"

register(
    "receipt_forged",
    Bilingual(
        ar="هذا الإيصال ليس صادرًا عنا، أو جرى تعديله.",
        en="This receipt was not issued here, or it has been altered.",
    ),
)
register(
    "receipt_unsigned",
    Bilingual(
        ar="لا يوجد مفتاح لتوقيع الإيصالات بعد. يُرجى المحاولة لاحقًا.",
        en="There is no key to sign receipts with yet. Please try again later.",
    ),
    503,
)


class ReceiptRefused(Refusal):
    """Say why a receipt cannot be signed or does not hold."""


def key_path(home: Path | None = None) -> Path:
    """Return where this deployment keeps the keys that sign receipts."""
    return (home or Path(settings.AMANA_HOME)) / "secrets" / "receipts"


def make_receipt_key(path: Path) -> None:
    """Make a first signing key at `path` (0600), unless there is one. The first key of the file signs."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ECKey.generate_key("P-256", private=True)
    content = json.dumps({"keys": [{**key.as_dict(private=True), "kid": key.thumbprint()}]})
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def load_keys(path: Path) -> KeySet:
    """Read the signing keys. Raises ReceiptRefused where none was made."""
    if not path.exists():
        raise ReceiptRefused.of("receipt_unsigned")
    return KeySet.import_key_set(json.loads(path.read_text("ascii")))


def public_keys(path: Path) -> dict[str, Any]:
    """Return the JWK set anybody checks receipts with. Raises ReceiptRefused where no key was made."""
    found = load_keys(path).as_dict(private=False)
    return {"keys": [{**key, "use": "sig", "alg": ALGORITHM} for key in found["keys"]]}


def sign(receipt: Mapping[str, Any], *, keys: KeySet) -> str:
    """Return the receipt as a compact JWS, signed with the first key."""
    key = keys.keys[0]
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}
    content = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return jws.serialize_compact(header, content.encode(), key, algorithms=[ALGORITHM])


def verify(signed: str, *, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a signed receipt says, once a key of the JWK set `keys` is seen to have signed it.

    Raises ReceiptRefused. Whether the ledger bears it out is `openings_hold`.
    """
    try:
        found = jws.deserialize_compact(
            signed.strip(), KeySet.import_key_set({"keys": list(keys["keys"])}), algorithms=[ALGORITHM]
        )
        receipt = json.loads(found.payload)
    except (JoseError, ValueError, KeyError):
        raise ReceiptRefused.of("receipt_forged") from None
    if found.headers().get("typ") != TYPE or not isinstance(receipt, dict):
        raise ReceiptRefused.of("receipt_forged")
    return receipt


def openings_hold(receipt: Mapping[str, Any]) -> bool:
    """Tell whether every entry's words open the commitment its leaf prints, as far as leaves are there."""
    for entry in receipt["ledger"]["entries"]:
        commitment = sha256(bytes.fromhex(entry["blinding"]) + entry["payload"].encode()).hexdigest()
        proof = entry["inclusion"]
        if proof and json.loads(proof["leaf"])["commitment"] != commitment:
            return False
    return True
