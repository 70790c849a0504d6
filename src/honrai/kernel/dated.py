"""A value that changes by law on certain days: which one held on any day, and where a span of days must be cut.

Periods are half-open: a value holds from its first day up to, not including, the day named as its end. Periods of
one parameter follow one another without gap or overlap.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Generic, TypeVar

from honrai.kernel.errors import Invalid

T = TypeVar("T")
U = TypeVar("U")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period(Generic[T]):
    """One value and the days it holds.

    Attributes:
        start: first day it holds.
        end: first day it no longer holds; None while it holds until further notice.
    """

    start: date
    end: date | None
    value: T


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """The values of one thing through time.

    Attributes:
        name: what it is, for messages.
        periods: one or more, sorted, contiguous; checked on creation.

    Raises:
        Invalid: no period, an end before its start, a gap or an overlap; the message names the thing and the day.
    """

    name: str
    periods: tuple[Period[T], ...]
    _starts: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.periods:
            raise Invalid("dated-empty", f"「{self.name}」に値がありません。")
        for period in self.periods:
            if period.end is not None and period.end <= period.start:
                raise Invalid(
                    "dated-reversed", f"「{self.name}」の {period.start} からの値は、終わりが始まりより前です。"
                )
        for earlier, later in pairwise(self.periods):
            _check_contiguous(self.name, earlier, later)
        object.__setattr__(self, "_starts", tuple(period.start for period in self.periods))

    def period_at(self, on: date) -> Period[T]:
        """Return the period in force on a day.

        Raises:
            Invalid: the day is before the first period or after the last; the message names the day.
        """
        index = bisect_right(self._starts, on) - 1
        if index >= 0:
            period = self.periods[index]
            if period.end is None or on < period.end:
                return period
        raise Invalid("dated-no-value", f"「{self.name}」には {on} に適用する値が登録されていません。")

    def at(self, on: date) -> T:
        """Return the value in force on a day; see `period_at`."""
        return self.period_at(on).value

    def covers(self, on: date) -> bool:
        """Return whether a value is known for a day."""
        last = self.periods[-1].end
        return on >= self._starts[0] and (last is None or on < last)

    def segments(self, first: date, last: date) -> Iterator[tuple[date, date, T]]:
        """Yield (first day, last day, value) for each stretch of a span, both days included.

        This is how a charge that runs over the turn of the year is cut: 2025-07-01 to 2026-02-20 gives
        2025-07-01 to 2025-12-31 at one rate and 2026-01-01 to 2026-02-20 at the next. Nothing for an empty span.

        Raises:
            Invalid: a day of the span has no value.
        """
        while first <= last:
            period = self.period_at(first)
            stop = last if period.end is None else min(last, period.end - _DAY)
            yield first, stop, period.value
            first = stop + _DAY

    def map(self, change: Callable[[T], U]) -> Dated[U]:
        """Return the same periods with each value changed."""
        return Dated(self.name, tuple(Period(p.start, p.end, change(p.value)) for p in self.periods))

    @property
    def changes(self) -> tuple[date, ...]:
        """The days on which a value begins or the last one ends; between two of them nothing changes."""
        last = self.periods[-1].end
        return self._starts if last is None else (*self._starts, last)


def _check_contiguous(name: str, earlier: Period[T], later: Period[T]) -> None:
    """Raise when two neighbouring periods leave a gap or overlap."""
    if earlier.end is None or earlier.end > later.start:
        raise Invalid(
            "dated-overlap", f"「{name}」の値が {later.start} に重なっています。前の値の終わりを確かめてください。"
        )
    if earlier.end < later.start:
        raise Invalid("dated-gap", f"「{name}」は {earlier.end} から {later.start} の前日まで値がありません。")
