"""What the website may collect: what the example says of it, and what is refused in such a declaration."""

from collections.abc import Callable

import pytest

from amana.policy import parsing, queries, website
from amana.policy.document import NO_WEBSITE, Policy
from amana.policy.durations import Duration
from tests.policy.test_parsing import faults, fields

Change = Callable[..., str]
EVENTS = "\n  events:\n"
CART = "\n    Cart Viewed:\n"
OVER = 'wording: {ar: "ملاحظة", en: "remark"}'


@pytest.fixture(scope="session")
def policy(text: str) -> Policy:
    return parsing.parse(text)


def test_c2_every_event_serves_declared_purposes_alone(policy: Policy) -> None:
    served = {purpose for event in policy.website.events.values() for purpose in event.purposes}
    assert {policy.purposes[name].clause for name in served} == {"U1", "U4", "U6"}


def test_c2_the_tag_may_send_its_own_events(policy: Policy) -> None:
    events = policy.website.events
    own = ("Page Viewed", "Time Engaged", "Link Followed", "Products Searched")
    assert {name: sorted(events[name].properties) for name in own} == {
        "Page Viewed": ["category", "name", "path", "referrer", "search", "title", "url"],
        "Time Engaged": ["engaged_ms", "sequence", "view"],
        "Link Followed": ["host"],
        "Products Searched": ["query", "results"],
    }
    assert [name for name, event in events.items() if event.call != "track"] == ["Page Viewed"]


def test_n1_addresses_keep_no_more_than_their_host_or_path(policy: Policy) -> None:
    page = policy.website.events["Page Viewed"].properties
    assert [page[name].kind for name in ("url", "referrer", "path")] == ["host", "host", "path"]
    assert policy.website.events["Link Followed"].properties["host"].kind == "host"


def test_n1_no_number_ties_a_visit_to_an_order(policy: Policy) -> None:
    named = {name for event in policy.website.events.values() for name in event.properties}
    assert named & {"order_id", "cart_id", "checkout_id", "coupon", "email", "phone", "userId"} == set()


def test_c2_kept_for_a_purpose_no_longer_than_either_allows(policy: Policy) -> None:
    content, fit = (website.collected(policy, name) for name in ("content", "product_fit"))
    assert (content["Product Viewed.price"], fit["Product Viewed"]) == (Duration(12, 0), Duration(13, 0))
    assert website.collected(policy, "marketing") == {}
    assert sorted(item for item in content if item.startswith("Products Searched")) == [
        "Products Searched", "Products Searched.query", "Products Searched.query:path",
        "Products Searched.query:text", "Products Searched.results",
    ]  # fmt: skip


def test_c2_a_policy_that_is_silent_collects_nothing(text: str) -> None:
    start, end = text.index("\nwebsite:\n"), text.index("\nsafeguards:\n")
    silent = parsing.parse(text[:start] + text[end:])
    assert silent.website == NO_WEBSITE
    assert {name: website.collected(silent, name) for name in silent.purposes} == {
        name: {} for name in silent.purposes
    }


