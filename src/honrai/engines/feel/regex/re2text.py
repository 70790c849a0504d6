"""Writes the tree of a pattern for RE2."""

from __future__ import annotations

import re

from . import tree as t

# Categories that RE2 does not have, or not as Unicode defines them.
_UNKNOWN = frozenset({"C", "Cn", "Cs"})


def write(part: t.Part) -> str:
    """Return the RE2 pattern of a tree without back-references."""
    if isinstance(part, t.Char):
        return re.escape(part.char)
    if isinstance(part, t.Chars):
        return _chars(part)
    if isinstance(part, t.Sequence):
        return "".join(map(_within_sequence, part.parts))
    if isinstance(part, t.Choice):
        return "|".join(map(write, part.parts))
    if isinstance(part, t.Repeat):
        return _atom(part.part) + _count(part) + ("" if part.greedy else "?")
    if isinstance(part, t.Group):
        return f"({'' if part.number else '?:'}{write(part.part)})"
    assert isinstance(part, t.Edge)
    return part.sign


def _within_sequence(part: t.Part) -> str:
    return f"(?:{write(part)})" if isinstance(part, t.Choice) else write(part)


def _atom(part: t.Part) -> str:
    return write(part) if isinstance(part, t.Char | t.Chars | t.Group) else f"(?:{write(part)})"


def _count(part: t.Repeat) -> str:
    if part.most is None:
        return {0: "*", 1: "+"}.get(part.least, f"{{{part.least},}}")
    return "?" if (part.least, part.most) == (0, 1) else f"{{{part.least},{part.most}}}"


def _chars(part: t.Chars) -> str:
    """Return a class; case is settled already, so folding is off inside it."""
    if not _UNKNOWN.isdisjoint(part.categories):
        part = t.Chars(part.all())
    body = "".join(f"\\p{{{name}}}" for name in part.categories)
    body += "".join(f"\\x{{{low:X}}}-\\x{{{high:X}}}" for low, high in part.ranges)
    if not body:
        # RE2 has no empty class: nothing, or anything.
        return "(?s:.)" if part.negated else "[^\\x00-\\x{10FFFF}]"
    return f"(?-i:[{'^' if part.negated else ''}{body}])"
