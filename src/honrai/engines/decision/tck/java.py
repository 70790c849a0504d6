"""The Java functions that the kit's models may call: pure ones of java.lang, by signature, and no others.

Values cross as Java would hold them: `int` and its kin only whole numbers in range, `double` and `float` as binary
floating point, printed back by their shortest decimal form.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from decimal import Decimal

from honrai.engines.feel.runtime import Invalid

Convert = Callable[[object], object]
_BITS = {"byte": 8, "short": 16, "int": 32, "long": 64}


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise Invalid("a number is needed here")


def _whole(bits: int) -> Convert:
    def convert(value: object) -> object:
        number = _number(value)
        if number != number.to_integral_value() or not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
            raise Invalid(f"not a whole number of {bits} bits")
        return int(number)

    return convert


def _double(value: object) -> object:
    return float(_number(value))


def _float(value: object) -> object:
    single: float = struct.unpack("f", struct.pack("f", float(_number(value))))[0]
    return single


def _string(value: object) -> object:
    if isinstance(value, str):
        return value
    raise Invalid("a string is needed here")


def _char(value: object) -> object:
    if isinstance(value, str) and len(value) == 1:
        return value
    raise Invalid("a single character is needed here")


def _objects(value: object) -> object:
    return value if isinstance(value, list) else [value]


_CONVERT: dict[str, Convert] = {
    **{name: _whole(bits) for name, bits in _BITS.items()},
    "double": _double,
    "float": _float,
    "char": _char,
    "java.lang.String": _string,
    "[Ljava.lang.Object;": _objects,
}


def _back(kind: str, value: object) -> object:
    """Return a Java result as a FEEL value."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise Invalid("the result is not a finite number")
    if kind == "float" and isinstance(value, float):
        return Decimal(_shortest_float(value))
    return Decimal(repr(value))


def _shortest_float(value: float) -> str:
    packed = struct.pack("f", value)
    digits = (f"{value:.{count}g}" for count in range(1, 10))
    return next((each for each in digits if struct.pack("f", float(each)) == packed), repr(value))


def _format(pattern: str, values: list[object]) -> str:
    """Java's `String.format` for `%s` and `%%` only."""
    parts = pattern.split("%s")
    if "%" in "".join(parts).replace("%%", "") or len(parts) - 1 > len(values):
        raise Invalid("only %s is understood in a format")
    texts = [value if isinstance(value, str) else str(value) for value in values]
    return "".join(part + text for part, text in zip(parts, [*texts[: len(parts) - 1], ""], strict=True)).replace("%%", "%")


def _parse(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except ArithmeticError:
        raise Invalid("the text is not a number") from None
    if not number.is_finite():
        raise Invalid("the text is not a finite number")
    return number


def _signatures() -> dict[str, tuple[Callable[..., object], str]]:
    """Return each allowed signature with its function and the type of its result."""
    found: dict[str, tuple[Callable[..., object], str]] = {}
    single: dict[str, Callable[[float], float]] = {
        "cos": math.cos, "sin": math.sin, "tan": math.tan, "acos": math.acos, "asin": math.asin, "atan": math.atan,
        "cosh": math.cosh, "sinh": math.sinh, "tanh": math.tanh, "exp": math.exp, "log": math.log,
        "log10": math.log10, "sqrt": math.sqrt, "cbrt": lambda x: math.copysign(abs(x) ** (1 / 3), x),
        "ceil": math.ceil, "floor": math.floor, "toRadians": math.radians, "toDegrees": math.degrees,
    }  # fmt: skip
    for name, function in single.items():
        found[f"java.lang.Math.{name}(double)"] = (function, "double")
    for name, both in {"pow": math.pow, "hypot": math.hypot, "atan2": math.atan2}.items():
        found[f"java.lang.Math.{name}(double,double)"] = (both, "double")
    for kind in ("int", "long", "float", "double"):
        found[f"java.lang.Math.max({kind},{kind})"] = (max, kind)
        found[f"java.lang.Math.min({kind},{kind})"] = (min, kind)
        found[f"java.lang.Math.abs({kind})"] = (abs, kind)
    for kind, box in {"byte": "Byte", "short": "Short", "int": "Integer", "long": "Long"}.items():
        found[f"java.lang.{box}.valueOf({kind})"] = (lambda value: value, kind)
        found[f"java.lang.{box}.valueOf(java.lang.String)"] = (lambda text, k=kind: _CONVERT[k](_parse(text)), kind)
    for kind, box in {"float": "Float", "double": "Double"}.items():
        found[f"java.lang.{box}.valueOf({kind})"] = (lambda value: value, kind)
        found[f"java.lang.{box}.valueOf(java.lang.String)"] = (lambda text, k=kind: _CONVERT[k](_parse(text)), kind)
    found["java.lang.String.valueOf(char)"] = (str, "java.lang.String")
    found["java.lang.String.format(java.lang.String,[Ljava.lang.Object;)"] = (_format, "java.lang.String")
    return found


def _wrap(signature: str, function: Callable[..., object], result: str) -> Callable[..., object]:
    converts = [_CONVERT[each] for each in signature[signature.index("(") + 1 : -1].split(",")]

    def call(*values: object) -> object:
        if len(values) < len(converts):
            raise Invalid("too few arguments")
        if converts[-1] is _objects:
            values = (*values[: len(converts) - 1], list(values[len(converts) - 1 :]))
        try:
            return _back(result, function(*(convert(value) for convert, value in zip(converts, values, strict=True))))
        except (ValueError, ArithmeticError, TypeError) as error:
            raise Invalid(str(error)) from None

    return call


JAVA: dict[str, Callable[..., object]] = {
    signature: _wrap(signature, function, result) for signature, (function, result) in _signatures().items()
}
"""Allowed functions by `class.method(type,type)`, without spaces."""
