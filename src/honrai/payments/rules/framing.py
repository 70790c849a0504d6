"""The bytes of a file cut into records of 120, with CR LF after each or nothing between them."""

from __future__ import annotations

from honrai.payments.rules.layout import RECORD
from honrai.payments.rules.problems import Problem

_EOF = b"\x1a"
_ASK = "送り元に、1件120バイト(改行はCR LFか無し)のファイルを求めてください。"


def split_records(content: bytes) -> tuple[list[tuple[int, bytes]], list[Problem]]:
    """Return the records of the right length with their numbers from 1, and what is wrong with the others.

    An end-of-file mark (1A) at the very end is not a record. With CR LF one bad record leaves the others readable;
    without, everything behind it is out of step and each shows it.
    """
    content = content.removesuffix(_EOF)
    if not content:
        return [], [Problem(0, 0, "", "empty", "ファイルが空です。", _ASK)]
    if b"\r\n" not in content and (b"\n" in content or b"\r" in content):
        return [], [Problem(0, 0, "", "newline", "改行がCRだけかLFだけです。", _ASK)]
    if b"\r\n" in content:
        lines = content.removesuffix(b"\r\n").split(b"\r\n")
    else:
        lines = [content[at : at + RECORD] for at in range(0, len(content), RECORD)]
    good: list[tuple[int, bytes]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        if len(line) == RECORD:
            good.append((number, line))
        else:
            problems.append(Problem(number, 0, "", "length", f"レコードが{len(line)}バイトです。", _ASK))
    return good, problems
