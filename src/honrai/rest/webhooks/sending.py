"""Sending one notice over HTTPS to exactly the address that was checked; redirects are not followed."""

import http.client
import socket
import ssl
from collections.abc import Collection
from urllib.parse import urlsplit

from honrai.rest.webhooks.rules import why_not_address, why_not_url

SECONDS = 5


class NotTaken(Exception):
    """The other side did not take the notice, or it may not be sent there; tried again later."""


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was checked, whatever the name says by now; the certificate must fit the name."""

    def __init__(self, name: str, port: int, address: str) -> None:
        super().__init__(name, port, timeout=SECONDS, context=ssl.create_default_context())
        self._address = address

    def connect(self) -> None:
        """Open the connection."""
        bare = socket.create_connection((self._address, self.port), SECONDS)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(bare, server_hostname=self.host)


def post(url: str, body: bytes, headers: dict[str, str], *, allowed: Collection[str]) -> int:
    """Send a body and return the status.

    Args:
        url: https address.
        body: JSON.
        headers: beside Content-Type.
        allowed: inner networks of the city notices may go to.

    Raises:
        NotTaken: the address may not be sent to, nobody answers, or the answer is not 2xx.
    """
    if why := why_not_url(url):
        raise NotTaken(why)
    parts = urlsplit(url)
    name, port = parts.hostname or "", parts.port or 443
    connection = _Pinned(name, port, _checked_address(name, port, allowed))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", "User-Agent": "honrai"} | headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotTaken(f"送り先が応答しません（{type(error).__name__}）") from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotTaken(f"送り先が{status}を返しました")
    return status


def _checked_address(name: str, port: int, allowed: Collection[str]) -> str:
    """Return the address to connect to; where a name has several, every one of them must be allowed."""
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise NotTaken("送り先の名前が引けません") from error
    for address in found:
        if why := why_not_address(address, allowed):
            raise NotTaken(why)
    return found[0]
