"""Which addresses are public: reachable by everybody, so that fetching from them gives a feed no more than it has."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's platform services, on a public address
        "192.0.0.0/24",  # IETF assignments, among them Oracle's metadata service; older Pythons call most of it global
        "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
        "fec0::/10",  # site-local, deprecated (RFC 3879), still routed inside some sites
        "64:ff9b:1::/48",  # local-use NAT64 (RFC 8215)
        "2002::/16",  # 6to4: carries any IPv4 address inside
        "2001::/32",  # Teredo: likewise
    )
)


def is_public(address: str) -> bool:
    """Whether the address is neither private, loopback, link-local, multicast, reserved nor a cloud's metadata service.

    IPv4 addresses inside IPv6 ones (mapped, NAT64) are judged as what they lead to. What is no address is not public.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    parsed = _embedded(parsed)
    if any(parsed in network for network in _REFUSED if network.version == parsed.version):
        return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved and not parsed.is_unspecified


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
