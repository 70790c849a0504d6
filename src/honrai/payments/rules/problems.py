"""What is wrong in a bank file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place.

    Attributes:
        line: number of the record in the file from 1; when writing a file, of the data record; 0: the file as a whole.
        position: first byte in the record, from 1; 0: the record as a whole.
        field: Japanese name of the field; empty: none.
        code: stable key for logs and tests.
        reason: what is wrong, for the clerk.
        remedy: how to mend it.
    """

    line: int
    position: int
    field: str
    code: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.line}件目" if self.line else "ファイル全体"
        place = f" {self.position}桁目" if self.position else ""
        name = f" {self.field}" if self.field else ""
        return f"{where}{place}{name}: {self.reason}{self.remedy}"


class FieldError(ValueError):
    """One field cannot be written or read; the record it stands in turns it into a Problem.

    Attributes:
        code: stable key.
        reason: what is wrong.
        remedy: how to mend it.
        offset: bytes from the start of the field to where it is wrong.
    """

    def __init__(self, code: str, reason: str, remedy: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.code, self.reason, self.remedy, self.offset = code, reason, remedy, offset


class BadFile(ValueError):
    """A file was not written because something in it is wrong; nothing of it exists.

    Attributes:
        problems: every problem found, in order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
