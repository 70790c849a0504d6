"""What a field looks like on paper: for each type its boxes and the words beside them, within the answer column."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from honrai.procedures.rules.model import Field

#: Width of the answer column, of a comb cell, of a tick box, and the least height of a row (mm).
COLUMN = 130.0
CELL = 6.0
TICK = 4.0
ROW = 8.4
_PAD = 2.0
_POINT = 0.3528
_ERAS = ("令和", "平成", "昭和", "大正")
#: Characters a comb of each type offers, and the width of a cell.
COMBS: Mapping[str, tuple[int, float]] = MappingProxyType(
    {
        "kana": (21, CELL),
        "account_holder": (24, 5.2),
        "whole": (7, CELL),
        "yen": (9, CELL),
        "phone": (11, CELL),
        "postcode": (7, CELL),
        "insurer_number": (8, CELL),
        "beneficiary_number": (7, CELL),
        "institution_code": (10, CELL),
        "bank_code": (4, CELL),
        "branch_code": (3, CELL),
        "account_number": (7, CELL),
        "yucho_symbol": (5, CELL),
        "yucho_number": (8, CELL),
        "notice_number": (15, CELL),
        "corporate_number": (13, CELL),
    }
)
#: Types whose figures stand at the right end of their comb.
RIGHT = frozenset({"yen", "whole", "yucho_number", "account_number"})
_HEIGHTS = {"address": 13.0, "long_text": 30.0, "signature": 12.0, "person_name": 10.0}
_WIDTHS = {"decimal": 44.0, "signature": 90.0}
_BEFORE = {"postcode": "〒"}
_AFTER = {"yen": "円", "signature": "（自署）"}


@dataclass(frozen=True, slots=True)
class Part:
    """A box (`kind` comb, mark or open) or words (`kind` words, `text`), placed within the answer cell."""

    kind: str
    x: float
    y: float
    w: float
    h: float
    cells: int = 1
    part: str = ""
    option: str = ""
    text: str = ""


def width_of(text: str, points: float) -> float:
    """Return the width of a line in mm: Japanese letters are one em wide, Latin ones half."""
    ems = sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in text)
    return ems * points * _POINT


def lines_of(text: str, points: float, width: float) -> int:
    """Return how many lines a text takes, a little on the safe side."""
    return max(1, int(-(-width_of(text, points) * 1.05 // width)))


def parts_of(field: Field, width: float = COLUMN) -> tuple[float, tuple[Part, ...]]:
    """Return the height of the answer cell of a field and what stands in it."""
    if field.type in ("choice", "choices", "yes_no"):
        return _ticks(field.options or ("はい", "いいえ"), width)
    draw: Callable[[Field, float], Iterator[Part]] = _DRAWN.get(field.type, _comb if field.type in COMBS else _open)
    height = _HEIGHTS.get(field.type, ROW)
    return height, tuple(draw(field, height))


def tick(x: float, y: float, *, option: str = "", part: str = "") -> Part:
    """Return a box to tick."""
    return Part("mark", x, y, TICK, TICK, 1, part, option)


def _ticks(options: tuple[str, ...], width: float) -> tuple[float, tuple[Part, ...]]:
    parts, x, y = [], _PAD, (ROW - TICK) / 2
    for option in options:
        room = min(width_of(option, 9) + 1.0, width - TICK - 3 * _PAD)
        if x > _PAD and x + TICK + 1 + room > width - _PAD:
            x, y = _PAD, y + 6.5
        parts += [
            tick(x, y, option=option),
            Part("words", x + TICK + 1, y - 1.5, room, TICK + 3, text=option),
        ]
        x += TICK + 1 + room + 4
    return y + TICK + (ROW - TICK) / 2, tuple(parts)


def _comb(field: Field, height: float) -> Iterator[Part]:
    cells, pitch = COMBS[field.type]
    x, tall = _PAD, height - 2.0
    if before := _BEFORE.get(field.type):
        yield Part("words", x, 0, 5, height, text=before)
        x += 5
    yield Part("comb", x, 1.0, cells * pitch, tall, cells)
    if after := _AFTER.get(field.type):
        yield Part("words", x + cells * pitch + 1, 0, 8, height, text=after)


def _open(field: Field, height: float) -> Iterator[Part]:
    width = _WIDTHS.get(field.type, COLUMN - 2 * _PAD)
    yield Part("open", _PAD, 1.0, width, height - 2.0)
    if after := _AFTER.get(field.type):
        yield Part("words", _PAD + width + 1, 0, 16, height, text=after)


def _era_year_month(_: Field, height: float) -> Iterator[Part]:
    x, y = _PAD, (height - TICK) / 2
    for era in _ERAS:
        yield tick(x, y, option=era, part="era")
        yield Part("words", x + TICK + 0.5, 0, 7.5, height, text=era)
        x += 13.0
    for part, word in (("year", "年"), ("month", "月")):
        yield Part("comb", x, 1.0, 2 * CELL, height - 2.0, 2, part)
        yield Part("words", x + 2 * CELL + 0.5, 0, 4, height, text=word)
        x += 2 * CELL + 5.5


def _date(field: Field, height: float) -> Iterator[Part]:
    yield from _era_year_month(field, height)
    x = _PAD + 4 * 13.0 + 2 * (2 * CELL + 5.5)
    yield Part("comb", x, 1.0, 2 * CELL, height - 2.0, 2, "day")
    yield Part("words", x + 2 * CELL + 0.5, 0, 4, height, text="日")


_DRAWN: Mapping[str, Callable[[Field, float], Iterator[Part]]] = {
    "date_era": _date,
    "year_month": _era_year_month,
}
