"""Write figures, days, phones and prices for whoever reads the page: their language, their country's digits."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_name, get_currency_precision

from amana.kernel import clock, dates, digits, phones
from amana.kernel.refusal import Refusal
from amana.kernel.text import Language
from amana.policy import queries

# Before a policy names its controller.
COUNTRY = "AE"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a page is made for: a language, and the country whose digits and calendar they read."""

    language: Language
    country: str

    def number(self, value: int | Decimal) -> str:
        """Write a number with its separators."""
        return digits.format_number(value, country=self.country, language=self.language)

    def percent(self, share: float | Decimal) -> str:
        """Write a share of one (0.87) in whole per cent; above none and below all it never says 0 or 100."""
        hundredths = round(share * 100)
        if 0 < share < 1:
            hundredths = min(max(hundredths, 1), 99)
        sign = "٪" if digits.digits_for(self.country, self.language) == "arab" else "%"
        return f"{self.number(hundredths)}{sign}"

    def day(self, value: dt.date | dt.datetime) -> str:
        """Write a day with its month's name; a moment's day is the one in the reader's country."""
        return dates.long_date(self._day(value), country=self.country, language=self.language)

    def both(self, value: dt.date | dt.datetime) -> str:
        """Write a day in the Gregorian calendar with the Hijri one beside it."""
        return dates.both_dates(self._day(value), country=self.country, language=self.language)

    def moment(self, at: dt.datetime) -> str:
        """Write a moment's day and time."""
        return dates.long_moment(at, country=self.country, language=self.language)

    def ago(self, at: dt.datetime) -> str:
        """Write how long ago a moment was, or how far off it is."""
        return dates.relative(at, now=clock.now(), country=self.country, language=self.language)

    def phone(self, e164: str) -> str:
        """Write an E.164 number as it is dialled, in Western digits; what is none stays as it is."""
        try:
            return phones.display(e164, country=self.country)
        except ValueError:
            return e164

    def price(self, amount: Decimal | int | str, currency: str) -> str:
        """Write an amount in Western digits with the currency's places (ISO 4217), then its name or code."""
        exact = Decimal(amount).quantize(Decimal(1).scaleb(-get_currency_precision(currency)))
        unit = get_currency_name(currency, locale="ar") if self.language == "ar" else currency
        return f"{exact:,}\u00a0{unit}"

    def _day(self, value: dt.date | dt.datetime) -> dt.date:
        return value.astimezone(clock.zone(self.country)).date() if isinstance(value, dt.datetime) else value


def home_country() -> str:
    """Return the country of the policy's controller (ISO 3166-1), whose customs pages follow by themselves."""
    try:
        return queries.current().policy.controller.country
    except Refusal:
        return COUNTRY
