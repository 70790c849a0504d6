"""Events of the machine interface."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class KeyIssued(Event):
    """A key was granted; it works from when it is collected."""

    name: ClassVar[str] = "rest.key_issued"
    key: int
    holder: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeyCollected(Event):
    """The key was shown, once, to whom it was granted."""

    name: ClassVar[str] = "rest.key_collected"
    key: int


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(Event):
    """A key opens nothing any more."""

    name: ClassVar[str] = "rest.key_revoked"
    key: int


@dataclass(frozen=True, kw_only=True)
class Subscribed(Event):
    """Events are told to another system from now on."""

    name: ClassVar[str] = "rest.subscribed"
    key: int
    subscription: int


@dataclass(frozen=True, kw_only=True)
class Unsubscribed(Event):
    """Events are no longer told."""

    name: ClassVar[str] = "rest.unsubscribed"
    key: int
    subscription: int


@dataclass(frozen=True, kw_only=True)
class NetworkAllowed(Event):
    """An inner network may be told of events."""

    name: ClassVar[str] = "rest.network_allowed"
    network: str
