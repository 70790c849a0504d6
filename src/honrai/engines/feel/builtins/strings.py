"""Built-in functions on strings. Positions count characters (code points) from 1, or from the end when negative."""

from __future__ import annotations

from decimal import Decimal

from honrai.engines.feel.regex import Pattern, compile_pattern
from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.signatures import builtin


@builtin("substring(string: string, start position: number, length?: number) -> string")
def _substring(rt: Runtime, string: str, position: Decimal, length: Decimal | None = None) -> str:
    start = int(position) if abs(position) < 10**9 else 10**9
    if start == 0:
        raise Invalid("位置は先頭が 1、末尾が -1 です")
    begin = start - 1 if start > 0 else max(len(string) + start, 0)
    if length is None:
        return string[begin:]
    if length < 1:
        raise Invalid("長さが 1 未満です")
    return string[begin : begin + int(min(length, Decimal(10**9)))]


@builtin("string length(string: string) -> number")
def _string_length(rt: Runtime, string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case(string: string) -> string")
def _upper_case(rt: Runtime, string: str) -> str:
    rt.charge_string(len(string))
    return string.upper()


@builtin("lower case(string: string) -> string")
def _lower_case(rt: Runtime, string: str) -> str:
    rt.charge_string(len(string))
    return string.lower()


@builtin("substring before(string: string, match: string) -> string")
def _substring_before(rt: Runtime, string: str, match: str) -> str:
    rt.charge_string(len(string))
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string) -> string")
def _substring_after(rt: Runtime, string: str, match: str) -> str:
    rt.charge_string(len(string))
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string) -> boolean")
def _contains(rt: Runtime, string: str, match: str) -> bool:
    rt.charge_string(len(string))
    return match in string


@builtin("starts with(string: string, match: string) -> boolean")
def _starts_with(rt: Runtime, string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with(string: string, match: string) -> boolean")
def _ends_with(rt: Runtime, string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string?) -> boolean")
def _matches(rt: Runtime, string: str, pattern: str, flags: str | None = None) -> bool:
    return _pattern(rt, string, pattern, flags).search(string, rt) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string?) -> string")
def _replace(rt: Runtime, string: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    compiled = _pattern(rt, string, pattern, flags)
    if compiled.search("", rt) is not None:
        raise Invalid("空の文字列に一致するパターンは使えません")
    made, length, done = [], 0, 0
    for found in compiled.find_all(string, rt):
        piece = string[done : found.start] + found.expand(replacement, string, literal=compiled.literal)
        length += len(piece)
        rt.charge_string(length)
        rt.charge(1)
        made.append(piece)
        done = found.end
    rt.charge_string(length + len(string) - done)
    return "".join(made) + string[done:]


@builtin("split(string: string, delimiter: string) -> list<string>")
def _split(rt: Runtime, string: str, delimiter: str) -> list[str]:
    compiled = _pattern(rt, string, delimiter, None)
    pieces, done = [], 0
    for found in compiled.find_all(string, rt):
        if found.end > found.start:
            rt.charge(1)
            pieces.append(string[done : found.start])
            done = found.end
    return [*pieces, string[done:]]


@builtin("string join(list: list, delimiter?: string?) -> string")
def _string_join(rt: Runtime, items: list[object], delimiter: str | None = None) -> str:
    strings = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in strings):
        raise Invalid("文字列でない要素があります")
    rt.charge(len(strings))
    rt.charge_string(sum(map(len, strings)) + len(delimiter or "") * len(strings))  # type: ignore[arg-type]
    return (delimiter or "").join(strings)  # type: ignore[arg-type]


def _pattern(rt: Runtime, string: str, pattern: str, flags: str | None) -> Pattern:
    rt.charge_string(len(string) + len(pattern))
    return compile_pattern(pattern, flags or "")
