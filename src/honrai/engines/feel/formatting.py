"""Writes values as FEEL text: what `string()` gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from .names import PLAIN
from .values import Function, Range


def format_number(value: Decimal) -> str:
    """Return a number in full, without exponent or trailing zeros; zero has no sign."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def quote(text: str) -> str:
    """Return a string as a FEEL literal."""
    return json.dumps(text, ensure_ascii=False)


def text_of(value: object, charge: Callable[[int], None]) -> str:
    """Return what `string(value)` gives; a string itself is not quoted. `charge` is told each length."""
    text = value if isinstance(value, str) else _inner(value, charge)
    charge(len(text))
    return text


def _inner(value: object, charge: Callable[[int], None]) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    write = _WRITERS.get(type(value))
    text = write(value, charge) if write else str(value)
    charge(len(text))
    return text


def _list(value: list[object], charge: Callable[[int], None]) -> str:
    return f"[{', '.join([_inner(item, charge) for item in value])}]"


def _context(value: dict[str, object], charge: Callable[[int], None]) -> str:
    return "{" + ", ".join([f"{_key(key)}: {_inner(item, charge)}" for key, item in value.items()]) + "}"


def _key(key: str) -> str:
    return key if PLAIN.fullmatch(key) else quote(key)


def _range(value: Range, charge: Callable[[int], None]) -> str:
    if value.op:
        end = value.end if value.op in ("<", "<=") else value.start
        return f"({value.op} {_inner(end, charge)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_inner(value.start, charge)}..{_inner(value.end, charge)}{closing}"


_WRITERS: dict[type, Callable[..., str]] = {
    Decimal: lambda value, charge: format_number(value),
    str: lambda value, charge: quote(value),
    list: _list,
    dict: _context,
    Range: _range,
    Function: lambda value, charge: repr(value),
}
