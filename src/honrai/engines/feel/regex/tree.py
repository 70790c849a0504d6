"""The tree of a regular expression, and its reader: XPath and XQuery Functions 3.1, section 5.6.1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from honrai.engines.feel.runtime import Invalid

from .sets import (
    CATEGORIES,
    NAME,
    NAME_START,
    SMALL_CATEGORIES,
    SPACE,
    Ranges,
    block,
    category,
    complement,
    merged,
    minus,
    small_categories,
    with_cases,
)

_DEEPEST = 100
_MOST_REPEATS = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a pattern; each kind below is one."""


@dataclass(frozen=True, slots=True)
class Chars(Part):
    """One character of a set: of the ranges or of the categories named, or of neither where `negated`."""

    ranges: Ranges = ()
    categories: tuple[str, ...] = ()
    negated: bool = False

    def all(self) -> Ranges:
        """Return the set as ranges."""
        found = merged([*self.ranges, *(pair for name in self.categories for pair in category(name))])
        return complement(found) if self.negated else found


@dataclass(frozen=True, slots=True)
class Char(Part):
    """One character, as it is; with the flag i, in any case."""

    char: str


@dataclass(frozen=True, slots=True)
class Sequence(Part):
    """Parts one after another; none is the empty string."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice(Part):
    """One of several parts, the first that leads to a match."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat(Part):
    """A part from `least` to `most` times (None for any number), as many or as few as possible."""

    part: Part
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group(Part):
    """A part in brackets; `number` counts capturing groups from 1, 0 does not capture."""

    part: Part
    number: int


@dataclass(frozen=True, slots=True)
class Edge(Part):
    """`^` or `$`."""

    sign: str


@dataclass(frozen=True, slots=True)
class BackReference(Part):
    """What group `number` matched, once more."""

    number: int


_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"} | {char: char for char in "\\|.-^?*+{}$()[]"}
_CLASSES = {
    "s": Chars(SPACE),
    "i": Chars(NAME_START),
    "c": Chars(NAME),
    "d": Chars(categories=("Nd",)),
    # Everything but punctuation, separators and others.
    "w": Chars(categories=("L", "M", "N", "S")),
}


