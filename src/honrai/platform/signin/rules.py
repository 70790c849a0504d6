"""How long a session is good for. Values only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """What a session is at a moment."""

    OPEN = "open"
    LOCKED = "locked"
    IDLE = "idle"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long: without a request until it locks, without one until it ends, and from sign-in until it ends in any case."""

    lock_after: timedelta
    end_after: timedelta
    absolute: timedelta


def standing(*, signed_in: datetime, seen: datetime, locked: bool, now: datetime, limits: Limits) -> Standing:
    """Return whether a session is open, locked (same person goes on with password or PIN), or ended and why.

    Args:
        signed_in: moment of sign-in.
        seen: moment of the last request that counted as use.
        locked: locked by hand or earlier idleness.
        now: the moment asked about; a limit is reached when it has passed in full.
        limits: the installation's limits.
    """
    if now - signed_in >= limits.absolute:
        return Standing.OVER
    if now - seen >= limits.end_after:
        return Standing.IDLE
    return Standing.LOCKED if locked or now - seen >= limits.lock_after else Standing.OPEN
