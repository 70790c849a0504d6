"""Regular expressions of XPath 3.1 on RE2, which runs in linear time whatever the pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import re2

from honrai.engines.feel.runtime import Invalid, Runtime


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
    """A compiled pattern."""

    def __init__(self, program: Any, literal: bool) -> None:
        self.program = program
        self.literal = literal

    def search(self, text: str, at: int, rt: Runtime) -> Found | None:
        """Return the first match from `at` on."""
        found = self.program.search(text, at)
        if found is None:
            return None
        return Found(found.start(), found.end(), tuple(found.span(i + 1) for i in range(self.program.groups)))

    def find_all(self, text: str, rt: Runtime) -> Iterator[Found]:
        """Yield the matches that do not overlap, from the left."""
        for found in self.program.finditer(text):
            rt.charge(1)
            yield Found(found.start(), found.end(), tuple(found.span(i + 1) for i in range(self.program.groups)))


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str) -> Pattern:
    """Return the compiled pattern. Raises Invalid when the pattern or a flag is none."""
    if set(flags) - set("smixq"):
        raise Invalid(f"the flags {flags} are not among s, m, i, x, q")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    source = re.escape(pattern) if "q" in flags else pattern
    used = "".join(flag for flag in flags if flag in "smi")
    try:
        return Pattern(re2.compile(f"(?{used}){source}" if used else source, options), "q" in flags)
    except re2.error as error:
        raise Invalid(f"the pattern is not a regular expression: {error}") from None
