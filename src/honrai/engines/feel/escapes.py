"""The escapes inside string literals."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
                     r"|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)  # fmt: skip
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def unescape(text: str) -> str:
    """Return the content of a string literal with its escapes resolved; an unknown one keeps its backslash."""
    return _ESCAPE.sub(_unescape_one, text) if "\\" in text else text


def _unescape_one(found: re.Match[str]) -> str:
    high, low, four, six, other = found.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if four or six:
        code = int(four or six, 16)
        return chr(code) if code <= 0x10FFFF else found[0]
    return _SIMPLE_ESCAPES.get(other, found[0])
