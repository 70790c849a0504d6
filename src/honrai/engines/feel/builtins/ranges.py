"""How points and ranges lie to each other (DMN 1.5, table 78); a point stands for the range that holds only it."""

from __future__ import annotations

from honrai.engines.feel.comparing import compare, in_range
from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.signatures import builtin
from honrai.engines.feel.values import Range

_EQUAL = "="


def _is(op: str, left: object, right: object) -> bool:
    found = compare(op, left, right)
    if found is None:
        raise Invalid("値どうしに順序がありません")
    return found


def _two(a: object, b: object) -> tuple[Range, Range]:
    return _range(a), _range(b)


def _range(value: object) -> Range:
    """Return a range with both ends known to order: a value is its own range, `= x` is [x..x]."""
    if not isinstance(value, Range):
        if value is None:
            raise Invalid("値が null です")
        return Range(value, value, True, True)
    if value.op == "=":
        return Range(value.start, value.start, True, True)
    if value.op == "!=":
        raise Invalid("「!=」の範囲には両端がありません")
    return value


def _meets_inside(end: Range, start: Range) -> bool:
    """Tell whether the end of one range and the start of the other are the same value, held by both."""
    return end.end_included and start.start_included and _ends_equal(end.end, start.start)


def _ends_equal(one: object, other: object) -> bool:
    return one is not None and other is not None and _is(_EQUAL, one, other)


def _before(a: Range, b: Range) -> bool:
    """Every value of a lies before every value of b."""
    if a.end is None or b.start is None:
        return False
    if _is("<", a.end, b.start):
        return True
    return _is(_EQUAL, a.end, b.start) and not (a.end_included and b.start_included)


def _starts_no_later(outer: Range, inner: Range) -> bool:
    if outer.start is None:
        return True
    if inner.start is None:
        return False
    if _is("<", outer.start, inner.start):
        return True
    return _is(_EQUAL, outer.start, inner.start) and (outer.start_included or not inner.start_included)


def _ends_no_earlier(outer: Range, inner: Range) -> bool:
    if outer.end is None:
        return True
    if inner.end is None:
        return False
    if _is(">", outer.end, inner.end):
        return True
    return _is(_EQUAL, outer.end, inner.end) and (outer.end_included or not inner.end_included)


def _same_start(a: Range, b: Range) -> bool:
    return a.start_included == b.start_included and _ends_equal(a.start, b.start)


def _same_end(a: Range, b: Range) -> bool:
    return a.end_included == b.end_included and _ends_equal(a.end, b.end)


def _includes(outer: Range, inner: Range) -> bool:
    return _starts_no_later(outer, inner) and _ends_no_earlier(outer, inner)


def _overlap(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


@builtin("before(point1: Any, point2: Any) -> boolean", "before(range1: Any, range2: Any) -> boolean",
         "before(point: Any, range: Any) -> boolean", "before(range: Any, point: Any) -> boolean")  # fmt: skip
def _before_(rt: Runtime, a: object, b: object) -> bool:
    return _before(*_two(a, b))


@builtin("after(point1: Any, point2: Any) -> boolean", "after(range1: Any, range2: Any) -> boolean",
         "after(point: Any, range: Any) -> boolean", "after(range: Any, point: Any) -> boolean")  # fmt: skip
def _after(rt: Runtime, a: object, b: object) -> bool:
    one, other = _two(a, b)
    return _before(other, one)


@builtin("meets(range1: range, range2: range) -> boolean")
def _meets(rt: Runtime, a: Range, b: Range) -> bool:
    return _meets_inside(*_two(a, b))


@builtin("met by(range1: range, range2: range) -> boolean")
def _met_by(rt: Runtime, a: Range, b: Range) -> bool:
    one, other = _two(a, b)
    return _meets_inside(other, one)


@builtin("overlaps(range1: range, range2: range) -> boolean")
def _overlaps(rt: Runtime, a: Range, b: Range) -> bool:
    return _overlap(*_two(a, b))


@builtin("overlaps before(range1: range, range2: range) -> boolean")
def _overlaps_before(rt: Runtime, a: Range, b: Range) -> bool:
    one, other = _two(a, b)
    return _reaches_into(one, other)


@builtin("overlaps after(range1: range, range2: range) -> boolean")
def _overlaps_after(rt: Runtime, a: Range, b: Range) -> bool:
    one, other = _two(a, b)
    return _overlap(one, other) and not _starts_no_later(one, other) and _ends_no_earlier(one, other)


def _reaches_into(a: Range, b: Range) -> bool:
    """a begins before b and ends within it."""
    return _overlap(a, b) and not _starts_no_later(b, a) and _ends_no_earlier(b, a)


@builtin("finishes(point: Any, range: range) -> boolean", "finishes(range1: range, range2: range) -> boolean")
def _finishes(rt: Runtime, a: object, b: Range) -> bool:
    one, other = _two(a, b)
    return _same_end(one, other) and _starts_no_later(other, one)


@builtin("finished by(range: range, point: Any) -> boolean", "finished by(range1: range, range2: range) -> boolean")
def _finished_by(rt: Runtime, a: Range, b: object) -> bool:
    one, other = _two(a, b)
    return _same_end(one, other) and _starts_no_later(one, other)


@builtin("starts(point: Any, range: range) -> boolean", "starts(range1: range, range2: range) -> boolean")
def _starts(rt: Runtime, a: object, b: Range) -> bool:
    one, other = _two(a, b)
    return _same_start(one, other) and _ends_no_earlier(other, one)


@builtin("started by(range: range, point: Any) -> boolean", "started by(range1: range, range2: range) -> boolean")
def _started_by(rt: Runtime, a: Range, b: object) -> bool:
    one, other = _two(a, b)
    return _same_start(one, other) and _ends_no_earlier(one, other)


@builtin("includes(range: range, point: Any) -> boolean", "includes(range1: range, range2: range) -> boolean")
def _includes_(rt: Runtime, a: Range, b: object) -> bool | None:
    if a.op and not isinstance(b, Range):
        return in_range(b, a)
    return _includes(*_two(a, b))


@builtin("during(point: Any, range: range) -> boolean", "during(range1: range, range2: range) -> boolean")
def _during(rt: Runtime, a: object, b: Range) -> bool | None:
    if b.op and not isinstance(a, Range):
        return in_range(a, b)
    one, other = _two(a, b)
    return _includes(other, one)


@builtin("coincides(point1: Any, point2: Any) -> boolean", "coincides(range1: range, range2: range) -> boolean")
def _coincides(rt: Runtime, a: object, b: object) -> bool:
    one, other = _two(a, b)
    return _same_start(one, other) and _same_end(one, other)
