"""The certificate of an erasure: what went, what the law keeps, how anybody can check it. It names nobody."""

import base64
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from joserfc import jws

from amana.consent import signing
from amana.gate import actions as gate
from amana.gate import forgetting, holdings
from amana.gate.forgetting import Erasure
from amana.gate.values import Opened
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, Language
from amana.ledger import actions as ledger
from amana.post import carrier, direct
from amana.retailer import queries as retailer
from amana.rights import words
from amana.rights.models import Certificate, Request
from amana.rights.refusals import RightsRefused

TYPE: Final = "erasure-certificate"
# Rooms that have no holding of their own: their tables belong to the gate.
LOCKED: Final[tuple[tuple[str, Bilingual], ...]] = (
    ("vault", Bilingual(
        ar="مفتاح التشفير الخاص بك، وكل ما كان مشفّرًا به: الاسم والعناوين والأرقام والرسائل،"
           " وفهارس البحث عنها",
        en="Your encryption key, and all that was encrypted with it: name, addresses, numbers, messages,"
           " and the indexes to find them by")),
    ("facts", Bilingual(
        ar="المعلومات العامة: الجنس وسنة الميلاد والجنسية والمدينة واللغة",
        en="The coarse facts: gender, year of birth, nationality, city, language")),
    ("consent", Bilingual(
        ar="ما وافقت عليه وما اعترضت عليه، وتأكيد عنوانك",
        en="What you agreed and objected to, and the confirmation of your address")),
    ("uses", Bilingual(
        ar="رقمك في سجل من استخدم بياناتك، وكل بحث عنك؛ تبقى البصمة وحدها ليظل السجل قابلًا للتحقق",
        en="Your number in the record of who used your data, and each look-up that found you; a bare"
           " fingerprint stays, so that the record can still be checked")),
)  # fmt: skip


def refuse_unsigned() -> None:
    """Refuse while there is no key to sign with. Raises ReceiptRefused (503)."""
    signing.load_keys(signing.key_path())


def open_reader(*, task: int) -> Opened | None:
    """Open the address of the person a request is about, for the machine alone; None where it cannot be had.

    The certificate's page stays reachable by its number, so a mail that cannot go stops nothing.
    """
    try:
        recipient = carrier.carrier().transport.recipient
        opening = gate.open(
            session=settings.AMANA_SYSTEM_TOKEN, purpose="rights", channel="email", fields=["email"],
            task=task, recipient=recipient,
        )  # fmt: skip
    except Refusal:
        return None
    return opening.people[0] if opening.people else None


def hand_over(reader: Opened, *, number: str, language: Language) -> str:
    """Mail the certificate to the address that was opened before; answer what became of the mail."""
    via = carrier.carrier()
    url = f"{via.sender.base_url}/{language}/certificate/{number}"
    try:
        state = direct.hand_over_opened(
            person=reader, ref=f"certificate:{number}", kind="certificate", purpose="rights",
            words=words.done(number, language=language, url=url), language=language, carrier=via, erased=True,
        )  # fmt: skip
    except (ValueError, OSError):
        return "failed"
    return str(state.value)


def issue(*, request: UUID) -> str:
    """Issue the certificate of an erasure that was carried out, once; return its number. Safe to repeat.

    Raises RightsRefused where nobody was erased by this request.
    """
    with transaction.atomic():
        asked = Request.objects.select_for_update().get(pk=request)
        known = Certificate.objects.filter(request=asked).first()
        if known is not None:
            return known.number
        erasure = _find_erasure(asked)
        if erasure is None:
            raise RightsRefused.of("request_unknown")
        number = new_number()
        content = compose(number=number, asked=asked, erasure=erasure)
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        Certificate.objects.create(
            number=number, request=asked, entry=erasure.entry, content=text, signed=sign(text),
            issued_at=clock.now(),
        )  # fmt: skip
        ledger.note(
            event="certificate.issued",
            payload={"certificate": number, "sha256": sha256(text.encode()).hexdigest()},
        )
    return number


def issue_missing() -> int:
    """Issue what a crash between an erasure and its certificate left out; return how many."""
    done = Request.objects.filter(
        state=Request.State.CARRIED_OUT, certificate__isnull=True, task__isnull=False
    )
    issued = 0
    for request in done.order_by("closed_at")[:100]:
        if _find_erasure(request) is not None:
            issue(request=request.pk)
            issued += 1
    return issued


def compose(*, number: str, asked: Request, erasure: Erasure) -> dict[str, Any]:
    """Return what the certificate says, in both languages."""
    brand = retailer.brand()
    last = forgetting.last_backup(before=erasure.at)
    return {
        "type": TYPE,
        "number": number,
        "controller": _both(brand.name),
        "requested_on": asked.opened_at.astimezone(UTC).date().isoformat(),
        "erased_at": _moment(erasure.at),
        "record_before": erasure.verdict,
        "gone": [*_locked(), *_rooms(erasure.removed)],
        "kept": [{"room": one.room, **_both(one.keeps)} for one in holdings.declared() if one.keeps],
        "ledger_entry": str(erasure.entry),
        "journal": erasure.journal,
        "last_backup_expires_at": None if last is None else _moment(last),
    }


def sign(text: str) -> str:
    """Return the certificate as a compact JWS (RFC 7515) by the key whose public half is at the JWK set."""
    key = signing.load_keys(signing.key_path()).keys[0]
    header = {"alg": signing.ALGORITHM, "typ": TYPE, "kid": key.kid}
    return jws.serialize_compact(header, text.encode(), key, algorithms=[signing.ALGORITHM])


def new_number() -> str:
    """Make a certificate's number: 100 random bits in five groups, so that nobody finds one by trying."""
    # The alphabet of RFC 4648, section 6, but for two letters that are read as digits.
    letters = base64.b32encode(os.urandom(13)).decode("ascii")[:20].translate(str.maketrans("OI", "89"))
    return "-".join(letters[start : start + 4] for start in range(0, 20, 4))


def _find_erasure(asked: Request) -> Erasure | None:
    if asked.task is None:
        return None
    became = forgetting.asked([asked.task]).get(asked.task)
    return became.erasure if became is not None else None


def _locked() -> list[dict[str, Any]]:
    return [{"room": room, "rows": None, **_both(title)} for room, title in LOCKED]


def _rooms(removed: Mapping[str, int]) -> list[dict[str, Any]]:
    titles = {holding.room: holding.title for holding in holdings.declared()}
    return [
        {"room": room, "rows": rows, **_both(titles.get(room, Bilingual(ar=room, en=room)))}
        for room, rows in sorted(removed.items())
    ]


def _both(text: Bilingual) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
