"""What a new version changes, which way, and whom it asks again."""

from collections.abc import Callable

import pytest

from amana.policy import diff, parsing
from amana.policy.diff import Direction

Change = Callable[..., str]
MARKETING = "\n  marketing:\n    clause"


def changes(old: str, new: str) -> tuple[list[tuple[str, Direction]], tuple[str, ...]]:
    found = diff.compare(parsing.parse(old), parsing.parse(new))
    return [(change.field, change.direction) for change in found.changes], found.asked_again


CASES: list[tuple[str, str, str, str, Direction, tuple[str, ...]]] = [
    (
        "\n  content:",
        "[gender, birth_year, city, language]",
        "[gender, birth_year, city, language, nationality]",
        "purposes.content.categories.nationality",
        "wider",
        ("content",),
    ),
    (
        "\n  content:",
        "[gender, birth_year, city, language]",
        "[birth_year, city, language]",
        "purposes.content.categories.gender",
        "narrower",
        (),
    ),
    (
        "\n  content:",
        "[controller, hosting]",
        "[controller, hosting, message_delivery]",
        "purposes.content.recipients.message_delivery",
        "wider",
        ("content",),
    ),
    ("\n  content:", "retention: P1Y", "retention: P2Y", "purposes.content.retention", "wider", ("content",)),
    (MARKETING, "retention: P2Y", "retention: P1Y", "purposes.marketing.retention", "narrower", ()),
    (
        MARKETING,
        "roles: [marketing, system]",
        "roles: [marketing, analyst, system]",
        "purposes.marketing.roles.analyst",
        "wider",
        (),
    ),
    (
        MARKETING,
        "[email, sms, whatsapp, push]",
        "[email, sms, whatsapp]",
        "purposes.marketing.channels.push",
        "narrower",
        (),
    ),
    (MARKETING, "min_age: 18", "min_age: 21", "purposes.marketing.min_age", "narrower", ()),
    (
        MARKETING,
        "    retention: P2Y",
        "    revision: 2\n    retention: P2Y",
        "purposes.marketing.revision",
        "wider",
        ("marketing",),
    ),
    (
        MARKETING,
        "RedTag offers and news",
        "RedTag news and offers",
        "purposes.marketing.consent",
        "reworded",
        (),
    ),
    ("\n  orders:", "retention: P5Y", "retention: P3Y", "purposes.orders.retention", "narrower", ()),
    (
        "\n  orders:",
        "[service, shop_manager, system]",
        "[service, system]",
        "purposes.orders.roles.shop_manager",
        "narrower",
        (),
    ),
    (
        "\n  fraud:",
        "EU: legitimate_interest",
        "EU: legal_obligation",
        "purposes.fraud.basis.EU",
        "changed",
        (),
    ),
    (
        "\n  fraud:",
        "delayed_disclosure: P30D",
        "delayed_disclosure: P60D",
        "purposes.fraud.delayed_disclosure",
        "wider",
        (),
    ),
    ("\ncategories:", "retention: P5Y", "retention: P6Y", "categories.name.retention", "wider", ()),
    ("\n  opinion:", "retention: P2Y", "retention: P3Y", "categories.opinion.retention", "wider", ()),
    (
        "\n  opinion:",
        "survey: optional",
        "survey: mandatory",
        "categories.opinion.sources.survey",
        "wider",
        (),
    ),
    (
        "\n  nationality:",
        "sensitive: true",
        "sensitive: false",
        "categories.nationality.sensitive",
        "wider",
        (),
    ),
    ("\n  uses:", "retention: P3Y", "retention: P2Y", "evidence.uses.retention", "narrower", ()),
    (
        "\njurisdictions:",
        "value: 30",
        "value: 20",
        "jurisdictions.AE.limits.request_days.value",
        "changed",
        (),
    ),
]


@pytest.mark.parametrize(("within", "old", "new", "field", "direction", "again"), CASES)
def test_one_change(
    text: str,
    change: Change,
    within: str,
    old: str,
    new: str,
    field: str,
    direction: Direction,
    again: tuple[str, ...],
) -> None:
    assert changes(text, change((old, new), within=within)) == ([(field, direction)], again)


def test_same_policy_has_no_changes(text: str) -> None:
    assert changes(text, text) == ([], ())


def test_first_version_has_nothing_to_compare_with(text: str) -> None:
    assert diff.compare(None, parsing.parse(text)) == diff.Difference((), ())


def test_a_new_category_is_one_change_and_names_its_purposes(text: str, change: Change) -> None:
    entry = 'shoe_size:\n    wording: {ar: "مقاس الحذاء", en: "Shoe size"}\n    kind: fact\n'
    entry += "    sensitive: false\n    retention: P1Y\n    sources: {survey: optional}\n  gender:"
    new = change(
        ("gender:", entry),
        ("[gender, birth_year, nationality", "[shoe_size, gender, birth_year, nationality"),
        within="\ncategories:",
    )
    found = diff.compare(parsing.parse(text), parsing.parse(new))
    assert [(entry.field, entry.direction, entry.purposes) for entry in found.changes] == [
        ("categories.shoe_size", "wider", ("product_fit",)),
        ("purposes.product_fit.categories.shoe_size", "wider", ("product_fit",)),
    ]
    assert found.asked_again == ("product_fit",)


def test_a_purpose_that_goes_is_one_change(text: str) -> None:
    start, end = text.index("  draws:\n"), text.index("  service:\n    clause")
    new = text[:start] + text[end:]
    new = new.replace("U6, U7]", "U6]")
    assert changes(text, new)[0][0] == ("purposes.draws", "narrower")
