"""Regular expressions of XPath 3.1, in time that no pattern can blow up.

`tree` reads a pattern; `re2text` writes it for RE2, which is linear; the few patterns with back-references, which RE2
cannot, run in `backtrack` on the budget of the evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import re2

from honrai.engines.feel.runtime import Invalid, Runtime

from .backtrack import Program
from .re2text import write
from .tree import Reader

_LONGEST = 10_000


class Found(NamedTuple):
    """One match: where it starts and ends, and the span of each group (-1, -1 where it took no part)."""

    start: int
    end: int
    groups: tuple[tuple[int, int], ...]

    def expand(self, replacement: str, text: str, *, literal: bool) -> str:
        """Return the replacement with `$0`, `$1`... filled in. Raises Invalid when it is malformed."""
        if literal or ("$" not in replacement and "\\" not in replacement):
            return replacement
        return _REFERENCE.sub(lambda found: self._one(found, text), replacement)

    def _one(self, found: re.Match[str], text: str) -> str:
        digits, escaped = found.groups()
        if escaped:
            return str(escaped)
        if digits is None:
            raise Invalid("in a replacement, $ needs a group number and \\ needs $ or \\")
        kept = digits
        while len(kept) > 1 and int(kept) > len(self.groups):
            kept = kept[:-1]
        number = int(kept)
        if number == 0:
            return text[self.start : self.end] + digits[len(kept) :]
        if number > len(self.groups):
            return digits[len(kept) :]
        start, end = self.groups[number - 1]
        return text[start:end] + digits[len(kept) :] if start >= 0 else digits[len(kept) :]


_REFERENCE = re.compile(r"\$(\d+)|\\([$\\])|[$\\]")


class Pattern:
    """A compiled pattern; `literal` when its replacement is to be taken as it is (flag q)."""

    def __init__(self, program: Any, groups: int, *, literal: bool) -> None:
        self.program = program
        self.groups = groups
        self.literal = literal

    def search(self, text: str, rt: Runtime) -> Found | None:
        """Return the first match, None when there is none."""
        return next(self.find_all(text, rt), None)

    def find_all(self, text: str, rt: Runtime) -> Iterator[Found]:
        """Yield the matches that do not overlap, from the left."""
        try:
            for found in self.program.finditer(text):
                rt.charge(1)
                yield Found(found.start(), found.end(), tuple(found.span(i + 1) for i in range(self.groups)))
        except UnicodeEncodeError:
            raise Invalid("文字列に文字の半分だけが含まれています") from None


class BacktrackingPattern(Pattern):
    """A pattern with back-references."""

    def find_all(self, text: str, rt: Runtime) -> Iterator[Found]:
        """Yield the matches that do not overlap, from the left."""
        at = 0
        while at <= len(text):
            saved = self.program.match_at(text, at, rt)
            if saved is None:
                at += 1
                continue
            start, end, *spans = saved
            yield Found(start, end, tuple(zip(spans[::2], spans[1::2], strict=True)))
            at = end if end > start else end + 1


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str) -> Pattern:
    """Return the compiled pattern. Raises Invalid when the pattern or a flag is none."""
    if set(flags) - set("smixq"):
        raise Invalid(f"フラグ {flags} は s, m, i, x, q のいずれでもありません")
    if len(pattern) > _LONGEST:
        raise Invalid(f"パターンが {_LONGEST} 文字を超えています")
    if "q" in flags:
        return _re2(re2.escape(pattern), flags, 0)
    reader = Reader(pattern, flags)
    tree = reader.read()
    if reader.references:
        program = Program(tree, reader.groups, fold="i" in flags, lines="m" in flags)
        return BacktrackingPattern(program, reader.groups, literal=False)
    return _re2(write(tree), flags, reader.groups)


def _re2(source: str, flags: str, groups: int) -> Pattern:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    used = "".join(flag for flag in ("i", "m") if flag in flags)
    try:
        return Pattern(re2.compile(f"(?{used}){source}" if used else source, options), groups, literal="q" in flags)
    except (re2.error, UnicodeEncodeError) as error:
        raise Invalid(f"パターンが正規表現ではありません（{error}）") from None
