"""The tablets as the console's pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from amana.kernel.refusal import Refusal, UnregisteredCodeError
from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.retailer import codes
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop, StaffSession
from amana.surveys.tablet import queries
from amana.surveys.tablet.actions import Invited
from amana.surveys.tablet.queries import RefusedAnswers, Shops, Standing, Tablet


@dataclass(frozen=True, slots=True)
class Row:
    """One tablet in words. `skew` is in whole seconds; `mark` colours its state."""

    tablet: Tablet
    shop: str
    state: str
    mark: str
    skew: int | None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """Answers refused for one reason, in words."""

    answers: RefusedAnswers
    why: str


@dataclass(frozen=True, slots=True)
class Fleet:
    """All that the page of the tablets shows. `running` is the version of the policy that tablets should show."""

    rows: Sequence[Row]
    working: int
    waiting: int
    unsent: int
    refused: int
    running: int | None
    web: Sequence[RefusedRow]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code as it is shown once: `address` is what the tablet opens, `qr` the same with the code, to be scanned."""

    name: str
    shop: str
    spelt: str
    address: str
    qr: SafeString
    expires_at: datetime


def fleet(shops: Shops) -> Fleet:
    """Return the tablets of these shops, and what came by the web and was refused for who may see every shop."""
    found = queries.fleet(shops)
    running = policy.find_version()
    return Fleet(
        rows=[row(tablet) for tablet in found],
        working=sum(tablet.standing is Standing.WELL for tablet in found),
        waiting=sum(tablet.needs_a_look for tablet in found),
        unsent=sum(tablet.unsent for tablet in found),
        refused=sum(tablet.refused for tablet in found),
        running=running.number if running else None,
        web=refused(None) if shops is None else (),
    )


def row(tablet: Tablet) -> Row:
    """Return one tablet in the reader's words."""
    state, mark = _state(tablet)
    skew = None if tablet.skew is None else round(tablet.skew.total_seconds())
    return Row(tablet, _shop_name(tablet.shop), state, mark, skew)


def refused(device: UUID | None) -> Sequence[RefusedRow]:
    """Return what was refused of one tablet, with the reasons in words."""
    return [RefusedRow(one, _why(one.reason)) for one in queries.refused(device)]


def shop_choices(shops: Shops) -> list[tuple[int, str]]:
    """Return the shops to choose from, with their regions."""
    language = reader_language()
    return [
        (shop.id, f"{shop.name.in_(language)} – {shop.region.in_(language)}")
        for shop in queries.reachable_shops(shops)
    ]


def invitation(made: Invited, name: str, shop: int) -> Invitation:
    """Return a code with the address to open on the tablet, in the reader's language."""
    path = reverse("tablet")
    found = next((one for one in retailer.shops(include_closed=True) if one.id == shop), None)
    # After the number sign: browsers send that part to nobody, so the code stands in no log.
    scanned = f"{settings.AMANA_PUBLIC_URL}{path}#{made.spelt}"
    return Invitation(
        name=name,
        shop=_shop_name(found),
        spelt=made.spelt,
        address=f"{urlsplit(settings.AMANA_PUBLIC_URL).netloc}{path}",
        qr=SafeString(codes.qr(scanned, title=gettext("Enrolment code"))),
        expires_at=made.expires_at,
    )


def colleague(staff: StaffSession, number: int) -> str:
    """Return the name of somebody who works here, or nothing."""
    if number == staff.staff:
        return staff.name.in_(reader_language())
    people = retailer.colleagues(session=staff.token)
    return next((one.name.in_(reader_language()) for one in people if one.id == number), "")


def _state(tablet: Tablet) -> tuple[str, str]:
    if tablet.standing is Standing.REVOKED:
        return gettext("Revoked"), "refused"
    if tablet.standing is Standing.STALE:
        return gettext("Stopped: too long without a connection"), "refused"
    if tablet.standing is Standing.QUIET:
        return gettext("Not heard of for a day"), "asks"
    if tablet.synced_at is None:
        return gettext("Enrolled, not heard of yet"), "asks"
    return gettext("Working"), "kept"


def _shop_name(shop: Shop | None) -> str:
    return shop.name.in_(reader_language()) if shop else "–"


def _why(reason: str) -> str:
    try:
        return Refusal.of(reason).message_in(reader_language())
    except UnregisteredCodeError:
        return reason
