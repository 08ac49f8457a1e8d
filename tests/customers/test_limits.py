"""Slowing down: by network, by the hour, without keeping where anybody came from."""

import datetime as dt

import pytest

from amana.customers import limits
from amana.customers.models import Visit
from amana.kernel import addresses, clock

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_n1_addresses_are_cut_short(address: str, network: str) -> None:
    assert addresses.truncated(address) == network


@pytest.mark.django_db
def test_the_hour_begins_anew() -> None:
    with clock.fixed(NOON):
        limits.check(act="survey", address="192.0.2.1", most=1)
        with pytest.raises(limits.TooManyVisits):
            limits.check(act="survey", address="192.0.2.2", most=1)
        limits.check(act="preferences", address="192.0.2.2", most=1)
    with clock.fixed(NOON + dt.timedelta(hours=1)):
        limits.check(act="survey", address="192.0.2.1", most=1)
        assert Visit.objects.count() == 1


@pytest.mark.django_db
def test_n1_no_address_is_kept() -> None:
    with clock.fixed(NOON):
        limits.check(act="survey", address="192.0.2.1", most=1)
    [kept] = Visit.objects.all()
    assert (len(kept.digest), bytes(kept.digest).count(b"192")) == (32, 0)


@pytest.mark.django_db
def test_without_an_address_nothing_is_counted() -> None:
    limits.check(act="survey", address="", most=0)
    assert Visit.objects.count() == 0
