"""Who is signed in, who works here, and where the shops are."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, Language
from amana.policy import queries as policy_queries
from amana.retailer.calls import Row, rows, value

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A member of staff who is signed in. `shops` is None when the roles cover all shops.

    There are no roles while `must_change` holds: a password somebody else has seen opens nothing; nor while the
    session lacks its second factor: `second` is then `code` or `enrolment`.
    """

    session: int
    staff: int
    email: str
    name: Bilingual
    language: Language
    roles: frozenset[str]
    shops: frozenset[int] | None
    must_change: bool
    token: str = field(repr=False)
    second: str | None = None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A staff account as administrators see it. `shops` is None when the roles cover all shops."""

    id: int
    email: str
    name: Bilingual
    language: Language
    active: bool
    must_change: bool
    roles: frozenset[str]
    shops: frozenset[int] | None
    last_seen_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """The name of somebody who works here, for assigning and for telling who did something."""

    id: int
    name: Bilingual
    roles: frozenset[str]
    active: bool


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody the machine may tell that work waits. `shops` is None when the roles cover all shops."""

    id: int
    email: str = field(repr=False)
    name: Bilingual
    language: Language
    roles: frozenset[str]
    shops: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the running policy that staff may hold, in the policy's own words."""

    name: str
    label: Bilingual
    does: Bilingual
    may_limit_to_shops: bool


@dataclass(frozen=True, slots=True)
class Brand:
    """What customers know the retailer by; `accent` is an sRGB colour such as `#c8102e`.

    `service_address` is the one e-mail address customers write to.
    """

    slug: str
    name: Bilingual
    accent: str
    service_address: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop; `timezone` is an IANA name, `country` an ISO 3166-1 alpha-2 code."""

    id: int
    slug: str
    name: Bilingual
    region: Bilingual
    country: str
    country_name: Bilingual
    jurisdiction: str
    timezone: str
    open: bool


def find_session(token: str) -> StaffSession | None:
    """Return who is signed in with this token, or None when the session is unknown or has ended."""
    # A cookie may hold what no text in PostgreSQL can.
    found = rows("SELECT * FROM retailer.who(%s)", token) if token.isascii() and token.isalnum() else []
    if not found:
        return None
    session, staff, email, name_ar, name_en, language, must_change, roles, shops, second = found[0]
    return StaffSession(
        session=session,
        staff=staff,
        email=email,
        name=Bilingual(name_ar, name_en),
        language=language,
        roles=frozenset(roles),
        shops=_shops(shops),
        must_change=must_change,
        token=token,
        second=second,
    )


def staff(*, session: str) -> tuple[StaffMember, ...]:
    """List every staff account, the active first. Raises Refusal unless the session is an administrator's."""
    return tuple(_member(row) for row in rows("SELECT * FROM retailer.staff_list(%s)", session))


def get_staff(number: int, *, session: str) -> StaffMember:
    """Return one staff account. Raises Refusal when there is none or the session is no administrator's."""
    for member in staff(session=session):
        if member.id == number:
            return member
    raise Refusal.of("staff_unknown")


def colleagues(*, session: str) -> tuple[Colleague, ...]:
    """List the names of all who work or worked here. Raises Refusal without a session."""
    found = rows("SELECT id, name_ar, name_en, roles, active FROM retailer.colleagues(%s)", session)
    return tuple(
        Colleague(id=number, name=Bilingual(ar, en), roles=frozenset(roles), active=active)
        for number, ar, en, roles, active in found
    )


def to_tell(*, session: str, shop: int | None) -> tuple[Reachable, ...]:
    """List who manages a shop or serves customers there, for the machine to tell them that something waits.

    Without a shop: those whose roles cover all. Raises Refusal unless the session is the machine's.
    """
    found = rows("SELECT * FROM retailer.to_tell(%s, %s)", session, shop)
    return tuple(
        Reachable(
            id=number,
            email=email,
            name=Bilingual(ar, en),
            language=language,
            roles=frozenset(held),
            shops=_shops(limits),
        )
        for number, email, ar, en, language, held, limits in found
    )


def roles() -> tuple[Role, ...]:
    """List the roles of the running policy that staff may hold. Raises Refusal before one is published."""
    return tuple(
        Role(name=name, label=role.name, does=role.does, may_limit_to_shops=role.may_limit_to_shops)
        for name, role in policy_queries.current().policy.roles.items()
        if name != SYSTEM
    )


def brand() -> Brand:
    """Return the brand. Raises Refusal (503) before one is loaded."""
    found = rows("SELECT slug, name_ar, name_en, accent, service_address FROM retailer.brand_shown()")
    if not found:
        raise Refusal.of("brand_missing")
    slug, ar, en, accent, address = found[0]
    return Brand(slug=slug, name=Bilingual(ar, en), accent=accent, service_address=address)


def shops(*, include_closed: bool = False) -> tuple[Shop, ...]:
    """List the shops in the order of the brand file; closed ones keep their numbers for old records."""
    found = rows("SELECT * FROM retailer.shop_list()")
    return tuple(shop for shop in map(_shop, found) if shop.open or include_closed)


def home_country() -> str:
    """Return the country whose digits and dates the console writes: that of the brand's first shop."""
    found = shops(include_closed=True)
    return found[0].country if found else "AE"


def get_shop(slug: str) -> Shop:
    """Return an open shop. Raises Refusal (404)."""
    for shop in shops():
        if shop.slug == slug:
            return shop
    raise Refusal.of("shop_unknown")


def salt_of(email: str, *, address: str) -> bytes:
    """Return an account's salt, made up but stable for an unknown one. Raises Refusal over the limits."""
    return bytes(value("SELECT retailer.salt_of(%s, %s::inet)", email, address))


def _member(row: Row) -> StaffMember:
    number, email, ar, en, language, active, must_change, role_names, shop_ids, last_seen_at = row
    return StaffMember(
        id=number,
        email=email,
        name=Bilingual(ar, en),
        language=language,
        active=active,
        must_change=must_change,
        roles=frozenset(role_names),
        shops=_shops(shop_ids),
        last_seen_at=last_seen_at,
    )


def _shop(row: Row) -> Shop:
    number, slug, ar, en, region_ar, region_en, country, country_ar, country_en, law, timezone, is_open = row
    return Shop(
        id=number,
        slug=slug,
        name=Bilingual(ar, en),
        region=Bilingual(region_ar, region_en),
        country=country,
        country_name=Bilingual(country_ar, country_en),
        jurisdiction=law,
        timezone=timezone,
        open=is_open,
    )


def _shops(numbers: Iterable[int] | None) -> frozenset[int] | None:
    return None if numbers is None else frozenset(numbers)
