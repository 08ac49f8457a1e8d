"""Digits are read in any script and written as the country does."""

from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel import digits, phones
from amana.kernel.text import Language
from tests.kernel.properties import steady


@pytest.mark.parametrize(
    "written", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"]
)
def test_every_scripts_digits_are_read(written: str) -> None:
    assert digits.to_western(written) == "0123456789"


def test_what_only_looks_like_a_digit_stays() -> None:
    assert digits.to_western("a٣²½Ⅻ一") == "a3²½Ⅻ一"


@steady
@given(st.text(alphabet=st.characters(exclude_categories=["Nd"])))
def test_text_without_digits_stays_as_it_is(text: str) -> None:
    assert digits.to_western(text) == digits.to_arabic_indic(text) == text


@steady
@given(st.text(alphabet="0123456789 /-أب"))
def test_there_and_back(text: str) -> None:
    assert digits.to_western(digits.to_arabic_indic(text)) == text


@pytest.mark.parametrize("country", phones.GULF)
def test_the_gulfs_digits_are_those_of_cldr(country: str) -> None:
    assert digits.digits_for(country) == Locale("ar", country).default_numbering_system
    assert digits.digits_for(country, "en") == "latn"


def test_elsewhere_digits_are_western() -> None:
    assert digits.digits_for("DE") == "latn"


@pytest.mark.parametrize(
    ("number", "country", "language", "written"),
    [
        (0, "SA", "ar", "٠"),
        (12410, "SA", "ar", "١٢٬٤١٠"),
        (12410, "sa", "ar", "١٢٬٤١٠"),
        (Decimal("1234.5"), "SA", "ar", "١٬٢٣٤٫٥"),
        (-5, "SA", "ar", "-٥"),
        (12410, "AE", "ar", "12,410"),
        (12410, "SA", "en", "12,410"),
        (Decimal("0.123456789"), "AE", "en", "0.123456789"),
        (10**12, "SA", "ar", "١٬٠٠٠٬٠٠٠٬٠٠٠٬٠٠٠"),
    ],
)
def test_numbers(number: int | Decimal, country: str, language: Language, written: str) -> None:
    assert digits.format_number(number, country=country, language=language) == written


@steady
@given(st.integers(-(10**15), 10**15))
def test_a_written_number_can_be_read(number: int) -> None:
    written = digits.format_number(number, country="SA", language="ar")
    assert int(digits.to_western(written).replace("٬", "")) == number


def test_a_finished_text_takes_the_countrys_digits() -> None:
    assert digits.localise("خلال 3 أيام", country="SA", language="ar") == "خلال ٣ أيام"
    assert digits.localise("خلال 3 أيام", country="AE", language="ar") == "خلال 3 أيام"
    assert digits.localise("in 3 days", country="SA", language="en") == "in 3 days"
