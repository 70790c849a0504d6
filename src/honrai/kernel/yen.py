"""Money in whole yen, and every rounding written down by name.

Law fixes how fractions are treated (切捨て, 四捨五入 and to which unit), so nothing here rounds by itself: multiplying
by a rate asks for a `Rounding`. Arithmetic is exact (`Fraction`), never binary floating point.

Rounding works on the size of an amount: -1,550 rounds as 1,550 does, then takes its sign back. A correction therefore
always cancels what it corrects.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from honrai.kernel.errors import Invalid

Exact = int | Decimal | Fraction


class Rounding(Enum):
    """How an exact amount becomes whole yen: the direction and the unit in yen.

    The value is the name a procedure pack writes: `floor-100` is 100円未満切捨て, `half-up-10` is 10円未満四捨五入.
    """

    FLOOR_1 = "floor-1"
    FLOOR_10 = "floor-10"
    FLOOR_100 = "floor-100"
    FLOOR_1000 = "floor-1000"
    HALF_UP_1 = "half-up-1"
    HALF_UP_10 = "half-up-10"
    HALF_UP_100 = "half-up-100"
    CEIL_1 = "ceil-1"
    CEIL_10 = "ceil-10"
    CEIL_100 = "ceil-100"

    @property
    def unit(self) -> int:
        """The unit in yen to which amounts are brought."""
        return int(self.value.rpartition("-")[2])

    @property
    def label(self) -> str:
        """The Japanese words for this rounding, as an ordinance writes them."""
        direction, _, unit = self.value.rpartition("-")
        words = {"floor": "切捨て", "half-up": "四捨五入", "ceil": "切上げ"}[direction]
        return f"{int(unit):,}円未満{words}"

    def apply(self, amount: Exact) -> int:
        """Return `amount` (yen, exact) as whole yen, a multiple of the unit.

        823.3 yen gives 823 by FLOOR_1 and 820 by HALF_UP_10; 1,224 yen gives 1,220 by HALF_UP_10; -1,250.5 gives -1,250
        by FLOOR_1. Exactly half a unit goes up.

        Raises:
            TypeError: the amount is a float, which cannot hold yen and sen exactly.
        """
        if not isinstance(amount, int | Decimal | Fraction):
            raise TypeError(f"exact number needed, not {type(amount).__name__}")
        direction, unit = _DIRECTION_UNIT[self]
        if isinstance(amount, int):
            size, part, whole = abs(amount), abs(amount) % unit, unit
        else:
            ratio = abs(Fraction(amount))
            whole = ratio.denominator * unit
            size, part = ratio.numerator, ratio.numerator % whole
        up = part > 0 if direction == "ceil" else direction == "half-up" and part * 2 >= whole
        units = (size - part) // whole + up
        return units * unit if amount >= 0 else -units * unit


_DIRECTION_UNIT = {rounding: (rounding.value.rpartition("-")[0], rounding.unit) for rounding in Rounding}


@dataclass(frozen=True, slots=True, order=True)
class Yen:
    """A whole number of yen; may be negative (a correction, a refund).

    Yen adds to and compares with Yen only, and multiplies by whole numbers; a rate needs `times` with its rounding.
    """

    amount: int

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"whole yen needed, not {type(self.amount).__name__}")

    def __add__(self, other: Yen) -> Yen:
        return Yen(self.amount + other.amount)

    def __sub__(self, other: Yen) -> Yen:
        return Yen(self.amount - other.amount)

    def __neg__(self) -> Yen:
        return Yen(-self.amount)

    def __mul__(self, count: int) -> Yen:
        return Yen(self.amount * count)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.amount != 0

    def __int__(self) -> int:
        return self.amount

    def __str__(self) -> str:
        return f"{self.amount:,}円"

    def times(self, rate: Exact, rounding: Rounding) -> Yen:
        """Return this amount times an exact rate, rounded as told.

        Two thirds of 2,470 yen is `Yen(2470).times(Fraction(2, 3), Rounding.FLOOR_1)`, 1,646 yen.

        Raises:
            TypeError: the rate is a float.
        """
        if not isinstance(rate, int | Decimal | Fraction):
            raise TypeError(f"exact rate needed, not {type(rate).__name__}")
        return Yen(rounding.apply(self.amount * Fraction(rate)))

    def rounded(self, rounding: Rounding) -> Yen:
        """Return this amount brought to the unit of the rounding, e.g. 345,678 to 345,000 by FLOOR_1000."""
        return Yen(rounding.apply(self.amount))

    def split(self, parts: int, rounding: Rounding) -> tuple[Yen, ...]:
        """Return equal instalments, each brought down to the unit, what is left over added to the first.

        153,400 yen in 4 by FLOOR_1000 is 39,400 and three times 38,000. The instalments always add up to the whole.

        Args:
            parts: number of instalments, 1 or more.
            rounding: one of the FLOOR roundings; the unit of the law or the city's ordinance.

        Raises:
            ValueError: fewer than one part, or not a FLOOR rounding.

        Legal source:
            地方税法第20条の4の2第6項 (unit 1,000 yen, remainder into the first; an ordinance may differ).
        """
        if parts < 1 or not rounding.value.startswith("floor-"):
            raise ValueError("split needs at least one part and a FLOOR rounding")
        later = Yen(rounding.apply(Fraction(self.amount, parts)))
        return (self - later * (parts - 1), *([later] * (parts - 1)))

    @classmethod
    def total(cls, amounts: Iterable[Yen]) -> Yen:
        """Return the sum; no amounts give 0 yen."""
        return cls(sum(amount.amount for amount in amounts))

    @classmethod
    def parse(cls, text: str) -> Yen:
        """Return the amount a person typed: `12,300`, `１２３００円`, `¥12,300`, `-500`, `▲500`, `△500`.

        Raises:
            Invalid: anything that is not a whole number of yen, or commas in the wrong place.
        """
        folded = _fold_amount(text)
        digits = folded.removeprefix("-")
        if "," in digits and not _commas_fit(digits):
            raise Invalid("yen-commas", "金額の「,」の位置が正しくありません。数字だけで入力してください。")
        digits = digits.replace(",", "")
        if not (digits.isascii() and digits.isdigit()):
            raise Invalid("yen-unreadable", "金額は円単位の整数で入力してください(例: 12300)。")
        return cls(-int(digits) if folded.startswith("-") else int(digits))


_AMOUNT_FOLD = str.maketrans("０１２３４５６７８９，－−▲△ー", "0123456789,-----", " 　¥￥円")


def _fold_amount(text: str) -> str:
    """Return the text with digits, comma and sign as ASCII and without spaces and yen marks."""
    return text.translate(_AMOUNT_FOLD)


def _commas_fit(digits: str) -> bool:
    """Return whether the commas cut the number in groups of three from the right."""
    first, *groups = digits.split(",")
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)
