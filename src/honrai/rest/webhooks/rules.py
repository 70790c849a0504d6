"""What is sent, how it is signed, and which addresses it may go to. Pure."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

TOLERANCE_SECONDS = 300


def body_of(*, delivery: int, event: str, entry: int, at: datetime, case: int | None) -> bytes:
    """Return the notice as JSON: ids and times, never what a case says or whom it is about."""
    said = {"delivery": delivery, "event": event, "entry": entry, "at": at.isoformat(), "case": case}
    return json.dumps(said, separators=(",", ":")).encode()


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the header `Honrai-Signature`: `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`."""
    made = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={made}"


def is_signed(secret: str, header: str, body: bytes, *, now: int) -> bool:
    """Say whether a notice is genuine and fresh, as the receiver checks it.

    Args:
        secret: as shown when the subscription was made.
        header: `Honrai-Signature`.
        body: the bytes received.
        now: the receiver's clock, in seconds.
    """
    parts = dict(one.partition("=")[::2] for one in header.split(","))
    stamp = parts.get("t", "")
    if not (stamp.isascii() and stamp.isdigit()) or abs(now - int(stamp)) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(signature(secret, int(stamp), body), header)


def why_not_url(url: str) -> str | None:
    """Say why nothing may be sent to an address as written; None where nothing is against it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "送り先のアドレスが読めません"
    if parts.scheme != "https" or not parts.hostname:
        return "送り先は https:// で始まるアドレスにしてください"
    if parts.username is not None or parts.fragment or port == 0 or not url.isascii() or len(url) > 400:
        return "送り先に、利用者名・「#」以降・全角文字は使えません"
    if any(char.isspace() or ord(char) < 32 for char in url):
        return "送り先に空白は使えません"
    return None


def why_not_address(address: str, allowed: Iterable[str]) -> str | None:
    """Say why nothing may be sent to an IP address; None for addresses of the internet and of networks the city allowed.

    Args:
        address: as the name server gave it.
        allowed: inner networks of the city.
    """
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_global and not found.is_multicast:
        return None
    if any(found.version == ip_network(one).version and found in ip_network(one) for one in allowed):
        return None
    return "庁内・私用のアドレスには送れません。必要なら、市の担当が庁内ネットワークとして許可してください"
