"""Dates and times, as each reader writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel import clock, dates
from amana.kernel.text import Language
from tests.kernel.properties import steady

DAY = date(2026, 11, 2)
AT = datetime(2026, 11, 2, 20, 5, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "language", "long", "short"),
    [
        ("AE", "ar", "2 نوفمبر 2026", "2\u200f/11\u200f/2026"),
        ("SA", "ar", "٢ نوفمبر ٢٠٢٦", "٢\u200f/١١\u200f/٢٠٢٦"),
        ("JO", "ar", "2 تشرين الثاني 2026", "2\u200f/11\u200f/2026"),
        ("DE", "ar", "2 نوفمبر 2026", "2\u200f/11\u200f/2026"),
        ("AE", "en", "2 November 2026", "02/11/2026"),
        ("SA", "en", "2 November 2026", "02/11/2026"),
        ("US", "en", "2 November 2026", "02/11/2026"),
    ],
)
def test_dates(country: str, language: Language, long: str, short: str) -> None:
    assert dates.long_date(DAY, country=country, language=language) == long
    assert dates.short_date(DAY, country=country, language=language) == short


@pytest.mark.parametrize(
    ("day", "country", "language", "written"),
    [
        (date(2026, 11, 22), "SA", "ar", "١٢ جمادى الآخرة ١٤٤٨ هـ"),
        (date(2026, 11, 22), "AE", "ar", "12 جمادى الآخرة 1448 هـ"),
        (date(2026, 11, 22), "SA", "en", "12 Jumada al-Akhirah 1448 AH"),
        # The first of Ramadan as announced by Umm al-Qura's calendar.
        (date(2024, 3, 11), "AE", "en", "1 Ramadan 1445 AH"),
        (date(2025, 3, 1), "AE", "en", "1 Ramadan 1446 AH"),
        (date(2026, 2, 18), "AE", "en", "1 Ramadan 1447 AH"),
        (date(1924, 8, 1), "AE", "en", "1 Muharram 1343 AH"),
        (date(2077, 11, 16), "AE", "en", "30 Dhu al-Hijjah 1500 AH"),
        (date(1924, 7, 31), "AE", "en", None),
        (date(2077, 11, 17), "AE", "en", None),
    ],
)
def test_hijri_dates(day: date, country: str, language: Language, written: str | None) -> None:
    assert dates.find_hijri_date(day, country=country, language=language) == written


@steady
@given(st.dates())
def test_every_day_can_be_written_with_its_hijri_date_or_alone(day: date) -> None:
    hijri = dates.find_hijri_date(day, country="SA", language="en")
    alone = dates.long_date(day, country="SA", language="en")
    assert dates.both_dates(day, country="SA", language="en") == (f"{alone} ({hijri})" if hijri else alone)


def test_both_dates() -> None:
    arabic = dates.both_dates(date(2026, 11, 22), country="SA", language="ar")
    assert arabic == "٢٢ نوفمبر ٢٠٢٦ م (١٢ جمادى الآخرة ١٤٤٨ هـ)"
    assert dates.both_dates(date(1920, 1, 2), country="SA", language="ar") == "٢ يناير ١٩٢٠"


@pytest.mark.parametrize(
    ("country", "language", "time", "long"),
    [
        ("AE", "ar", "12:05\u00a0ص", "3 نوفمبر 2026، 12:05\u00a0ص"),
        ("SA", "ar", "١١:٠٥\u00a0م", "٢ نوفمبر ٢٠٢٦، ١١:٠٥\u00a0م"),
        ("AE", "en", "12:05\u00a0AM", "3 November 2026, 12:05\u00a0AM"),
        ("SA", "en", "11:05\u00a0PM", "2 November 2026, 11:05\u00a0PM"),
    ],
)
def test_moments_are_told_in_the_countrys_time(
    country: str, language: Language, time: str, long: str
) -> None:
    assert dates.time_of_day(AT, country=country, language=language) == time
    assert dates.long_moment(AT, country=country, language=language) == long


def test_a_moment_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"):
        dates.long_moment(AT.replace(tzinfo=None), country="AE", language="ar")


@pytest.mark.parametrize(
    ("ago", "arabic", "english"),
    [
        (timedelta(0), "الآن", "just now"),
        (timedelta(seconds=59), "الآن", "just now"),
        (timedelta(minutes=1), "قبل دقيقة واحدة", "1 minute ago"),
        (timedelta(minutes=2, seconds=59), "قبل دقيقتين", "2 minutes ago"),
        (timedelta(minutes=59), "قبل ٥٩ دقيقة", "59 minutes ago"),
        (timedelta(hours=1), "قبل ساعة واحدة", "1 hour ago"),
        (timedelta(hours=3), "قبل ٣ ساعات", "3 hours ago"),
        (timedelta(days=1), "قبل يوم واحد", "1 day ago"),
        (timedelta(days=2), "قبل يومين", "2 days ago"),
        (timedelta(days=3), "قبل ٣ أيام", "3 days ago"),
        (timedelta(days=11), "قبل ١١ يومًا", "11 days ago"),
        (timedelta(days=29, hours=23), "قبل ٢٩ يومًا", "29 days ago"),
        (timedelta(days=90), "قبل ٣ أشهر", "3 months ago"),
        (timedelta(days=364), "قبل ١٢ شهرًا", "12 months ago"),
        (timedelta(days=730), "قبل سنتين", "2 years ago"),
        (timedelta(days=36_500), "قبل ١٠٠ سنة", "100 years ago"),
        (-timedelta(seconds=30), "الآن", "just now"),
        (-timedelta(hours=2), "خلال ساعتين", "in 2 hours"),
        (-timedelta(days=6), "خلال ٦ أيام", "in 6 days"),
    ],
)
def test_relative_times_follow_each_languages_plurals(ago: timedelta, arabic: str, english: str) -> None:
    assert dates.relative(AT - ago, now=AT, country="SA", language="ar") == arabic
    assert dates.relative(AT - ago, now=AT, country="SA", language="en") == english


def test_the_clock_gives_the_present_for_relative_times() -> None:
    with clock.fixed(AT):
        written = dates.relative(AT - timedelta(days=3), now=clock.now(), country="AE", language="ar")
    assert written == "قبل 3 أيام"
