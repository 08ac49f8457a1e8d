"""What the door asks the database about devices and answers; each is called on a thread that may wait."""

import re
from collections.abc import Mapping, Set
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar
from uuid import UUID

import msgspec
from django.db import transaction
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from msgspec import Meta

from amana.customers import actions as customers
from amana.customers import limits
from amana.kernel import clock
from amana.kernel.digits import to_western
from amana.kernel.ids import CustomerId
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop
from amana.surveys.builder import queries as builder
from amana.surveys.intake import keys
from amana.surveys.intake.refusals import AnswerRefused, DeviceRefused
from amana.surveys.models import Device, Enrolment, Envelope, Refused, Response
from amana.surveys.taking import quotas

ENROLMENTS_AN_HOUR: Final = 60
Text: TypeAlias = Annotated[str, Meta(max_length=200)]
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015_.]")
T = TypeVar("T")


class PublicKey(msgspec.Struct, forbid_unknown_fields=True):
    """The public half of a tablet's key (RFC 7517)."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$")]
    y: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """How a tablet makes itself known."""

    code: Text
    key: PublicKey
    software: Text = ""


class State(msgspec.Struct, forbid_unknown_fields=True):
    """How a tablet is. `at` is its clock in ms, `policy` the version it shows, `unsent` how many answers it keeps."""

    at: Annotated[int, Meta(ge=0, le=32_503_680_000_000)]
    unsent: Annotated[int, Meta(ge=0, le=10_000_000)]
    battery: Annotated[int, Meta(ge=0, le=100)] | None = None
    software: Text = ""
    policy: Annotated[int, Meta(ge=0, le=2_147_483_647)] | None = None


def code_digest(code: str) -> bytes:
    """Return what is kept of an enrolment code, however it was typed: in any digits, small letters, with spaces."""
    return sha256(_BETWEEN.sub("", to_western(code)).upper().encode()).digest()


def enrol(body: bytes, network: str) -> Mapping[str, Any]:
    """Enrol a tablet by the code staff were shown; return what it needs from then on. Raises DeviceRefused, Refusal."""
    limits.check(act="enrol", address=network.partition("/")[0], most=ENROLMENTS_AN_HOUR)
    asked = _read(body, Asked)
    jwk = {name: str(value) for name, value in msgspec.to_builtins(asked.key).items()}
    try:
        ECKey.import_key({**jwk})
    except (JoseError, ValueError):
        raise DeviceRefused.of("device_malformed") from None
    with transaction.atomic():
        found = (
            Enrolment.objects.select_for_update()
            .filter(code=code_digest(asked.code), device=None, expires_at__gt=clock.now())
            .first()
        )
        if found is None:
            raise DeviceRefused.of("enrolment_unknown")
        made = Device.objects.create(
            shop=found.shop, name=found.name, key=jwk, enrolled_at=clock.now(), enrolled_by=found.made_by,
            software=asked.software,
        )  # fmt: skip
        found.device = made.pk
        found.save(update_fields=["device"])
        ledger.note(event="surveys.device_enrolled", payload={"device": str(made.pk), "shop": made.shop})
    return {"device": str(made.pk), **_told(made)}


def forms_for(device: UUID, said: bytes) -> Mapping[str, Any]:
    """Return what a tablet shows: the surveys open in its shop, with the running policy's words. Raises Refusal.

    `full` names the quotas of each that are reached. What was answered before a tablet heard of it is taken in.
    """
    if said != b"forms":
        raise DeviceRefused.of("device_unsigned")
    found = _device(device)
    shop = _shop(found.shop)
    forms = [
        builder.form_for(version, country=shop.country, jurisdiction=shop.jurisdiction)
        | {"full": list(quotas.reached(version))}
        for version in builder.open_for(shop.id, "tablet")
    ]
    return {**_told(found), "forms": forms}


def keep_state(device: UUID, said: bytes) -> Mapping[str, Any]:
    """Keep how a tablet is, and how far its clock goes wrong; return the time and the policy. Raises Refusal."""
    state = _read(said, State)
    found = _device(device)
    now = clock.now()
    Device.objects.filter(pk=device).update(
        synced_at=now,
        unsent=state.unsent,
        battery=state.battery,
        software=state.software,
        policy=state.policy,
        skew_ms=state.at - int(now.timestamp() * 1000),
    )
    return _told(found)


def heard_of(devices: Set[UUID]) -> None:
    """Remember that these tablets sent something."""
    Device.objects.filter(pk__in=devices).update(synced_at=clock.now())


def state_of(number: UUID) -> Mapping[str, Any]:
    """Say what became of an answer, to whoever holds its number; the receipt is handed out once.

    Raises AnswerRefused.
    """
    taken = Response.objects.filter(key=number).values_list("customer").first()
    if taken is not None:
        receipt = None
        if taken[0] is not None and limits.is_first(f"survey-receipt|{number}"):
            receipt = customers.receipt_link(customer=CustomerId(taken[0]))
        return {"state": "taken", "receipt": receipt, "code": None}
    reason = Refused.objects.filter(key=number).values_list("reason", flat=True).first()
    if reason is not None:
        return {"state": "refused", "receipt": None, "code": reason}
    if Envelope.objects.filter(pk=number).exists():
        return {"state": "waiting", "receipt": None, "code": None}
    raise AnswerRefused.of("answer_unknown")


def _told(device: Device) -> dict[str, Any]:
    """Return what every tablet is told: its shop, the time, the key to seal for, and how long the policy holds."""
    shop = _shop(device.shop)
    running = policy.current()
    now = clock.now()
    stale_after = running.policy.surveys.stale_after.after(now) - now
    return {
        "shop": {
            "slug": shop.slug,
            "name": {"ar": shop.name.ar, "en": shop.name.en},
            "country": shop.country,
            "timezone": shop.timezone,
        },
        "name": device.name,
        "key": keys.public_jwk(),
        "time": int(now.timestamp() * 1000),
        "policy": running.version.number,
        "stale_after": int(stale_after.total_seconds()),
    }


def _device(number: UUID) -> Device:
    found = Device.objects.filter(pk=number, revoked_at=None).first()
    if found is None:
        raise DeviceRefused.of("device_revoked")
    return found


def _shop(number: int) -> Shop:
    for shop in retailer.shops(include_closed=True):
        if shop.id == number:
            return shop
    raise DeviceRefused.of("device_unknown")


def _read(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise DeviceRefused.of("device_malformed") from None
