"""Write dates and times for people, in their language, their country's digits and its own time.

Dates are Gregorian by CLDR's patterns; the Hijri dates beside them follow Umm al-Qura, the civil calendar of
Saudi Arabia. Naive moments raise ValueError.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import inf
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
from hijridate import Gregorian

from amana.kernel import clock
from amana.kernel.digits import localise
from amana.kernel.text import Bilingual, Language

# English as written in the Gulf: day before month, twelve-hour clock.
_ENGLISH = Locale("en", "AE")
_ARABIC = Locale("ar")
_NOW = Bilingual(ar="الآن", en="just now")
_COMMA = Bilingual(ar="، ", en=", ")
_HIJRI_ERA = Bilingual(ar="هـ", en="AH")
_UNITS: tuple[tuple[Literal["year", "month", "day", "hour", "minute"], int], ...] = (
    ("year", 365 * 86_400),
    ("month", 30 * 86_400),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
)
_SPACE = re.compile(r"\s")
_HIJRI_FIRST, _HIJRI_LAST = date(1924, 8, 1), date(2077, 11, 16)


def long_date(day: date, *, country: str, language: Language) -> str:
    """Write a day with its month's name: `22 November 2026`, `٢٢ نوفمبر ٢٠٢٦` in Saudi Arabia."""
    return _date(day, "long", country, language)


def short_date(day: date, *, country: str, language: Language) -> str:
    """Write a day in numbers, day first: `22/11/2026`. In Arabic with the direction marks of CLDR."""
    return _date(day, "short", country, language)


def find_hijri_date(day: date, *, country: str, language: Language) -> str | None:
    """Write a day in the Umm al-Qura calendar: `12 Jumada al-Akhirah 1448 AH`.

    None before 1 August 1924 and after 16 November 2077, which the published tables do not cover.
    """
    if not _HIJRI_FIRST <= day <= _HIJRI_LAST:
        return None
    hijri = Gregorian.fromdate(day).to_hijri()
    written = f"{hijri.day} {hijri.month_name(language)} {hijri.year} {_HIJRI_ERA.in_(language)}"
    return localise(written, country=country, language=language)


def both_dates(day: date, *, country: str, language: Language) -> str:
    """Write the Gregorian date with the Hijri one beside it, or alone where there is none."""
    gregorian = long_date(day, country=country, language=language)
    hijri = find_hijri_date(day, country=country, language=language)
    if hijri is None:
        return gregorian
    # Arabic names both calendars when both stand there; English needs to name only the other one.
    return f"{gregorian} م ({hijri})" if language == "ar" else f"{gregorian} ({hijri})"


def time_of_day(at: datetime, *, country: str, language: Language) -> str:
    """Write the time of a moment: `4:05 PM`, `4:05 م`. Its parts are held together by a no-break space."""
    written = format_time(_local(at, country), "short", locale=_locale(country, language))
    return localise(_SPACE.sub("\u00a0", written), country=country, language=language)


def long_moment(at: datetime, *, country: str, language: Language) -> str:
    """Write a moment's day, with the month's name, and time."""
    day = long_date(_local(at, country).date(), country=country, language=language)
    return f"{day}{_COMMA.in_(language)}{time_of_day(at, country=country, language=language)}"


def relative(at: datetime, *, now: datetime, country: str, language: Language) -> str:
    """Write how long ago a moment was, or how far off it is, in whole units rounded down, by CLDR's plurals.

    `3 days ago`, `قبل يومين`; under a minute it is `just now`. A month counts 30 days here, a year 365.
    """
    seconds = (at - now).total_seconds()
    for unit, length in _UNITS:
        count = int(abs(seconds) // length)
        if count:
            span = timedelta(seconds=count * length if seconds > 0 else -count * length)
            # Beyond every threshold, Babel keeps to the unit it is given.
            written = format_timedelta(
                span, granularity=unit, threshold=inf, add_direction=True, locale=_locale(country, language)
            )
            return localise(written, country=country, language=language)
    return _NOW.in_(language)


def _date(day: date, length: Literal["short", "long"], country: str, language: Language) -> str:
    written = format_date(day, length, locale=_locale(country, language))
    return localise(written, country=country, language=language)


def _local(at: datetime, country: str) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a moment without a time zone")
    return at.astimezone(clock.zone(country))


@lru_cache(maxsize=64)
def _locale(country: str, language: Language) -> Locale:
    if language == "en":
        return _ENGLISH
    try:
        return Locale("ar", country.upper())
    except UnknownLocaleError:
        return _ARABIC
