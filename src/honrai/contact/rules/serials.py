"""Numbered forms: what must be there."""

from collections.abc import Iterable
from dataclasses import dataclass

from honrai.platform.errors import Invalid

WHAT = {"used": "使用", "spoiled": "書損", "returned": "返納"}
VOID = {"lost": "紛失", "returned": "回収", "replaced": "再交付"}


@dataclass(frozen=True, slots=True)
class Sum:
    """Received, used, spoiled, returned of one kind of form; what must be left."""

    received: int
    used: int
    spoiled: int
    returned: int

    @property
    def left(self) -> int:
        """How many must be in the drawer."""
        return self.received - self.used - self.spoiled - self.returned


def total(received: int, marks: Iterable[str]) -> Sum:
    """Return the sum over forms received and what became of them (`used`, `spoiled`, `returned`)."""
    found = list(marks)
    return Sum(received, *(found.count(what) for what in WHAT))


def why_not_range(first: int, last: int, taken: Iterable[tuple[int, int]], digits: int) -> str | None:
    """Return why a delivery cannot be received; None where it can.

    Args:
        first, last: its numbers.
        taken: (first, last) of what was received before.
        digits: how many digits a number has.
    """
    if not 0 < first <= last:
        return "番号は、はじめの番号からおわりの番号の順に入れてください"
    if len(str(last)) > digits:
        return f"番号は{digits}桁までです"
    if any(first <= end and start <= last for start, end in taken):
        return "すでに受け入れた番号と重なっています。納品書の番号を確かめてください"
    return None


def shown(serial: int, digits: int) -> str:
    """Return a number with its leading zeros."""
    return f"{serial:0{digits}d}"


def check_kind(code: str, known: Iterable[str]) -> str:
    """Return the code of a stock.

    Raises:
        Invalid: there is no such stock.
    """
    if code not in known:
        raise Invalid("用紙の種類を選んでください")
    return code
