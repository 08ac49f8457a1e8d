"""A wider collection is named as such, and asks again those who had agreed to less."""

from collections.abc import Callable

import pytest

from amana.policy import commands, diff, parsing, queries
from amana.policy.diff import Direction
from amana.policy.document import Policy
from tests.policy.test_diff import changes

Change = Callable[..., str]
CART = "\n    Cart Viewed:\n"
PRODUCTS = "website.events.Cart Viewed.properties.products"
NEW = 'note: {wording: {ar: "ملاحظة", en: "remark"}, kind: boolean}\n        products:'
EVENT = """Gift Wrapped:
      wording: {ar: "طلب تغليف هدية", en: "Asking for gift wrapping"}
      call: track
      purposes: [product_fit]
      properties: {}
    Cart Viewed:"""

CASES: list[tuple[str, str, str, str, Direction, tuple[str, ...]]] = [
    ("\n  events:", "Cart Viewed:", EVENT, "website.events.Gift Wrapped", "wider", ("product_fit",)),
    (CART, "products:", NEW, "website.events.Cart Viewed.properties.note", "wider", ("product_fit",)),
    (
        CART,
        "purposes: [product_fit]",
        "purposes: [product_fit, content]",
        "website.events.Cart Viewed.purposes.content",
        "wider",
        ("content",),
    ),
    (
        CART,
        "purposes: [product_fit]",
        "purposes: []",
        "website.events.Cart Viewed.purposes.product_fit",
        "narrower",
        (),
    ),
    (CART, "longest: 100", "longest: 50", f"{PRODUCTS}.longest", "narrower", ()),
    (CART, "longest: 100", "longest: 200", f"{PRODUCTS}.longest", "wider", ()),
    (CART, "kind: number", "kind: text", f"{PRODUCTS}.items.price.kind", "wider", ("product_fit",)),
    (
        CART,
        "kind: text, longest: 64",
        "kind: integer, longest: 64",
        f"{PRODUCTS}.items.product_id.kind",
        "narrower",
        (),
    ),
    (
        CART,
        'en: "Opening the basket"',
        'en: "Looking at the basket"',
        "website.events.Cart Viewed.wording",
        "reworded",
        (),
    ),
    (
        "\n    Page Viewed:\n",
        "kind: host, longest",
        "kind: path, longest",
        "website.events.Page Viewed.properties.url.kind",
        "wider",
        ("content",),
    ),
    (
        "\n    Signed In:\n",
        "code, link]",
        "code, link, face]",
        "website.events.Signed In.properties.method.choices.face",
        "wider",
        (),
    ),
    ("\nwebsite:", "retention: P13M", "retention: P14M", "website.retention", "wider", ("product_fit",)),
    ("\nwebsite:", "retention: P13M", "retention: P6M", "website.retention", "narrower", ()),
    ("\n  traits:", "    gender: gender\n", "", "website.traits.gender", "narrower", ()),
    (
        "\nwebsite:",
        "gpc_stops: [content",
        "gpc_stops: [fraud, content",
        "website.gpc_stops.fraud",
        "narrower",
        (),
    ),
    (
        "\nwebsite:",
        "analytics: [product_fit]",
        "analytics: [product_fit, marketing]",
        "website.consent_categories.analytics.marketing",
        "wider",
        (),
    ),
]


@pytest.mark.parametrize(("within", "old", "new", "field", "direction", "again"), CASES)
def test_c2_one_change(
    text: str, change: Change, within: str, old: str, new: str, field: str, direction: Direction,
    again: tuple[str, ...],
) -> None:  # fmt: skip
    assert changes(text, change((old, new), within=within)) == ([(field, direction)], again)


def test_c2_python_and_the_database_agree_on_whom_to_ask_again(
    published: int, publish: Callable[[str], int], text: str, change: Change
) -> None:
    for within, old, new, field, _, again in CASES:
        other = change((old, new), within=within)
        assert (field, queries.asked_again(publish(other))) == (field, again)
        back = diff.asked_again(parsing.parse(other), parsing.parse(text))
        assert (field, queries.asked_again(publish(text))) == (field, back)


def test_n1_a_signal_no_longer_honoured_is_wider(text: str, change: Change) -> None:
    new = change(
        ("honours_gpc: true", "honours_gpc: false"), ("[content, product_fit]", "[]"), within="\nautomatic:"
    )
    found, again = changes(text, new)
    assert found == [
        ("automatic.honours_gpc", "wider"),
        ("website.gpc_stops.content", "wider"),
        ("website.gpc_stops.product_fit", "wider"),
    ]
    assert again == ()


def test_c2_a_new_event_names_the_purposes_it_serves(text: str, change: Change) -> None:
    old, new = parsing.parse(text), parsing.parse(change(("Cart Viewed:", EVENT), within="\n  events:"))
    [added] = diff.compare(old, new).widened()
    assert (added.field, added.purposes) == ("website.events.Gift Wrapped", ("product_fit",))
    assert described(old, new)[3:] == [
        "▲ website.events.Gift Wrapped (أوسع / wider)",
        "    ← product_fit",
        "",
        "يُسأل من جديد، قبل أن يبدأ الاستخدام الأوسع، كل من وافق على:",
        "Asked again before the wider use begins, everyone who agreed to:",
        "  • product_fit: منتجات أقرب إلى احتياجاتك | Products closer to your needs",
    ]


def described(old: Policy, new: Policy) -> list[str]:
    return commands.describe(commands.Running(1, old), new, {}).split("\n")
