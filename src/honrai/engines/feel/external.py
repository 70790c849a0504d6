"""External Java functions: only those on the list that whoever runs the expression hands over; none by default.

`JAVA_LANG` is a list of pure functions of `java.lang.Math`, `java.lang.String` and the number classes, which the
conformance kit uses. Nothing is ever looked up by name in Python.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from .formatting import format_number
from .runtime import Invalid, Runtime
from .types import Type
from .values import CONTEXT, Function

_SIGNATURE = re.compile(r"\s*(\w{1,40})\s*\(([^()]{0,400})\)\s*")


# The virtual machine's own way to write the type of a variable number of arguments.
_KINDS = {"[Ljava.lang.Object;": "java.lang.Object...", "java.lang.Object[]": "java.lang.Object..."}


def external_function(
    rt: Runtime, description: object, params: tuple[str, ...], types: tuple[Type | None, ...]
) -> Function:
    """Return the allowed function that `{java: {class: ..., method signature: ...}}` names.

    Raises:
        Invalid: the description is none, or names a function that is not allowed here.
    """
    java = description.get("java") if isinstance(description, dict) else None
    owner = java.get("class") if isinstance(java, dict) else None
    signature = java.get("method signature") if isinstance(java, dict) else None
    found = _SIGNATURE.fullmatch(signature) if isinstance(signature, str) else None
    if not isinstance(owner, str) or found is None:
        raise Invalid("外部関数は {java: {class: ..., method signature: ...}} の形で書きます")
    kinds = [_KINDS.get(kind.strip(), kind.strip()) for kind in found[2].split(",") if kind.strip()]
    name = f"{owner}.{found[1]}({','.join(kinds)})"
    method = rt.externals.get(name)
    if method is None:
        raise Invalid(f"外部関数 {name} は許可されていません")
    if kinds and kinds[-1].endswith("..."):
        kinds = kinds[:-1] + [kinds[-1].removesuffix("...")] * (len(params) - len(kinds) + 1)
    if len(kinds) != len(params):
        raise Invalid(f"{name} の引数は {len(kinds)} 個です")
    return Function(name, params, _caller(name, method, kinds), types=types)


def _caller(name: str, method: Callable[..., object], kinds: list[str]) -> Callable[[Runtime, list[object]], object]:
    def call(rt: Runtime, args: list[object]) -> object:
        rt.charge(1)
        given = [_to_java(value, kind) for value, kind in zip(args, kinds, strict=True)]
        try:
            result = method(*given)
        except (ArithmeticError, ValueError, TypeError, IndexError) as error:
            raise Invalid(f"{name}: {error}") from None
        return _from_java(rt, result)

    return call


_INTEGERS = {
    "int": 32, "java.lang.Integer": 32, "long": 64, "java.lang.Long": 64, "short": 16, "java.lang.Short": 16,
    "byte": 8, "java.lang.Byte": 8,
}  # fmt: skip
_FLOATS = {"double", "java.lang.Double", "float", "java.lang.Float"}


def _to_java(value: object, kind: str) -> object:
    """Return the argument as the Java parameter type takes it. Raises Invalid when it cannot be."""
    if kind in _INTEGERS and isinstance(value, Decimal):
        bound = 2 ** (_INTEGERS[kind] - 1)
        whole = int(value) if abs(value) < 2**64 else bound
        if not -bound <= whole < bound:
            raise Invalid(f"{value} は {kind} の範囲を超えています")
        return whole
    if kind in _FLOATS and isinstance(value, Decimal):
        return float(value)
    if kind in ("java.lang.String", "String") and isinstance(value, str):
        return value
    if kind == "boolean" and isinstance(value, bool):
        return value
    if kind == "char" and isinstance(value, str) and len(value) == 1:
        return value
    if kind in ("java.lang.Object", "java.math.BigDecimal"):
        return value
    raise Invalid(f"引数が {kind} に合いません")


def _from_java(rt: Runtime, result: object) -> object:
    if isinstance(result, float):
        if not math.isfinite(result):
            raise Invalid("結果が有限の数値ではありません")
        return CONTEXT.create_decimal(repr(result))
    if isinstance(result, int) and not isinstance(result, bool):
        return CONTEXT.create_decimal(result)
    if isinstance(result, str):
        rt.charge_string(len(result))
    return result


def _java_round(value: float) -> int:
    return math.floor(value + 0.5)


def _unary(*names: str) -> dict[str, Callable[..., object]]:
    return {f"java.lang.Math.{name}(double)": _FUNCTIONS[name] for name in names}


_FUNCTIONS: dict[str, Callable[..., object]] = {
    "abs": abs, "acos": math.acos, "asin": math.asin, "atan": math.atan, "cbrt": math.cbrt,
    "ceil": lambda value: float(math.ceil(value)), "cos": math.cos, "cosh": math.cosh, "exp": math.exp,
    "floor": lambda value: float(math.floor(value)), "log": math.log, "log10": math.log10, "rint": round,
    "round": _java_round, "signum": lambda value: math.copysign(1.0, value) if value else 0.0, "sin": math.sin,
    "sinh": math.sinh, "sqrt": math.sqrt, "tan": math.tan, "tanh": math.tanh, "toDegrees": math.degrees,
    "toRadians": math.radians,
}  # fmt: skip
_PAIRS: dict[str, Callable[..., object]] = {"max": max, "min": min}

_FORMAT = re.compile(r"%(?:([-+ 0,]*)(\d{0,3})(?:\.(\d{1,3}))?([sdfn])|(%))")


def _format(pattern: str, *args: object) -> str:
    """Java's `String.format` for %s, %d, %f and %%, with flags, width and precision."""
    waiting = iter(args)

    def one(found: re.Match[str]) -> str:
        flags, width, precision, kind, percent = found.groups()
        if percent or kind == "n":
            return "%" if percent else "\n"
        value = next(waiting, None)
        if value is None:
            raise ValueError("引数が足りません")
        return _format_one(value, flags, width, precision, kind)

    return _FORMAT.sub(one, pattern)


