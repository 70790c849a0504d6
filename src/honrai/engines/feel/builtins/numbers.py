"""Built-in functions on numbers and booleans."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from honrai.engines.feel.comparing import equal
from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.signatures import builtin
from honrai.engines.feel.values import CONTEXT, DateTime, DaysDuration, MonthsDuration, Time

# What a logarithm or a power costs, in steps.
SLOW = 100
_LEAST_SCALE, _MOST_SCALE = -6111, 6176


def rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """Return `value` with `scale` digits after the point, rounded in the way named.

    Raises:
        Invalid: the scale is outside -6111..6176.
    """
    places = int(scale)
    if not _LEAST_SCALE <= places <= _MOST_SCALE:
        raise Invalid(f"桁数 {scale} が {_LEAST_SCALE} から {_MOST_SCALE} までにありません")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return value
    result = value.quantize(Decimal((0, (1,), -places)), rounding, _WIDE)
    return CONTEXT.plus(result)


_WIDE = CONTEXT.copy()
_WIDE.prec = 7000


@builtin("decimal(n: number, scale: number) -> number")
def _decimal(rt: Runtime, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number) -> number")
def _floor(rt: Runtime, n: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number) -> number")
def _ceiling(rt: Runtime, n: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return rounded(n, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number) -> number")
def _round_up(rt: Runtime, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_UP)


@builtin("round down(n: number, scale: number) -> number")
def _round_down(rt: Runtime, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number) -> number")
def _round_half_up(rt: Runtime, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number) -> number")
def _round_half_down(rt: Runtime, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number) -> number", "abs(n: days and time duration) -> days and time duration",
         "abs(n: years and months duration) -> years and months duration")  # fmt: skip
def _abs(rt: Runtime, n: Decimal | DaysDuration | MonthsDuration) -> object:
    if isinstance(n, DaysDuration):
        return DaysDuration(abs(n.nanos))
    return MonthsDuration(abs(n.months)) if isinstance(n, MonthsDuration) else abs(n)


@builtin("modulo(dividend: number, divisor: number) -> number")
def _modulo(rt: Runtime, dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder has the sign of the divisor: dividend - divisor * floor(dividend / divisor)."""
    if not divisor:
        raise Invalid("0 で割った余りはありません")
    try:
        remainder = CONTEXT.remainder(dividend, divisor)
    except DecimalException:
        raise Invalid("商が34桁を超えます") from None
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = CONTEXT.add(remainder, divisor)
    return remainder


@builtin("sqrt(number: number) -> number")
def _sqrt(rt: Runtime, number: Decimal) -> Decimal:
    if number < 0:
        raise Invalid("負の数に平方根はありません")
    return CONTEXT.sqrt(number)


@builtin("log(number: number) -> number")
def _log(rt: Runtime, number: Decimal) -> Decimal:
    rt.charge(SLOW)
    if number <= 0:
        raise Invalid("対数は正の数にしかありません")
    return CONTEXT.ln(number)


@builtin("exp(number: number) -> number")
def _exp(rt: Runtime, number: Decimal) -> Decimal:
    rt.charge(SLOW)
    try:
        return CONTEXT.exp(number)
    except DecimalException:
        raise Invalid("結果が数値の範囲を超えます") from None


@builtin("odd(number: number) -> boolean")
def _odd(rt: Runtime, number: Decimal) -> bool:
    return _parity(number) == 1


@builtin("even(number: number) -> boolean")
def _even(rt: Runtime, number: Decimal) -> bool:
    return _parity(number) == 0


def _parity(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise Invalid("整数でない数に奇数・偶数はありません")
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return 0 if exponent > 0 else int(number) % 2


@builtin("not(negand: Any) -> boolean")
def _not(rt: Runtime, negand: object) -> bool | None:
    return not negand if isinstance(negand, bool) else None


@builtin("is(value1: Any, value2: Any) -> boolean")
def _is(rt: Runtime, one: object, other: object) -> bool:
    """Same kind and same element of the semantic domain: offsets and zones count, written form does not."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Time | DateTime):
        return one == other
    return equal(one, other) is True
