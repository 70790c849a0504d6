"""Measuring and wrapping labels: Japanese breaks anywhere but before a closing mark; Latin words stay whole."""

import re
import unicodedata

_TOKENS = re.compile(r"[A-Za-z0-9_.,:;@/%+\-]+|\s+|.", re.DOTALL)
_NOT_FIRST = frozenset("、。，．・：；？！」』）】〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]}!?:;,.")
_NOT_LAST = frozenset("「『（【〔〈《([{")


def width(text: str) -> float:
    """Return the width of a text in ems: 1 for a full-width character, 0.55 for others."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.55 for one in text)


def wrap(text: str, ems: float, lines: int) -> list[str]:
    """Break a label into lines.

    Args:
        text: the label; line breaks in it are kept.
        ems: the width of a line.
        lines: the most lines; what does not fit ends in "…".
    """
    found: list[str] = []
    for part in text.splitlines():
        found += _even(part.strip(), ems)
    if len(found) > lines:
        last = found[lines - 1]
        while last and width(last) + 1 > ems:
            last = last[:-1]
        found = [*found[: lines - 1], last + "…"]
    return found


def _even(text: str, ems: float) -> list[str]:
    """Break into as few lines as needed, about equally long, so that no single character is left over."""
    lines = _wrap_line(text, ems)
    narrow = width(text) / max(1, len(lines))
    while len(lines) > 1 and narrow < ems:
        closer = _wrap_line(text, narrow)
        if len(closer) == len(lines):
            return closer
        narrow += 0.5
    return lines


def _wrap_line(text: str, ems: float) -> list[str]:
    lines, line = [], ""
    for token in _pieces(text, ems):
        if line and width(line + token) > ems and token[0] not in _NOT_FIRST:
            carried = ""
            while line and line[-1] in _NOT_LAST:
                line, carried = line[:-1], line[-1] + carried
            lines.append(line.rstrip())
            line = carried + token.lstrip()
        else:
            line += token
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str, ems: float) -> list[str]:
    """Return the parts a line may be broken between; a word longer than a line is cut."""
    pieces: list[str] = []
    for token in _TOKENS.findall(text):
        while width(token) > ems:
            size = max(1, int(ems / 0.55))
            pieces.append(token[:size])
            token = token[size:]
        if token:
            pieces.append(token)
    return pieces
