"""The clock can be held, here only, and countries keep their own time."""

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from amana.kernel import clock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo == UTC


def test_a_fixed_clock_stands_still_and_goes_on_afterwards() -> None:
    with clock.fixed(NOON):
        assert clock.now() == NOON
        with clock.fixed(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_a_fixed_clock_answers_in_utc() -> None:
    with clock.fixed(datetime(2026, 11, 22, 16, 0, tzinfo=timezone(timedelta(hours=4)))):
        assert (clock.now(), clock.now().tzinfo) == (NOON, UTC)


def test_a_fixed_clock_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), clock.fixed(NOON):
        raise KeyError
    assert clock.now() != NOON


def test_other_threads_keep_the_real_time() -> None:
    seen: list[datetime] = []
    with clock.fixed(NOON):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert [at == NOON for at in seen] == [False]


def test_a_moment_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.fixed(NOON.replace(tzinfo=None)):
        pass


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("AE", "Asia/Dubai"),
        ("SA", "Asia/Riyadh"),
        ("KW", "Asia/Kuwait"),
        ("BH", "Asia/Bahrain"),
        ("OM", "Asia/Muscat"),
        ("QA", "Asia/Qatar"),
        ("sa", "Asia/Riyadh"),
        ("EG", "Africa/Cairo"),
    ],
)
def test_each_country_has_its_zone(country: str, zone: str) -> None:
    assert clock.zone(country).key == zone


@pytest.mark.parametrize("country", ["US", "ZZ", ""])
def test_a_country_without_one_zone_is_refused(country: str) -> None:
    with pytest.raises(LookupError):
        clock.zone(country)


def test_today_is_the_countrys_own() -> None:
    with clock.fixed(datetime(2026, 11, 22, 20, 30, tzinfo=UTC)):
        assert clock.today("AE") == date(2026, 11, 23)
        assert clock.today("SA") == date(2026, 11, 22)
