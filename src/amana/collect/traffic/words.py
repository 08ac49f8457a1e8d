"""Names of countries, languages, kinds of device, spans of time, in the reader's language and digits."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote

from babel import Locale
from django.utils.translation import gettext as _

from amana.collect.traffic.periods import EPOCH, Step
from amana.kernel import dates, digits
from amana.kernel.text import Language, reader_language
from amana.policy import queries as policy

_LOCALES = {"ar": Locale("ar"), "en": Locale("en")}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom figures are written: a language, and the retailer's country with its digits."""

    language: Language
    country: str

    def span(self, milliseconds: int | float | None) -> str:
        """Write how long something took: `1 h 5 min`, `2 min 5 s`; a dash where nobody knows."""
        if milliseconds is None:
            return "–"
        seconds = round(milliseconds / 1000)
        hours, minutes = divmod(seconds // 60, 60)
        if hours:
            # Translators: hours and minutes, as short as can be.
            text = _("%(hours)s h %(minutes)s min") % {"hours": f"{hours:,}", "minutes": minutes}
        elif minutes:
            text = _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": seconds % 60}
        else:
            text = _("%(seconds)s s") % {"seconds": seconds}
        return digits.localise(text, country=self.country, language=self.language)

    def tenths(self, number: float) -> str:
        """Write a number with one place after the point."""
        exact = Decimal(f"{number:.1f}")
        return digits.format_number(exact, country=self.country, language=self.language)

    def bucket(self, number: int, step: Step) -> str:
        """Write an hour, day or month of a chart."""
        if step == "month":
            month = dt.date(number // 12, number % 12 + 1, 1)
            name = _LOCALES[self.language].months["stand-alone"]["abbreviated"][month.month]
            return self.digits(f"{name} {month.year % 100:02}")
        if step == "day":
            day = EPOCH + dt.timedelta(days=number)
            name = _LOCALES[self.language].months["format"]["abbreviated"][day.month]
            return self.digits(f"{day.day} {name}")
        return self.digits(f"{number % 24}:00")

    def day(self, day: dt.date) -> str:
        """Write a day."""
        return dates.long_date(day, country=self.country, language=self.language)

    def nation(self, code: str) -> str:
        """Name a country (ISO 3166-1)."""
        return _LOCALES[self.language].territories.get(code, code) if code else _("Unknown")

    def tongue(self, code: str) -> str:
        """Name a language (ISO 639)."""
        return _LOCALES[self.language].languages.get(code, code) if code else _("Unknown")

    def digits(self, text: str) -> str:
        """Write the digits of a text as the reader does."""
        return digits.localise(text, country=self.country, language=self.language)


def reader() -> Reader:
    """Return for whom the page being made is written."""
    language = reader_language()
    return Reader(language, policy.current().policy.controller.country)


def device(kind: str) -> str:
    """Name a kind of device."""
    known = {"phone": _("Phones"), "tablet": _("Tablets"), "computer": _("Computers")}
    return known.get(kind, _("Other devices"))


def referrer(host: str) -> str:
    """Name where visits came from."""
    return host or _("Direct, or not told")


def path(written: str) -> str:
    """Write a path as people read it: `/ar/عبايات`, not `%D8%B9…`."""
    return unquote(written) or "/"


def happening(name: str) -> str:
    """Name an event as the policy words it, or by its own name."""
    language = reader().language
    known = policy.current().policy.website.events.get(name)
    return known.wording.in_(language) if known else name