def _format_one(value: object, flags: str, width: str, precision: str | None, kind: str) -> str:
    left = "<" if "-" in flags else ">" if kind == "s" else ""
    if kind == "s":
        text = format_number(value) if isinstance(value, Decimal) else _java_text(value)
        return format(text[: int(precision)] if precision else text, f"{left}{width}")
    if not isinstance(value, Decimal | int | float):
        raise ValueError("数値が必要です")
    sign = "+" if "+" in flags else " " if " " in flags else ""
    zero = "0" if "0" in flags and not left else ""
    comma = "," if "," in flags else ""
    if kind == "d":
        return format(int(value), f"{left}{sign}{zero}{width}{comma}d")
    return format(value, f"{left}{sign}{zero}{width}{comma}.{precision or 6}f")


_BOXES = {
    "int": "java.lang.Integer", "long": "java.lang.Long", "short": "java.lang.Short", "byte": "java.lang.Byte",
    "double": "java.lang.Double", "float": "java.lang.Float", "boolean": "java.lang.Boolean",
}  # fmt: skip


def _reader(kind: str) -> Callable[[str], object]:
    """Return what reads a number of one Java kind from text."""
    read: Callable[[str], object] = int if kind in _INTEGERS else float

    def value_of(text: str) -> object:
        if len(text) > 400 or "_" in text:
            raise ValueError("数値として読めません")
        return read(text)

    return value_of


def _java_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


JAVA_LANG: Mapping[str, Callable[..., object]] = {
    **_unary(*_FUNCTIONS),
    **{
        f"java.lang.Math.{name}({kind},{kind})": function
        for name, function in _PAIRS.items()
        for kind in ("double", "float", "int", "long")
    },
    **{f"java.lang.Math.abs({kind})": abs for kind in ("float", "int", "long")},
    "java.lang.Math.pow(double,double)": math.pow,
    "java.lang.Math.atan2(double,double)": math.atan2,
    "java.lang.Math.hypot(double,double)": math.hypot,
    "java.lang.Math.floorDiv(int,int)": lambda one, other: one // other,
    "java.lang.Math.floorMod(int,int)": lambda one, other: one % other,
    "java.lang.String.format(java.lang.String,java.lang.Object...)": _format,
    **{
        f"java.lang.String.valueOf({kind})": _java_text
        for kind in ("boolean", "char", "double", "float", "int", "long")
    },
    **{f"{_BOXES[kind]}.valueOf({kind})": lambda value: value for kind in _BOXES},
    **{f"{_BOXES[kind]}.valueOf(java.lang.String)": _reader(kind) for kind in _BOXES if kind != "boolean"},
}
