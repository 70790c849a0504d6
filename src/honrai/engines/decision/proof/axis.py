"""One column as a line of atoms: pieces inside which no cell of the column tells two values apart.

For ordered types the constants c1 < c2 < ... cut the line into (..c1) [c1] (c1..c2) [c2] ... (cn..). For strings and
booleans each constant is an atom, and every other string is one more. Null is the last atom where the column knows it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from honrai.engines.feel import values as fv

NULL_TEXT = "不明（null）"


@dataclass(frozen=True, slots=True)
class Ordered:
    """How an ordered type becomes exact numbers and back; `step` is the distance between neighbours, None if dense."""

    to_number: Callable[[object], Fraction]
    to_value: Callable[[Fraction], object]
    step: Fraction | None


def _moment(value: object) -> Fraction:
    assert isinstance(value, fv.DateTime)
    return Fraction(value.local_nanos, fv.NANOS)


ORDERED: dict[str, Ordered] = {
    "number": Ordered(lambda v: Fraction(str(v)), lambda f: _decimal(f), None),
    "date": Ordered(lambda v: Fraction(v.number), lambda f: fv.Date.from_number(int(f)), Fraction(1)),  # type: ignore[attr-defined]
    "date and time": Ordered(
        _moment, lambda f: fv.DateTime.from_local_nanos(int(f) * fv.NANOS, fv.Time(0)), Fraction(1)
    ),
    "time": Ordered(lambda v: Fraction(v.nanos, fv.NANOS), lambda f: fv.Time(int(f) * fv.NANOS), Fraction(1)),  # type: ignore[attr-defined]
    "days and time duration": Ordered(
        lambda v: Fraction(v.nanos),  # type: ignore[attr-defined]
        lambda f: fv.DaysDuration(int(f)),
        Fraction(1),
    ),
    "years and months duration": Ordered(
        lambda v: Fraction(v.months),  # type: ignore[attr-defined]
        lambda f: fv.MonthsDuration(int(f)),
        Fraction(1),
    ),
}


class Axis:
    """The atoms of one column. `domain` is the mask of those its declared values allow."""

    def __init__(self, size: int, knows_null: bool) -> None:
        self.null = size if knows_null else None
        self.domain = (1 << size + knows_null) - 1

    def number_of(self, value: object) -> int | None:
        """Return the atom that is exactly this value, None when there is none."""
        raise NotImplementedError

    def between(self, low: object, high: object, *, low_in: bool, high_in: bool) -> int:
        """Return the mask of the values between two constants; None is an open end."""
        raise NotImplementedError

    def sample(self, atom: int) -> object:
        """Return the simplest value of an atom."""
        raise NotImplementedError

    def atoms(self) -> list[int]:
        """Return the atoms of the domain, lowest first."""
        return [atom for atom in range(self.domain.bit_length()) if self.domain >> atom & 1]

    def describe(self, mask: int) -> str:
        """Return the values of a mask in words."""
        return "・".join(show(self.sample(atom)) for atom in range(mask.bit_length()) if mask >> atom & 1)


class OrderedAxis(Axis):
    """Atoms of numbers, dates, times and durations."""

    def __init__(self, kind: Ordered, step: Fraction | None, constants: Iterable[object], knows_null: bool) -> None:
        self.kind = kind
        self.step = step or kind.step
        self.points = sorted({kind.to_number(each) for each in constants})
        pieces = [self._number(piece) for piece in range(2 * len(self.points) + 1)]
        # Pieces that the steps leave empty are no atoms, so that intervals stay runs of neighbouring atoms.
        self.pieces = [piece for piece, number in enumerate(pieces) if number is not None]
        self.numbers = [number for number in pieces if number is not None]
        super().__init__(len(self.pieces), knows_null)

    def number_of(self, value: object) -> int | None:
        """Return the atom of a constant, None where the steps leave it out."""
        piece = self._piece(value)
        atom = bisect_left(self.pieces, piece)
        return atom if atom < len(self.pieces) and self.pieces[atom] == piece else None

    def between(self, low: object, high: object, *, low_in: bool, high_in: bool) -> int:
        """Return the mask of an interval whose ends are constants."""
        first = 0 if low is None else bisect_left(self.pieces, self._piece(low) + (not low_in))
        end = len(self.pieces) if high is None else bisect_left(self.pieces, self._piece(high) + high_in)
        return (1 << end) - (1 << first) if first < end else 0

    def _piece(self, value: object) -> int:
        return 2 * bisect_left(self.points, self.kind.to_number(value)) + 1

    def sample(self, atom: int) -> object:
        """Return the simplest value of an atom."""
        if atom == self.null:
            return None
        return self.kind.to_value(self.numbers[atom])

    def describe(self, mask: int) -> str:
        """Return the intervals of a mask in words."""
        parts, atom, end = [], 0, len(self.pieces)
        while atom < end:
            if not mask >> atom & 1:
                atom += 1
                continue
            first = atom
            while atom < end and mask >> atom & 1:
                atom += 1
            parts.append(self._interval(self.pieces[first], self.pieces[atom - 1]))
        if self.null is not None and mask >> self.null & 1:
            parts.append(NULL_TEXT)
        return "・".join(parts)

    def _interval(self, first: int, last: int) -> str:
        low = None if first == 0 else show(self.kind.to_value(self.points[(first - 1) // 2]))
        high = None if last == 2 * len(self.points) else show(self.kind.to_value(self.points[last // 2]))
        if first == last and first % 2:
            return str(low)
        left = "" if low is None else f"{low}{'以上' if first % 2 else '超'}"
        right = "" if high is None else f"{high}{'以下' if last % 2 else '未満'}"
        return left + right or "すべて"

    def _number(self, piece: int) -> Fraction | None:
        """Return the simplest number of a piece of the line, None when the steps leave it empty."""
        points = self.points
        if piece % 2:
            point = points[piece // 2]
            return point if self.step is None or point % self.step == 0 else None
        low = points[piece // 2 - 1] if piece else None
        high = points[piece // 2] if piece // 2 < len(points) else None
        step = self.step or Fraction(1)
        if low is None and high is None:
            return Fraction(0)
        if low is None:
            assert high is not None
            return -((-high) // step + 1) * step
        following = (low // step + 1) * step
        while high is not None and following >= high:
            if self.step is not None:
                return None
            step /= 10
            following = (low // step + 1) * step
        return following


class NamedAxis(Axis):
    """Atoms of strings and booleans: one for each value, and for open strings one for all others."""

    def __init__(self, values: list[object], *, others: bool, knows_null: bool) -> None:
        self.values = values
        self.others = len(values) if others else None
        super().__init__(len(values) + others, knows_null)

    def number_of(self, value: object) -> int | None:
        """Return the atom of a value."""
        return self.values.index(value) if value in self.values else None

    def sample(self, atom: int) -> object:
        """Return the value of an atom; for all other strings one that no cell names."""
        if atom == self.null:
            return None
        if atom == self.others:
            fresh = "その他"
            while fresh in self.values:
                fresh += "*"
            return fresh
        return self.values[atom]

    def describe(self, mask: int) -> str:
        """Return the values of a mask in words."""
        if self.others is not None and mask >> self.others & 1:
            named = [show(each) for place, each in enumerate(self.values) if not mask >> place & 1]
            return ("・".join(named) + " 以外") if named else "すべて"
        return super().describe(mask)


def _decimal(number: Fraction) -> Decimal:
    """Return a fraction whose denominator is made of twos and fives as a decimal."""
    return fv.CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))


def show(value: object) -> str:
    """Return a value as a clerk reads it."""
    if value is None:
        return NULL_TEXT
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, str):
        return f"「{value}」"
    return str(value)
