"""Whether something sent to somebody touches the former household of a protected person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

#: Why a letter stands still, in words that tell nothing of where a protected person lives.
TOUCHES = {
    "case": "支援措置の対象の方の案件です",
    "subject": "支援措置の対象の方についての文書です",
    "address": "宛先が、支援措置の対象の方の元の住所です",
    "household": "宛名の人が、支援措置の対象の方の元の世帯にいます",
    "other": "宛名が、支援措置の相手方の氏名と同じです",
}

_SHORTEST = 5
_HYPHENS = ("-", "－", "‐", "−")


@dataclass(frozen=True, slots=True)
class Kept:
    """One protection as the rule needs it: numbers protected, folded place and names of the former household.

    Attributes:
        numbers: 宛名番号 of the protected.
        address: the former address as written, without spaces.
        place: its key, "" where it cannot be read.
        other: folded name of the other party.
        members: folded names of those who live in the former household now.
    """

    numbers: frozenset[str]
    address: str
    place: str
    other: str
    members: frozenset[str] = field(default_factory=frozenset)


def touched(
    kept: Iterable[Kept], *, subjects: frozenset[str], protected: bool, name: str, place: str, address: str
) -> tuple[str, ...]:
    """Return the keys of `TOUCHES` that hold, in their order.

    Args:
        kept: the protections in force.
        subjects: 宛名番号 the matter is about.
        protected: the case is flagged, or a subject lives in a protected household.
        name: folded name of the addressee, "" where there is none.
        place: key of the address it goes to.
        address: that address as written, without spaces.
    """
    found = {"case"} if protected else set()
    for one in kept:
        if subjects & one.numbers:
            found.add("subject")
        if (place and one.place and _same_place(place, one.place)) or (
            address and one.address and _same_place(address, one.address)
        ):
            found.add("address")
        if name and name in one.members:
            found.add("household")
        if name and name == one.other:
            found.add("other")
    return tuple(key for key in TOUCHES if key in found)


def _same_place(one: str, other: str) -> bool:
    """Say whether two addresses are one: either may carry a prefecture or a room the other lacks, not a longer number."""
    short, long = sorted((one, other), key=len)
    start = long.find(short)
    if start < 0 or len(short) < _SHORTEST:
        return False
    after = long[start + len(short) :][:1]
    return not (after.isdigit() or after in _HYPHENS)
