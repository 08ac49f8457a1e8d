"""Enrol, rename, move and revoke tablets, and deal with what could not be taken in of their answers."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.ledger import actions as ledger
from amana.surveys.intake import taking
from amana.surveys.intake.devices import code_digest
from amana.surveys.models import Device, Enrolment, FormerShop, Refused
from amana.surveys.tablet import refusals

VALID: Final = timedelta(minutes=30)
# No letter or digit that is mistaken for another, neither read out nor handwritten: 23 to the power of 8 codes.
LETTERS: Final = "2346789CDFGHJKMNPQRTVWX"
LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class Invited:
    """A code by which one tablet may make itself known, once. It is shown, never kept."""

    code: str
    expires_at: datetime

    @property
    def spelt(self) -> str:
        """Return the code as it is shown."""
        return f"{self.code[:4]}-{self.code[4:]}"


def invite(*, shop: int, name: str, staff: int) -> Invited:
    """Make a code for a tablet of this name in a shop."""
    made = Invited("".join(secrets.choice(LETTERS) for _ in range(LENGTH)), clock.now() + VALID)
    with transaction.atomic():
        Enrolment.objects.filter(device=None, expires_at__lte=clock.now()).delete()
        Enrolment.objects.create(
            code=code_digest(made.code), shop=shop, name=name, made_by=staff, made_at=clock.now(),
            expires_at=made.expires_at,
        )  # fmt: skip
        ledger.note(event="surveys.device_invited", payload={"shop": shop, "by": staff})
    return made


def rename(*, device: UUID, name: str) -> None:
    """Call a tablet otherwise. Raises Refusal tablet_unknown, tablet_revoked."""
    with transaction.atomic():
        row = _locked(device)
        row.name = name
        row.save(update_fields=["name"])


def move(*, device: UUID, shop: int, staff: int) -> None:
    """Let a tablet ask for another shop from its next connection on. Raises Refusal tablet_unknown, tablet_revoked.

    Answers it took for the shop before, and takes for it until it connects, are still taken in for that one.
    """
    with transaction.atomic():
        row = _locked(device)
        if row.shop == shop:
            return
        payload = {"device": str(device), "from": row.shop, "to": shop, "by": staff}
        FormerShop.objects.create(device=device, shop=row.shop, left_at=clock.now())
        row.shop = shop
        row.save(update_fields=["shop"])
        ledger.note(event="surveys.device_moved", payload=payload)


def revoke(*, device: UUID, staff: int) -> None:
    """Take nothing more from a tablet, for good. Raises Refusal tablet_unknown, tablet_revoked."""
    with transaction.atomic():
        row = _locked(device)
        row.revoked_at, row.revoked_by = clock.now(), staff
        row.save(update_fields=["revoked_at", "revoked_by"])
        ledger.note(event="surveys.device_revoked", payload={"device": str(device), "by": staff})


def mark_seen(*, device: UUID | None, reason: str, staff: int) -> int:
    """Note that somebody looked at why these answers were refused; return how many. They stay, sealed."""
    rows = Refused.objects.filter(device=device, reason=reason, seen_at=None)
    return rows.update(seen_by=staff, seen_at=clock.now())


def retry(*, device: UUID | None, reason: str, staff: int) -> int:
    """Let refused answers wait to be taken in once more, as they came; return how many."""
    with transaction.atomic():
        keys = list(
            Refused.objects.filter(device=device, reason=reason).order_by("key").values_list("key", flat=True)
        )
        return sum(taking.try_again(key=key, staff=staff) for key in keys)


def _locked(device: UUID) -> Device:
    row = Device.objects.select_for_update().filter(pk=device).first()
    if row is None:
        raise Refusal.of(refusals.UNKNOWN)
    if row.revoked_at is not None:
        raise Refusal.of(refusals.REVOKED)
    return row
