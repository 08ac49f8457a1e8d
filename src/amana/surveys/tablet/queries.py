"""How the tablets are: each with its shop, when it was last heard of, and what of its answers was not taken in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Min

from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop
from amana.surveys.models import Device, Refused
from amana.surveys.tablet import refusals, shell

# A tablet that is on tells of itself every minute.
QUIET_AFTER: Final = timedelta(hours=24)
# A clock further off than this puts answers on the wrong day sooner or later.
SKEWED_MS: Final = 5 * 60 * 1000

Shops = Collection[int] | None


class Standing(StrEnum):
    """How a tablet stands, from best to worst."""

    WELL = "well"
    QUIET = "quiet"
    STALE = "stale"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Tablet:
    """One tablet. `behind` and `outdated` say that it shows another policy and runs other software than it should.

    `unsent` and `battery` are what it told last; `skew` is by how much its clock is ahead; `refused` counts its answers
    that could not be taken in and that nobody has looked at.
    """

    id: UUID
    name: str
    shop: Shop | None
    enrolled_at: datetime
    enrolled_by: int
    revoked_at: datetime | None
    synced_at: datetime | None
    unsent: int
    battery: int | None
    software: str
    policy: int | None
    skew: timedelta | None
    standing: Standing
    behind: bool
    outdated: bool
    refused: int

    @property
    def skewed(self) -> bool:
        """Tell whether its clock goes wrong enough to matter."""
        return self.skew is not None and abs(self.skew) >= timedelta(milliseconds=SKEWED_MS)

    @property
    def needs_a_look(self) -> bool:
        """Tell whether somebody should do something about it."""
        return self.standing in (Standing.QUIET, Standing.STALE) or bool(self.refused) or self.skewed


@dataclass(frozen=True, slots=True)
class RefusedAnswers:
    """Answers of one tablet that were refused for one reason. `device` is None for those that came by the web."""

    device: UUID | None
    reason: str
    count: int
    unseen: int
    first_at: datetime
    last_at: datetime


def fleet(shops: Shops) -> tuple[Tablet, ...]:
    """List the tablets of these shops (None: of all), those that need a look first and the revoked last."""
    rows = Device.objects.all() if shops is None else Device.objects.filter(shop__in=shops)
    places = {shop.id: shop for shop in retailer.shops(include_closed=True)}
    unseen = dict(
        Refused.objects.filter(device__in=[row.pk for row in rows], seen_at=None)
        .values_list("device")
        .annotate(count=Count("pk"))
    )
    found = [_tablet(row, places.get(row.shop), unseen.get(row.pk, 0)) for row in rows]
    return tuple(sorted(found, key=_urgency))


def get(number: UUID, shops: Shops) -> Tablet:
    """Return one tablet of these shops. Raises Refusal tablet_unknown."""
    for tablet in fleet(shops):
        if tablet.id == number:
            return tablet
    raise Refusal.of(refusals.UNKNOWN)


def refused(device: UUID | None) -> tuple[RefusedAnswers, ...]:
    """Return what was refused of one tablet (None: of what came by the web), by reason, the latest first."""
    rows = (
        Refused.objects.filter(device=device)
        .values("reason")
        .annotate(count=Count("pk"), seen=Count("seen_at"), first=Min("refused_at"), last=Max("refused_at"))
        .order_by("-last")
    )
    return tuple(
        RefusedAnswers(
            device, row["reason"], row["count"], row["count"] - row["seen"], row["first"], row["last"]
        )
        for row in rows
    )


def reachable_shops(shops: Shops) -> tuple[Shop, ...]:
    """List the open shops among these (None: all)."""
    return tuple(shop for shop in retailer.shops() if shops is None or shop.id in shops)


def _tablet(row: Device, shop: Shop | None, refused: int) -> Tablet:
    running = policy.find_version()
    return Tablet(
        id=row.pk,
        name=row.name,
        shop=shop,
        enrolled_at=row.enrolled_at,
        enrolled_by=row.enrolled_by,
        revoked_at=row.revoked_at,
        synced_at=row.synced_at,
        unsent=row.unsent,
        battery=row.battery,
        software=row.software,
        policy=row.policy,
        skew=None if row.skew_ms is None else timedelta(milliseconds=row.skew_ms),
        standing=_standing(row),
        behind=row.policy is not None and running is not None and row.policy != running.number,
        outdated=bool(row.software) and row.software != shell.software(),
        refused=refused,
    )


def _standing(row: Device) -> Standing:
    if row.revoked_at is not None:
        return Standing.REVOKED
    heard = row.synced_at or row.enrolled_at
    now = clock.now()
    if policy.current().policy.surveys.stale_after.after(heard) < now:
        return Standing.STALE
    return Standing.QUIET if heard + QUIET_AFTER < now else Standing.WELL


def _urgency(tablet: Tablet) -> tuple[bool, bool, int, str]:
    place = tablet.shop.id if tablet.shop else 0
    return (tablet.standing is Standing.REVOKED, not tablet.needs_a_look, place, tablet.name)
