"""The demo's made-up shoppers: the same every time, and what they say is what a survey takes."""

import datetime as dt

import pytest

from amana.cli.synthetic import shopper
from amana.kernel import births, emails, phones
from amana.surveys.places import CITIES

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize("country", ["AE", "SA"])
def test_every_value_is_in_the_form_the_survey_keeps(country: str) -> None:
    for number in range(500):
        values = shopper(number, country=country).values
        assert emails.parse(values["email"]) == values["email"]
        assert values["email"].endswith(".example")
        if "mobile" in values:
            assert phones.parse_mobile(values["mobile"], country=country).e164 == values["mobile"]
        if "birth_date" in values:
            assert births.parse(values["birth_date"], today=TODAY).isoformat() == values["birth_date"]
        assert values.get("city", "dubai" if country == "AE" else "riyadh") in CITIES[country]


def test_they_are_the_same_every_time() -> None:
    assert shopper(7, country="SA") == shopper(7, country="SA")
    ticked = [shopper(n, country="SA").ticks("marketing", "email") for n in range(50)]
    assert ticked == [shopper(n, country="SA").ticks("marketing", "email") for n in range(50)]


def test_addresses_and_numbers_are_each_ones_own() -> None:
    people = [shopper(n, country=("AE", "SA")[n % 2]) for n in range(2000)]
    assert len({person.values["email"] for person in people}) == 2000
    mobiles = [person.values["mobile"] for person in people if "mobile" in person.values]
    assert len(set(mobiles)) == len(mobiles)


def test_about_seven_in_ten_confirm() -> None:
    confirming = sum(shopper(n, country="AE").confirms for n in range(2000))
    assert 1300 < confirming < 1500