class Reader:
    """Reads one pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.text = pattern
        self.fold = "i" in flags
        self.free = "x" in flags
        self.dot = Chars(negated=True) if "s" in flags else Chars(((10, 10), (13, 13)), negated=True)
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0
        self.references = False

    def fail(self, what: str) -> NoReturn:
        """Refuse the pattern."""
        raise Invalid(f"パターンが正規表現ではありません（{self.at + 1} 文字目: {what}）")

    def read(self) -> Part:
        """Return the tree of the whole pattern. Raises Invalid when it is not one."""
        made = self._choice()
        if self.at < len(self.text):
            self.fail("開いていないかっこが閉じています")
        return made

    def _peek(self) -> str:
        if self.free:
            while self.at < len(self.text) and self.text[self.at] in " \t\n\r":
                self.at += 1
        return self.text[self.at : self.at + 1]

    def _take(self) -> str:
        char = self.text[self.at : self.at + 1]
        if not char:
            self.fail("途中で終わっています")
        self.at += 1
        return char

    def _choice(self) -> Part:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail(f"かっこの入れ子が {_DEEPEST} 段を超えています")
        parts = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            parts.append(self._sequence())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Part:
        parts = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._quantified(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _quantified(self, atom: Part) -> Part:
        sign = self._peek()
        if sign not in ("?", "*", "+", "{") or not sign:
            return atom
        self.at += 1
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(sign) or self._counts()
        greedy = self._peek() != "?"
        self.at += not greedy
        if self._peek() in ("?", "*", "+", "{") and self._peek():
            self.fail("繰り返しの記号が続いています")
        return Repeat(atom, least, most, greedy)

    def _counts(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        first, comma, second = self.text[self.at : max(end, self.at)].partition(",")
        if end < 0 or not _is_count(first) or (second and not _is_count(second)):
            self.fail("{ は {n}, {n,}, {n,m} の形で書きます")
        self.at = end + 1
        least = int(first)
        most = int(second) if second else None if comma else least
        if most is not None and most < least:
            self.fail("大きい数が先にあります")
        if max(least, most or 0) > _MOST_REPEATS:
            self.fail(f"繰り返しが {_MOST_REPEATS} 回を超えています")
        return least, most

    def _atom(self) -> Part:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if char == ".":
            return self.dot
        if char in "^$":
            return Edge(char)
        if char in "?*+{}]":
            self.fail(f"{char} は何かの後に書くか、\\{char} と書きます")
        return Char(char)

    def _group(self) -> Part:
        number = 0
        if self.text.startswith("?:", self.at):
            self.at += 2
        elif self._peek() == "?":
            self.fail("(? で始められるのは (?: だけです")
        else:
            self.groups += 1
            number = self.groups
        made = self._choice()
        if self._peek() != ")":
            self.fail("かっこが閉じていません")
        self.at += 1
        self.closed.add(number)
        return Group(made, number)

    def _escape(self) -> Part:
        char = self._take()
        if char in _ESCAPED:
            return Char(_ESCAPED[char])
        if char in "123456789":
            return self._reference(char)
        return self._class_escape(char)

    def _reference(self, digits: str) -> Part:
        while self.text[self.at : self.at + 1].isdigit() and int(digits + self.text[self.at]) <= self.groups:
            digits += self._take()
        if int(digits) not in self.closed:
            self.fail(f"\\{digits} の前に {digits} 番目のかっこが終わっていません")
        self.references = True
        return BackReference(int(digits))

    def _class_escape(self, char: str) -> Chars:
        known = _CLASSES.get(char.lower())
        if known is not None:
            return known if char.islower() else Chars(known.ranges, known.categories, negated=True)
        if char not in "pP":
            self.fail(f"\\{char} という書き方はありません")
        end = self.text.find("}", self.at)
        if self.text[self.at : self.at + 1] != "{" or end < 0:
            self.fail(f"\\{char} には {{}} に入れた名前が要ります")
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        if name in CATEGORIES:
            return Chars(categories=(name,), negated=char == "P")
        ranges = block(name[2:]) if name.startswith("Is") else None
        if ranges is None:
            self.fail(f"文字の種類 {name} はありません")
        return Chars(ranges, negated=char == "P")

    def _class(self) -> Chars:
        """Read `[...]` after its `[`, with `^` and `-[...]`."""
        negated = self.text[self.at : self.at + 1] == "^"
        self.at += negated
        made: list[tuple[int, int]] = []
        names: list[str] = []
        first = True
        subtracted: Ranges = ()
        while True:
            char = self.text[self.at : self.at + 1]
            if char == "]" and not first:
                self.at += 1
                break
            if char == "-" and self.text[self.at + 1 : self.at + 2] == "[" and not first:
                self.at += 2
                subtracted = self._subtracted()
                break
            self._class_part(made, names, first)
            first = False
        return self._finish(made, names, negated, subtracted)

    def _subtracted(self) -> Ranges:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail(f"かっこの入れ子が {_DEEPEST} 段を超えています")
        inner = self._class().all()
        self.depth -= 1
        if self._take() != "]":
            self.fail("-[...] の後で文字の組を閉じてください")
        return inner

    def _finish(self, made: list[tuple[int, int]], names: list[str], negated: bool, subtracted: Ranges) -> Chars:
        ranges = merged(made)
        if self.fold:
            ranges = with_cases(ranges)
        whole = Chars(ranges, tuple(names), negated)
        return Chars(minus(whole.all(), subtracted)) if subtracted else whole

    def _class_part(self, made: list[tuple[int, int]], names: list[str], first: bool) -> None:
        low = self._class_char(first)
        if isinstance(low, Chars):
            names.extend(_positive(low))
            made.extend(complement(low.ranges) if low.negated and low.ranges else low.ranges)
            return
        high = low
        following = self.text[self.at : self.at + 2]
        if following[:1] == "-" and following not in ("-]", "-["):
            self.at += 1
            end = self._class_char(first=False)
            if isinstance(end, Chars) or end < low:
                self.fail("文字の範囲の順が逆です")
            high = end
        made.append((low, high))

    def _class_char(self, first: bool) -> int | Chars:
        char = self._take()
        if char == "\\":
            char = self._take()
            return ord(_ESCAPED[char]) if char in _ESCAPED else self._class_escape(char)
        if char == "[" or (char == "]" and not first):
            self.fail(f"文字の組の中の {char} は \\{char} と書きます")
        if char == "]":
            self.fail("文字の組が空です")
        if char == "-" and not first and self.text[self.at : self.at + 1] != "]":
            self.fail("文字の組の中の - は最初か最後に書くか、\\- と書きます")
        return ord(char)


def _positive(chars: Chars) -> list[str]:
    """Return the categories whose union is what an escape means; one with ranges has no categories."""
    if not chars.negated or not chars.categories:
        return list(chars.categories)
    without = {small for name in chars.categories for small in small_categories(name)}
    return [small for small in SMALL_CATEGORIES if small not in without]


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
