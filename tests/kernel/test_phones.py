"""Telephone numbers, as people in the Gulf write them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel import digits, phones
from amana.kernel.phones import Phone
from tests.kernel.properties import steady

DUBAI_MOBILE = Phone("+971501234567", "AE", "mobile")
EXAMPLES = [
    (country, kind, phonenumbers.example_number_for_type(country, number_type))
    for country in phones.GULF
    for kind, number_type in (
        ("mobile", phonenumbers.PhoneNumberType.MOBILE),
        ("fixed", phonenumbers.PhoneNumberType.FIXED_LINE),
    )
]


@pytest.mark.parametrize(
    "text",
    [
        "0501234567",
        "050 123 4567",
        "501234567",
        "+971501234567",
        "00971 50 123 4567",
        "971501234567",
        "+971 (0)50-123-4567",
        "٠٥٠١٢٣٤٥٦٧",
        "+٩٧١ ٥٠ ١٢٣ ٤٥٦٧",
        "۰۵۰۱۲۳۴۵۶۷",
        "０５０１２３４５６７",
        "\u202a+971 50 123 4567\u202c",  # copied from a contact card
        "971501234567+",  # copied out of a right-to-left line
        "٩٧١٥٠١٢٣٤٥٦٧+",
        "050–123–4567",
        "\u00a0050\u00a0123\u00a04567\n",
        "050/123.4567",
    ],
)
def test_one_number_in_many_spellings(text: str) -> None:
    assert phones.parse(text, country="AE") == DUBAI_MOBILE


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("0501234567", "SA", Phone("+966501234567", "SA", "mobile")),
        ("0501234567", "sa", Phone("+966501234567", "SA", "mobile")),
        ("50012345", "KW", Phone("+96550012345", "KW", "mobile")),
        ("36001234", "BH", Phone("+97336001234", "BH", "mobile")),
        ("92123456", "OM", Phone("+96892123456", "OM", "mobile")),
        ("33123456", "QA", Phone("+97433123456", "QA", "mobile")),
        ("04 229 1234", "AE", Phone("+97142291234", "AE", "fixed")),
        ("966501234567", "AE", Phone("+966501234567", "SA", "mobile")),
        ("96550012345", "SA", Phone("+96550012345", "KW", "mobile")),
        ("+1 202 555 0123", "AE", Phone("+12025550123", "US", "either")),
        ("+881 6 123 45678", "AE", Phone("+881612345678", None, "mobile")),
    ],
)
def test_a_number_is_read_where_it_is_typed(text: str, country: str, phone: Phone) -> None:
    assert phones.parse(text, country=country) == phone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "+971",
        "12345",
        "abc",
        "050 123 45",
        "050 123 4567 89",
        "0501234567 ext. 5",
        "0501234567;ext=5",
        "tel:0501234567",
        "050-FLOWERS",
        "0501234567, 0507654321",
        "++971501234567",
        "+971+501234567",
        "+999501234567",
        "1" * 40,
        "050123456\x007",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(phones.PhoneRefused) as refused:
        phones.parse(text, country="AE")
    assert refused.value.code == "phone_invalid"


@pytest.mark.parametrize("text", ["800 12345", "+44 909 879 0000"])
def test_numbers_of_services_are_refused(text: str) -> None:
    with pytest.raises(phones.PhoneRefused) as refused:
        phones.parse(text, country="AE")
    assert refused.value.code == "phone_not_personal"


def test_a_landline_is_no_mobile() -> None:
    with pytest.raises(phones.PhoneRefused) as refused:
        phones.parse_mobile("04 229 1234", country="AE")
    assert refused.value.code == "phone_not_mobile"
    assert phones.parse_mobile("0501234567", country="AE") == DUBAI_MOBILE
    assert phones.parse_mobile("+12025550123", country="AE").mobile is True


@pytest.mark.parametrize(("country", "kind", "example"), EXAMPLES)
def test_every_gulf_country_is_read_in_all_its_forms(
    country: str, kind: str, example: phonenumbers.PhoneNumber
) -> None:
    for form in (
        phonenumbers.PhoneNumberFormat.NATIONAL,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.E164,
    ):
        text = phonenumbers.format_number(example, form)
        for written in (text, digits.to_arabic_indic(text)):
            phone = phones.parse(written, country=country)
            assert (phone.country, phone.kind) == (country, kind)


@steady
@given(st.integers(0, 9_999_999), st.sampled_from(["AE", "SA", "KW"]))
def test_reading_what_is_shown_gives_the_same_number(tail: int, reader: str) -> None:
    phone = phones.parse(f"+97150{tail:07d}", country="SA")
    assert phone.e164 == f"+97150{tail:07d}"
    assert phones.parse(phones.display(phone.e164, country=reader), country=reader) == phone


@steady
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        phone = phones.parse(text, country="AE")
    except phones.PhoneRefused:
        return
    assert phones.parse(phone.e164, country="SA") == phone


def test_a_number_is_national_at_home_and_international_abroad() -> None:
    assert phones.display("+971501234567", country="AE") == "050 123 4567"
    assert phones.display("+971501234567", country="SA") == "+971 50 123 4567"


def test_a_number_no_longer_valid_is_still_shown() -> None:
    assert phones.display("+971600123456", country="SA") == "+971 600 123456"


def test_showing_what_is_no_e164_number_is_a_bug() -> None:
    with pytest.raises(ValueError, match=r"not an E\.164"):
        phones.display("0501234567", country="AE")


def test_calling_codes() -> None:
    codes = [phones.calling_code(country) for country in phones.GULF]
    assert codes == ["+971", "+966", "+965", "+973", "+968", "+974"]
    with pytest.raises(LookupError):
        phones.calling_code("ZZ")
