"""Reads a type as written after `instance of` or in a parameter: `list<number>`, `function<string> -> date`."""

from __future__ import annotations

import re
from collections.abc import Callable

from .names import NEXT_WORD, WORD, normal
from .types import SIMPLE, Type, context_of, function_of, list_of, range_of

_MADE = re.compile(r"(list|range|context|function)\s*<")
_SPACE = re.compile(r"\s*")
_ARROW = re.compile(r"\s*>\s*->\s*")
_LONG = re.compile(r"(?:date\s+and\s+time|days\s+and\s+time\s+duration|years\s+and\s+months\s+duration)\b")
_STOP = frozenset(["and", "or", "in", "then", "else", "return", "satisfies", "between", "instance", "external"])
_DEEPEST = 20

Found = tuple[Type, int]


def scan_type(text: str, at: int, resolve: Callable[[str], Type], depth: int = 0) -> Found | None:
    """Return the type written at `at` and where it ends, None when there is none; `resolve` knows other names."""
    at = _skip(text, at)
    made = _MADE.match(text, at)
    if made and depth < _DEEPEST:
        return _READ[made[1]](text, made.end(), resolve, depth + 1)
    long = _LONG.match(text, at)
    if long:
        return SIMPLE[normal(long[0])], long.end()
    word = WORD.match(text, at)
    return _named(text, word, resolve) if word else None


def _named(text: str, word: re.Match[str], resolve: Callable[[str], Type]) -> Found:
    name, end = word[0], word.end()
    while True:
        following = NEXT_WORD.match(text, end)
        if following and following[1] not in _STOP:
            name, end = f"{name} {following[1]}", following.end()
        elif text[end : end + 1] == "." and WORD.match(text, end + 1):
            found = WORD.match(text, end + 1)
            assert found is not None
            name, end = f"{name}.{found[0]}", found.end()
        else:
            break
    bare = {"list": list_of(), "range": range_of(), "context": context_of()}
    return SIMPLE.get(name) or bare.get(name) or resolve(name), end


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _close(text: str, at: int) -> int | None:
    at = _skip(text, at)
    return at + 1 if text[at : at + 1] == ">" else None


def _one(make: Callable[[Type], Type]) -> Callable[..., Found | None]:
    def read(text: str, at: int, resolve: Callable[[str], Type], depth: int) -> Found | None:
        inner = scan_type(text, at, resolve, depth)
        end = _close(text, inner[1]) if inner else None
        return (make(inner[0]), end) if inner and end is not None else None

    return read


def _context(text: str, at: int, resolve: Callable[[str], Type], depth: int) -> Found | None:
    entries: dict[str, Type] = {}
    while True:
        key = re.compile(r"\s*([^:<>,]+?)\s*:").match(text, at)
        inner = scan_type(text, key.end(), resolve, depth) if key else None
        if key is None or inner is None:
            return None
        entries[normal(key[1])] = inner[0]
        at = _skip(text, inner[1])
        if text[at : at + 1] != ",":
            end = _close(text, at)
            return None if end is None else (context_of(entries), end)
        at += 1


def _function(text: str, at: int, resolve: Callable[[str], Type], depth: int) -> Found | None:
    params: list[Type] = []
    arrow = _ARROW.match(text, at)
    while arrow is None:
        inner = scan_type(text, at, resolve, depth)
        if inner is None:
            return None
        params.append(inner[0])
        arrow = _ARROW.match(text, inner[1])
        at = _skip(text, inner[1])
        if arrow is None:
            if text[at : at + 1] != ",":
                return None
            at += 1
    result = scan_type(text, arrow.end(), resolve, depth)
    return (function_of(tuple(params), result[0]), result[1]) if result else None


_READ: dict[str, Callable[..., Found | None]] = {
    "list": _one(list_of),
    "range": _one(range_of),
    "context": _context,
    "function": _function,
}
