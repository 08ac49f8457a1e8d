"""Dates of birth, as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel import births, digits
from tests.kernel.properties import steady

TODAY = date(2026, 11, 22)
CHRISTMAS = date(1990, 12, 25)


@pytest.mark.parametrize(
    "text",
    [
        "1990-12-25",
        "1990/12/25",
        "25/12/1990",
        "25-12-1990",
        "25.12.1990",
        "25 12 1990",
        "25 / 12 / 1990",
        " 25/12/1990\n",
        "٢٥/١٢/١٩٩٠",
        "١٩٩٠-١٢-٢٥",
        "۲۵/۱۲/۱۹۹۰",
        "٢٥؍١٢؍١٩٩٠",
        "٢٥\u200f/١٢\u200f/١٩٩٠",  # as Arabic systems print short dates
        "25 ديسمبر 1990",
        "٢٥ ديسمبر ١٩٩٠",
        "25 ديسمبر، 1990",
        "25 كانون الأول 1990",
        "25 كانون الاول 1990",
        "25 Dec 1990",
        "25-Dec-1990",
        "25th December 1990",
        "Dec 25, 1990",
        "December 25th, 1990",
        "25DEC1990",
    ],
)
def test_one_day_in_many_spellings(text: str) -> None:
    assert births.parse(text, today=TODAY) == CHRISTMAS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "birth_date_unreadable"),
        ("25/12/90", "birth_date_unreadable"),
        ("25/12", "birth_date_unreadable"),
        ("1990", "birth_date_unreadable"),
        ("25121990", "birth_date_unreadable"),
        ("25/12-1990", "birth_date_unreadable"),
        ("25 Brumaire 1990", "birth_date_unreadable"),
        ("25/12/1990 08:00", "birth_date_unreadable"),
        ("1990-12-25T00:00:00Z", "birth_date_unreadable"),
        ("yesterday", "birth_date_unreadable"),
        ("0000-01-01", "birth_date_unreadable"),
        ("12/25/1990", "birth_date_impossible"),
        ("31/04/1990", "birth_date_impossible"),
        ("29/02/2001", "birth_date_impossible"),
        ("00/01/1990", "birth_date_impossible"),
        ("1990-13-01", "birth_date_impossible"),
        ("23/11/2026", "birth_date_future"),
        ("01/01/9999", "birth_date_future"),
        ("22/11/1905", "birth_date_too_old"),
        ("01/01/1600", "birth_date_too_old"),
        ("15/03/1410", "birth_date_hijri"),
        ("١٤١٠/٣/١٥", "birth_date_hijri"),
    ],
)
def test_what_is_no_birth_date_is_refused(text: str, code: str) -> None:
    with pytest.raises(births.BirthDateRefused) as refused:
        births.parse(text, today=TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize("born", [TODAY, date(1906, 11, 22), date(1905, 11, 23), date(2024, 2, 29)])
def test_the_limits_themselves_are_accepted(born: date) -> None:
    assert births.parse(born.isoformat(), today=TODAY) == born


@steady
@given(st.dates(date(1906, 11, 23), TODAY))
def test_every_possible_day_is_read_in_every_form(born: date) -> None:
    forms = (
        f"{born:%Y-%m-%d}",
        f"{born:%d/%m/%Y}",
        f"{born.day}.{born.month}.{born.year}",
        f"{born:%d %B %Y}",
    )
    for form in forms:
        assert births.parse(form, today=TODAY) == born
        assert births.parse(digits.to_arabic_indic(form), today=TODAY) == born


@steady
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        born = births.parse(text, today=TODAY)
    except births.BirthDateRefused:
        return
    assert births.parse(born.isoformat(), today=TODAY) == born


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1990, 12, 25), date(2026, 12, 24), 35),
        (date(1990, 12, 25), date(2026, 12, 25), 36),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (TODAY, TODAY, 0),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert births.age_on(day, born=born) == age


@steady
@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 40_000))
def test_the_age_is_the_number_of_birthdays_passed(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    birthdays = [_birthday(born, year) for year in range(born.year + 1, day.year + 1)]
    assert births.age_on(day, born=born) == sum(birthday <= day for birthday in birthdays)


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def test_no_age_before_birth() -> None:
    with pytest.raises(ValueError, match="birth"):
        births.age_on(TODAY, born=TODAY + timedelta(days=1))


def test_the_birth_year_is_the_coarse_fact() -> None:
    assert births.birth_year(CHRISTMAS) == 1990
