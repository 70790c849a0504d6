"""Equality, order and membership, each of which may have no answer (null): DMN 1.5, 10.3.2.13."""

from __future__ import annotations

from decimal import Decimal

from .values import NANOS, Date, DateTime, DaysDuration, Function, MonthsDuration, Range, Time

_PLAIN = frozenset({Decimal, str, bool, Date, DaysDuration, MonthsDuration})
_ORDERED = frozenset({Decimal, str, Date, DaysDuration, MonthsDuration})


def equal(left: object, right: object) -> bool | None:
    """Tell whether two values are equal; None when their types cannot be compared."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _PLAIN:
        return left == right
    if kind is list:
        return _equal_lists(left, right)  # type: ignore[arg-type]
    if kind is dict:
        return _equal_contexts(left, right)  # type: ignore[arg-type]
    if kind is Time:
        return _time_key(left) == _time_key(right)  # type: ignore[arg-type]
    if kind is DateTime:
        return _moment_key(left) == _moment_key(right)  # type: ignore[arg-type]
    if kind is Range:
        return _equal_ranges(left, right)  # type: ignore[arg-type]
    return left is right if kind is Function else None


def _equal_lists(left: list[object], right: list[object]) -> bool:
    return len(left) == len(right) and all(
        equal(ours, theirs) is True for ours, theirs in zip(left, right, strict=True)
    )


def _equal_contexts(left: dict[str, object], right: dict[str, object]) -> bool:
    return left.keys() == right.keys() and all(equal(value, right[key]) is True for key, value in left.items())


def _equal_ranges(left: Range, right: Range) -> bool:
    ours = (left.op, left.start_included, left.end_included)
    if ours != (right.op, right.start_included, right.end_included):
        return False
    return equal(left.start, right.start) is True and equal(left.end, right.end) is True


# Equality looks at whole seconds: the standard compares year to second and the offset, and fractions are no part.
def _time_key(time: Time) -> tuple[int, bool]:
    offset = time.utc_offset
    return time.nanos // NANOS - (offset or 0), offset is None


def _moment_key(moment: DateTime) -> tuple[int, bool]:
    return moment.instant // NANOS, moment.utc_offset is None


def less(left: object, right: object) -> bool | None:
    """Tell whether `left < right`; None when they have no order between them."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ORDERED:
        return left < right  # type: ignore[operator,no-any-return]
    if kind is DateTime:
        return _less_moments(left, right)  # type: ignore[arg-type]
    if kind is Time:
        return _less_times(left, right)  # type: ignore[arg-type]
    return None


def _less_moments(left: DateTime, right: DateTime) -> bool | None:
    if (left.utc_offset is None) != (right.utc_offset is None):
        return None
    return left.instant < right.instant


def _less_times(left: Time, right: Time) -> bool | None:
    ours, theirs = left.utc_offset, right.utc_offset
    if (ours is None) != (theirs is None):
        return None
    return left.nanos - (ours or 0) * NANOS < right.nanos - (theirs or 0) * NANOS


def compare(op: str, left: object, right: object) -> bool | None:
    """Return `left op right` for one of `= != < <= > >=`; None when there is no answer."""
    if op in ("=", "!="):
        same = equal(left, right)
        return same if same is None or op == "=" else not same
    if op in (">", "<="):
        left, right = right, left
    found = less(left, right)
    return found if found is None or op in ("<", ">") else not found


def in_range(value: object, within: Range) -> bool | None:
    """Tell whether a value lies in a range; None when it cannot be compared with its ends."""
    if within.op:
        return compare(within.op, value, within.end if within.op in ("<", "<=") else within.start)
    if value is None:
        return None
    after = True if within.start is None else compare(">=" if within.start_included else ">", value, within.start)
    before = True if within.end is None else compare("<=" if within.end_included else "<", value, within.end)
    if after is None or before is None:
        return None
    return after and before


def in_test(value: object, test: object) -> bool | None:
    """Tell whether a value passes a test that is itself a value: a range, a list to be in, or an equal value."""
    if type(test) is Range:
        if type(value) is Range:
            return equal(value, test)
        return in_range(value, test)
    if type(test) is list:
        return _in_list(value, test)
    return equal(value, test)


def _in_list(value: object, items: list[object]) -> bool:
    if type(value) is list and equal(value, items) is True:
        return True
    return any(
        equal(value, item) is True or (type(item) in (Range, list) and in_test(value, item) is True) for item in items
    )