@pytest.mark.parametrize(
    ("within", "old", "new", "field"),
    [
        (
            "\nwebsite:",
            "[https://redtag.example]",
            "[http://redtag.example]",
            "origins.http://redtag.example",
        ),
        (
            "\nwebsite:",
            "[https://redtag.example]",
            "[https://other.example]",
            "origins.https://other.example",
        ),
        (
            "\nwebsite:",
            "[https://redtag.example]",
            "[https://evilredtag.example]",
            "origins.https://evilredtag.example",
        ),
        (
            "\nwebsite:",
            "[https://redtag.example]",
            "[https://redtag.example/shop]",
            "origins.https://redtag.example/shop",
        ),
        (
            "\nwebsite:",
            "[https://redtag.example]",
            "[https://instagram.com]",
            "origins.https://instagram.com",
        ),
        ("\nwebsite:", "[https://redtag.example]", "[]", "origins"),
        (
            "\nwebsite:",
            "analytics: [product_fit]",
            "analytics: [curiosity, product_fit]",
            "consent_categories.analytics.curiosity",
        ),
        (
            "\nwebsite:",
            "analytics: [product_fit]",
            "analytics: [product_fit, orders]",
            "consent_categories.analytics.orders",
        ),
        (
            "\nwebsite:",
            "analytics: [product_fit]",
            "analytics: [product_fit, content]",
            "consent_categories.analytics.content",
        ),
        (
            "\nwebsite:",
            "gpc_stops: [content, product_fit]",
            "gpc_stops: [content, product_fit, selling]",
            "gpc_stops.selling",
        ),
        ("\nwebsite:", "gpc_stops: [content, product_fit]", "gpc_stops: [content]", "gpc_stops.product_fit"),
        ("\nautomatic:", "honours_gpc: true", "honours_gpc: false", "gpc_stops"),
        ("\n  traits:", "email: email", "email: soul", "traits.email.soul"),
        ("\n  traits:", "email: email", "email: name", "traits.email"),
        ("\n  traits:", "email: email", "e-mail: email", "traits.e-mail"),
        (
            CART,
            "purposes: [product_fit]",
            "purposes: [product_fit, selling]",
            "events.Cart Viewed.purposes.selling",
        ),
        (CART, "purposes: [product_fit]", "purposes: [feedback]", "events.Cart Viewed.purposes.feedback"),
        (CART, "call: track", "call: page", "events.Cart Viewed.call"),
        ("\n    Page Viewed:\n", "call: page", "call: track", "events.Page Viewed.call"),
        (EVENTS, "Cart Viewed:", "Cart.Viewed:", "events.Cart.Viewed"),
        (EVENTS, "Cart Viewed:", "product_viewed:", "events.product_viewed"),
        (
            "\n    Time Engaged:\n",
            "        sequence: {",
            "        Engaged_MS: {",
            "events.Time Engaged.properties.engaged_ms",
        ),
        (CART, "longest: 100", "longest: 0", "events.Cart Viewed.properties.products.longest"),
        (CART, "longest: 100", "longest: 1001", "events.Cart Viewed.properties.products.longest"),
        (
            CART,
            "kind: text",
            "kind: choice",
            "events.Cart Viewed.properties.products.items.product_id.choices",
        ),
        (
            CART,
            "kind: text",
            "choices: [a], kind: text",
            "events.Cart Viewed.properties.products.items.product_id.choices",
        ),
        (CART, "kind: text", "kind: items", "events.Cart Viewed.properties.products.items.product_id.kind"),
        (CART, "kind: items", "kind: text", "events.Cart Viewed.properties.products.items"),
        (
            CART,
            "products:",
            f"remark: {{{OVER}, kind: items}}\n        products:",
            "events.Cart Viewed.properties.remark.items",
        ),
        (
            CART,
            "products:",
            f"email: {{{OVER}, kind: text}}\n        products:",
            "events.Cart Viewed.properties.email",
        ),
        (
            CART,
            "products:",
            f"birthday: {{{OVER}, kind: text}}\n        products:",
            "events.Cart Viewed.properties.birthday",
        ),
    ],
)
def test_c2_what_may_not_be_declared(change: Change, within: str, old: str, new: str, field: str) -> None:
    assert f"website.{field}" in fields(change((old, new), within=within))


def test_c2_a_trait_gives_only_what_the_website_may_bring(change: Change) -> None:
    text = change(
        ("survey: optional, website: optional, import", "survey: optional, import"), within="\n  gender:"
    )
    [problem] = faults(text)
    line = text[: text.index("    gender: gender\n")].count("\n") + 1
    assert (problem.line, problem.field) == (line, "website.traits.gender")
    assert problem.en == "“gender” may not come from the website: website is not among its sources."


def test_c2_a_fault_names_the_line_of_its_event(change: Change) -> None:
    text = change(
        ("kind: choice, choices: [password", "kind: colour, choices: [password"), within="\n    Signed In:\n"
    )
    [problem] = faults(text)
    line = text[: text.index("kind: colour")].count("\n") + 1
    assert str(problem).split("\n")[0] == f"p.yaml:{line}: website.events.Signed In.properties.method.kind"


def test_c2_the_banner_asks_by_category(published: int) -> None:
    shown = queries.banner("en", "AE")
    assert [(found.category, found.title) for found in shown] == [
        ("personalisation", "Content that suits you"),
        ("analytics", "Products closer to your needs"),
    ]
    assert [sentence for found in shown for sentence in found.sentences] == [
        queries.wording("content", "en"),
        queries.wording("product_fit", "en"),
    ]
    assert [found.title for found in queries.banner("ar", "SA")] == [
        "محتوى يناسبك",
        "منتجات أقرب إلى احتياجاتك",
    ]


def test_c2_nothing_is_asked_where_consent_is_not_the_ground(published: int) -> None:
    assert queries.banner("en", "XX") == ()
