"""Ask after purchases that a till or a shop's system tells of: a file of order numbers and addresses.

An address is looked up through the gate and not kept; whose it is nobody knows, is asked nothing. What was told before
is known by its order number.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from amana.gate import queries as gate
from amana.kernel import emails
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.policy import queries as policy
from amana.retailer import queries as retailer
from amana.surveys.taking import invitations
from amana.surveys.taking.invitations import PURPOSE, Guest

COLUMNS: Final = ("order", "email", "shop")
LONGEST_ORDER: Final = 100
AT_ONCE: Final = 500
MALFORMED: Final = register(
    "purchases_malformed",
    Bilingual(
        ar="الملف لا يصلح: أعمدته order وemail وshop، ولكل سطر رقم طلب وبريد إلكتروني صحيح ومتجر معروف أو لا شيء.",
        en="The file does not fit: its columns are order, email and shop; each line has an order number, a valid "
        "e-mail address, and a known shop or none.",
    ),
)
UNINVITED: Final = register(
    "purchases_uninvited",
    Bilingual(
        ar="لا تذكر السياسة المنشورة وقتًا للسؤال بعد الشراء (surveys.invites.after_purchase)، فلا يُسأل أحد.",
        en="The published policy names no time to ask after a purchase (surveys.invites.after_purchase): "
        "nobody is asked.",
    ),
    409,
)


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase. `shop` is the shop's number, None where it is not known."""

    order: str
    address: str
    shop: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a file: how many people will be asked, were told of before, and are nobody's known address."""

    invited: int
    repeated: int
    unknown: int


def read(text: str) -> tuple[Purchase, ...]:
    """Read a file of purchases, all of it or nothing. Raises Refusal purchases_malformed, naming the line."""
    rows = csv.DictReader(text.removeprefix("\ufeff").splitlines(), skipinitialspace=True)
    if not rows.fieldnames or not {*COLUMNS[:2]} <= {*rows.fieldnames} <= {*COLUMNS}:
        raise _malformed(1)
    shops = {shop.slug: shop.id for shop in retailer.shops(include_closed=True)}
    return tuple(_purchases(rows, shops))


def tell(purchases: Sequence[Purchase], *, session: str) -> Told:
    """Plan to ask whoever bought something, as the policy's delay and the rule say; all of it or nothing.

    `session` is the machine's. Looked up are five hundred addresses at a time, and each look-up is recorded.
    Raises Refusal purchases_uninvited, GateRefused.
    """
    if "after_purchase" not in policy.current().policy.surveys.invites:
        raise Refusal.of(UNINVITED)
    begins = range(0, len(purchases), AT_ONCE)
    guests = [guest for begin in begins for guest in _guests(purchases[begin : begin + AT_ONCE], session)]
    invited = invitations.invite_each(occasion="purchase", guests=guests)
    return Told(invited, len(guests) - invited, len(purchases) - len(guests))


def _guests(purchases: Sequence[Purchase], session: str) -> list[Guest]:
    addresses = [one.address for one in purchases]
    owners = gate.find_each(session=session, purpose=PURPOSE, field="email", values=addresses)
    return [
        Guest(known[0], f"order:{one.order}", one.shop)
        for one, known in zip(purchases, owners, strict=True)
        if known
    ]


def _purchases(rows: "csv.DictReader[str]", shops: dict[str, int]) -> Iterator[Purchase]:
    for row in rows:
        order, shop = (row.get("order") or "").strip(), (row.get("shop") or "").strip()
        if not 0 < len(order) <= LONGEST_ORDER or (shop and shop not in shops) or None in row:
            raise _malformed(rows.line_num)
        try:
            address = emails.parse(row.get("email") or "")
        except Refusal:
            raise _malformed(rows.line_num) from None
        yield Purchase(order, address, shops.get(shop))


def _malformed(line: int) -> Refusal:
    found = Refusal.of(MALFORMED)
    message = Bilingual(
        ar=f"السطر {line}: {found.message_in('ar')}", en=f"Line {line}: {found.message_in('en')}"
    )
    return Refusal(found.code, message, found.status)
