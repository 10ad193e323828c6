"""Keeps a Python process off the network: only this machine's own addresses can be reached.

Python imports this file by itself at its start, where the folder stands on its path.
"""

import ipaddress
import socket
import sys

_NAMES = frozenset({"", "localhost", socket.gethostname()})
_EVENTS = frozenset(
    {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)


class OfflineError(RuntimeError):
    """Something wants to use the network; no OSError, which libraries take as a reason to try again."""


def _own(host: object) -> bool:
    """Say whether a host is this machine; an address that is no text is none of the internet's."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in _NAMES:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:  # a name to look up
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    host = arguments[0]
    if isinstance(host, socket.socket):  # a tuple for the internet, a path for a Unix socket, or nothing
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    if not _own(host):
        raise OfflineError(f"the tests may not use the network: {event} to {host}")


sys.addaudithook(_refuse)
