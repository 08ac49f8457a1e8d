"""The first retailer's policy keeps every promise and the names the code uses."""

import pytest
import yaml

from amana.policy import parsing
from amana.policy.document import Policy
from tests.policy.conftest import REDTAG

CLAUSES = [
    *("C1", "C2", "C3", "C4", "C5"),
    *("U1", "U2", "U3", "U4", "U5", "U6", "U7"),
    *("P1", "P2", "P3"),
    *("T1", "T2"),
    *("N1",),
    *("R1", "R2", "R3", "R4", "R5"),
    *("Y1",),
]


@pytest.fixture(scope="session")
def policy(text: str) -> Policy:
    return parsing.parse(text)


def test_every_clause_is_told_once(policy: Policy) -> None:
    assert sorted(clause for section in policy.sections for clause in section.clauses) == sorted(CLAUSES)


def test_every_clause_has_its_text(policy: Policy) -> None:
    told = {*policy.clauses, *(purpose.clause for purpose in policy.purposes.values())}
    assert told == set(CLAUSES)


def test_c3_declares_what_the_code_names(policy: Policy) -> None:
    kinds = {name: category.kind for name, category in policy.categories.items()}
    identity = [
        "name",
        "email",
        "mobile",
        "phone",
        "address",
        "birth_date",
        "opinion",
        "receipt_photo",
        "message",
    ]
    facts = ["gender", "birth_year", "nationality", "city", "language"]
    assert kinds == dict.fromkeys(identity, "identity") | dict.fromkeys(facts, "fact")


def test_c4_messages_and_opinions_are_sensitive(policy: Policy) -> None:
    sensitive = {name for name, category in policy.categories.items() if category.sensitive}
    assert sensitive == {"opinion", "receipt_photo", "message", "nationality"}


def test_purposes_and_their_clauses(policy: Policy) -> None:
    assert {name: purpose.clause for name, purpose in policy.purposes.items()} == {
        "content": "U1",
        "marketing": "U2",
        "feedback": "U3",
        "product_fit": "U4",
        "orders": "U5",
        "fraud": "U6",
        "draws": "U7",
        "service": "R4",
        "confirmation": "C5",
        "rights": "R5",
    }


def test_names_of_the_house(policy: Policy) -> None:
    roles = "marketing service analyst shop_manager data_protection_officer administrator auditor system"
    assert set(policy.roles) == set(roles.split())
    assert set(policy.tasks) == {"message", "conversation", "request", "session", "answer"}
    assert set(policy.sources) == {"survey", "website", "service", "import"}
    assert set(policy.channels) == {"email", "sms", "whatsapp", "push"}
    assert set(policy.jurisdictions) == {"AE", "SA", "EU"}


def test_u2_marketing_rests_on_consent_everywhere(policy: Policy) -> None:
    marketing = policy.purposes["marketing"]
    assert dict(marketing.basis) == {"AE": "consent", "SA": "consent", "EU": "consent"}
    assert marketing.channels == ("email", "sms", "whatsapp", "push")
    assert (marketing.promotional, marketing.default_off) == (True, True)


def test_promotional_purposes(policy: Policy) -> None:
    promotional = {name for name, purpose in policy.purposes.items() if purpose.promotional}
    assert promotional == {"marketing", "draws"}


def test_u7_draws_never_depend_on_a_purchase(policy: Policy) -> None:
    limits = {
        code: place.limits["draw_may_depend_on_purchase"].value
        for code, place in policy.jurisdictions.items()
    }
    assert limits == {"AE": False, "SA": False, "EU": False}


def test_the_emirates_have_no_legitimate_interest(policy: Policy) -> None:
    assert policy.jurisdictions["AE"].limits["legitimate_interest_exists"].value is False


def test_limits_wait_for_counsel(policy: Policy) -> None:
    limits = [limit for place in policy.jurisdictions.values() for limit in place.limits.values()]
    assert {limit.counsel_must_confirm for limit in limits} == {True}
    assert all(limit.source for limit in limits)


def test_r4_one_service_address(policy: Policy) -> None:
    brand = yaml.safe_load((REDTAG / "brand.yaml").read_text("utf-8"))
    assert policy.contacts.service == "service@redtag.example"
    assert brand["brand"]["service_address"] == "service@redtag.example"


def test_brand_shops_have_their_own_addresses() -> None:
    brand = yaml.safe_load((REDTAG / "brand.yaml").read_text("utf-8"))
    slugs = [
        shop["slug"]
        for country in brand["countries"]
        for region in country["regions"]
        for shop in region["shops"]
    ]
    assert len(slugs) == len(set(slugs)) == 15
