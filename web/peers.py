"""Where a request comes from: what is kept of an address, and what limits count by."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import HTTPConnection

from resolvers.context import Peer
from web.access_log import request_id


def peer_of(connection: HTTPConnection) -> Peer:
    """The caller's place; behind a proxy the server has put the real address in its place already."""
    host, agent = host_of(connection), connection.headers.get("user-agent", "")
    return Peer(masked(host), agent, request_id(connection.scope), counted(host))


def host_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def masked(host: str) -> str:
    """An address without its last part: enough to recognise a place, too little to find a person."""
    match _address(host):
        case None:
            return ""
        case IPv4Address() as address:
            return str(address).rpartition(".")[0] + ".0"
        case address:
            return ":".join(address.exploded.split(":")[:4]) + "::"


def counted(host: str) -> str:
    """One subscriber has a whole /64 of IPv6, so that its addresses are one; of IPv4 one address."""
    match _address(host):
        case None:
            return host
        case IPv4Address() as address:
            return str(address)
        case _:
            return masked(host)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
