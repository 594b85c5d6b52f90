"""Which addresses of the web are fetched: http and https, and only of machines that anybody can reach."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from kg.errors import FetchError

_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?")
_KEPT = "%/:=&?~+!$,;'@()*|"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """A page's address, taken apart: ``url`` is all of it, ``target`` what a server is asked for."""

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def site(self) -> str:
        """Return the address of the site, as browsers tell sites apart."""
        return self.url[: len(self.url) - len(self.target)]


def parse(url: str) -> Address:
    """Return an address in its one way of being written.

    >>> parse(" HTTP://WWW.Qingchuan.gov.cn:80/a b/报告.html#top").url
    'http://www.qingchuan.gov.cn/a%20b/%E6%8A%A5%E5%91%8A.html'

    Raises:
        FetchError: it is no address that is fetched.

    """
    text = url.strip()
    try:
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "")
        host = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError) as error:
        raise FetchError(text, "address", "it cannot be read as an address", "correct it") from error
    if parts.scheme not in _PORTS:
        problem = f"it is no http or https address ({(parts.scheme or text)[:20]!r})"
        raise FetchError(text, "address", problem, "give one like https://www.gov.cn/page.html")
    if parts.username is not None or parts.password is not None:
        raise FetchError(parts.hostname or "", "address", "the address holds a user name", "leave it out")
    literal = _literal(host)
    if not literal and not _NAME.fullmatch(host):
        raise FetchError(text, "address", f"{host!r} is no name of a machine", "correct the address")
    number = _PORTS[parts.scheme] if port is None else port
    place = f"[{host}]" if ":" in host else host
    place += f":{number}" if number != _PORTS[parts.scheme] else ""
    target = quote(parts.path or "/", safe=_KEPT) + (
        f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    )
    target = target if target.startswith("/") else f"/{target}"
    return Address(f"{parts.scheme}://{place}{target}", parts.scheme, host, number, target)


def _literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def reachable(address: Address, private: bool) -> list[str]:
    """Return the IP addresses to connect to, in order; without ``private`` only those that anybody can reach.

    Raises:
        FetchError: the name is not known, or means machines of a private network only.

    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        again = getattr(error, "errno", None) == socket.EAI_AGAIN
        problem = f"the name {address.host} cannot be resolved ({getattr(error, 'strerror', None) or error})"
        raise FetchError(address.url, "dns", problem, "check the address", again=again) from error
    hosts = list(dict.fromkeys(str(item[4][0]) for item in found))
    kept = [host for host in hosts if private or is_public(host)]
    if not kept:
        problem = f"{address.host} is {hosts[0]}, an address of a private network or of this machine"
        advice = "if you mean to read your own network, say so with --allow-private"
        raise FetchError(address.url, "private", problem, advice)
    return kept


def is_public(host: str) -> bool:
    """Tell whether an IP address is one of the public internet, and hides no other that is not.

    >>> is_public("127.0.0.1"), is_public("::ffff:10.0.0.1"), is_public("64:ff9b::7f00:1")
    (False, False, False)
    >>> is_public("8.8.8.8"), is_public("2400:3200::1")
    (True, True)
    """
    address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        inner = [address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(is_public(str(item)) for item in inner if item is not None):
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    )
