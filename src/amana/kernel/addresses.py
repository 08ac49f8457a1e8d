"""Tell which network address a request came from, behind proxies too, and keep no more of it than a network."""

import ipaddress
from collections.abc import Sequence
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

# A whole neighbourhood may stand behind one truncated address: a shop's Wi-Fi, a mobile carrier.
PREFIXES: Final = {4: 24, 6: 48}


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Return the address a request came from: the first, read from the right, that is no trusted proxy's.

    `peer` is who holds the connection, `forwarded_for` the `X-Forwarded-For` header or headers, joined by
    commas; anybody may write into its left end, so nothing left of the first stranger is looked at. What a
    trusted proxy names unreadably (`unknown`) leaves that proxy's own address. Empty where `peer` is none.
    """
    found = parse(peer)
    if found is None:
        return ""
    for hop in reversed(forwarded_for.split(",")):
        before = parse(hop)
        if before is None or not lies_in(found, trusted):
            break
        found = before
    return str(found)


def truncated(address: str) -> str:
    """Return the network an address lies in, `192.0.2.0/24` or `2001:db8:1::/48`; empty for what is none."""
    found = parse(address)
    if found is None:
        return ""
    return str(ipaddress.ip_network((found, PREFIXES[found.version]), strict=False))


def networks(text: str) -> tuple[Network, ...]:
    """Read networks and addresses separated by commas: `10.0.0.0/8, 2001:db8::1`.

    Raises ValueError for what is neither.
    """
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def lies_in(address: Address, among: Sequence[Network]) -> bool:
    """Tell whether an address lies in one of the networks."""
    return any(address in network for network in among)


def parse(text: str) -> Address | None:
    """Read an address, with or without a port or a zone; one of IPv4 written as IPv6 is one of IPv4."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
