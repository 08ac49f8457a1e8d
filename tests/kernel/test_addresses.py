"""Who asks, behind proxies too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel import addresses
from tests.kernel.properties import steady

PROXIES = addresses.networks("10.0.0.0/8, 127.0.0.1, 2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.66, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.66,198.51.100.1:41234", "198.51.100.1"),
        ("::ffff:127.0.0.1", "[2001:db8:1::5]:443", "2001:db8:1::5"),
        ("2001:db8:ffff::1", "2001:db8:1::5", "2001:db8:1::5"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, unknown, 10.0.0.9", "10.0.0.9"),
        ("", "198.51.100.1", ""),
        ("unix:", "198.51.100.1", ""),
    ],
)
def test_the_first_stranger_from_the_right_is_the_client(peer: str, forwarded_for: str, client: str) -> None:
    assert addresses.client_address(peer, forwarded_for, PROXIES) == client


def test_nobody_is_believed_where_no_proxy_is_named() -> None:
    assert addresses.client_address("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"


@steady
@given(st.text(alphabet="0123456789.:abcdef, []%unkow", max_size=60))
def test_what_a_stranger_writes_to_the_left_of_its_address_changes_nothing(forged: str) -> None:
    assert addresses.client_address("10.0.0.1", f"{forged}, 198.51.100.1", PROXIES) == "198.51.100.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_no_more_than_a_network_is_kept(address: str, network: str) -> None:
    assert addresses.truncated(address) == network


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "proxy.example", "10.0.0.0/40"])
def test_a_wrong_network_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        addresses.networks(wrong)
