"""Names with spaces, signs and Japanese characters: which characters, and the longest known name at a place.

A name of plain words needs no help: `家族 人数` is read as one name because two names never stand side by side.
A name that holds a sign (`a-b`, `Student's name`) or a keyword (`Terms and Conditions`) is only known from the
names in scope, and the longest that fits wins (DMN 1.5, 10.3.1.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
# The half-width katakana and iteration marks of Japanese lie inside these ranges; U+3005 (々) and U+3007 (〇) too.
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040'"

WORD = re.compile(f"[{_START}][{_PART}]*")
WORD_PART = re.compile(f"[{_PART}]")
NEXT_WORD = re.compile(f"[ \t\r\n\u3000]+([{_START}][{_PART}]*|[0-9][{_PART}]*)")
_SPACES = re.compile(r"\s+")
_PIECES = re.compile(f"[{_PART}]+|[^{_PART}\\s]")
PLAIN = re.compile(f"[{_START}][{_PART}]*(?: [{_PART}]+)*")


def normal(name: str) -> str:
    """Return the name with each run of white space as one space and none at its ends."""
    return _SPACES.sub(" ", name.strip())


class NameIndex:
    """Known names that plain words would not find, by their first word; later layers are scopes inside scopes."""

    __slots__ = ("_keywords", "first_words")

    def __init__(self, keywords: frozenset[str], names: Iterable[str] = ()) -> None:
        self._keywords = keywords
        self.first_words: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for name in names:
            self.add(name)

    def copy(self) -> NameIndex:
        """Return an index that can grow on its own."""
        other = NameIndex(self._keywords)
        other.first_words = dict(self.first_words)
        return other

    def needs(self, name: str) -> bool:
        """Tell whether plain words would not find this name."""
        return PLAIN.fullmatch(name) is None or not self._keywords.isdisjoint(name.split(" "))

    def add(self, name: str) -> None:
        """Add a name; white space in it may be written in any amount."""
        name = normal(name)
        first = WORD.match(name)
        if first is None or not self.needs(name):
            return
        known = self.first_words.get(first[0], [])
        if all(name != old for old, _ in known):
            entry = (name, _pattern(name))
            self.first_words[first[0]] = sorted([*known, entry], key=lambda item: -len(item[0]))

    def longest(self, first: str, text: str, at: int) -> tuple[str, int] | None:
        """Return the longest known name that begins at `at` with the word `first`, and where it ends."""
        for name, pattern in self.first_words.get(first, ()):
            found = pattern.match(text, at)
            if found:
                return name, found.end()
        return None


def _pattern(name: str) -> re.Pattern[str]:
    body = r"\s+".join(re.escape(part) for part in name.split(" "))
    return re.compile(body + (f"(?![{_PART}])" if WORD_PART.match(name[-1]) else ""))
