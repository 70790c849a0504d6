"""Where things stand on paper, in millimetres from the top left corner of the page."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from honrai.platform.errors import Invalid

POINT = 25.4 / 72
A4 = (210.0, 297.0)
BAR_CODE = (26.0, 64.0)
"""Left and top of the customer bar code: straight below the addressee's name of the standard letter."""
BAR_POINTS = 9
"""Size of the bar code in points.

Source: 日本郵便「郵便番号・バーコードマニュアル」 カスタマバーコードの寸法 (8 <= a <= 11.5).
"""
QUIET = 2.0
"""White to be kept around the bar code, also when the sheet slides in its envelope (same manual, 印字位置)."""
SEAL_SIDE = 18.0
"""Side of the place for a seal that the standard letter draws."""
STAMP = (148.0, 8.0, 34.0)
"""Left, top and width of the receipt stamp on a page of A4."""
CROSSES = ((20.0, 20.0), (190.0, 277.0))
"""Where the ruler sheet has its two crosses."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page: left, top, width, height in mm."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    def holds(self, other: "Box", *, margin: float = 0.0) -> bool:
        """Say whether the other box lies inside with at least `margin` mm on all sides."""
        return (
            self.x + margin <= other.x
            and self.y + margin <= other.y
            and other.right <= self.right - margin
            and other.bottom <= self.bottom - margin
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """A window envelope: what it is called, weighs and holds, its class of size, its window and how far a sheet may slide."""

    code: str
    title: str
    grams: int
    most_sheets: int
    size: str
    window: Box
    play: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Grams of a sheet, a card, an enclosure; the upper limits of the classes by size."""

    sheet: int
    card: int
    enclosure: int
    classes: dict[str, list[int]]


@cache
def envelopes() -> dict[str, Envelope]:
    """Return the envelopes by code."""
    return {
        one["code"]: Envelope(**(one | {"window": Box(**one["window"])})) for one in _data("envelopes")["envelopes"]
    }


def envelope(code: str) -> Envelope:
    """Return one envelope.

    Raises:
        Invalid: there is none of this code.
    """
    if code not in envelopes():
        raise Invalid("封筒を選んでください")
    return envelopes()[code]


@cache
def weights() -> Weights:
    """Return what sheets, cards and enclosures weigh, and the classes of mail."""
    data = _data("envelopes")
    return Weights(data["sheet_grams"], data["card_grams"], data["enclosure_grams"], data["classes"])


@cache
def stocks() -> dict[str, dict[str, Any]]:
    """Return the kinds of pre-printed stock by code: title, digits of a number."""
    return {one["code"]: one for one in _data("stocks")["stocks"]}


def _data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((files("honrai.contact") / "data" / f"{name}.yaml").read_text("utf-8"))
    return found
