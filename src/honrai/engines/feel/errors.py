"""What can go wrong with FEEL: one error that stops, one warning that does not.

Messages are Japanese sentences for the clerk who wrote the expression.

`FeelError` stops: the text is not FEEL, or it asks for more work than its limits allow. A `Warning` says why a
part of an expression became null; evaluation goes on, as the standard asks.
"""

from dataclasses import dataclass


class FeelError(Exception):
    """The expression cannot be read or cannot be run to its end.

    Args:
        what: what is wrong, in plain words.
        remedy: how to mend it.
        file: name of the file the text came from, "" when it came from none.
        line: line in the text, counted from 1.
        column: column in the line, counted from 1.
    """

    def __init__(self, what: str, *, remedy: str, file: str = "", line: int = 1, column: int = 1) -> None:
        self.what = what
        self.remedy = remedy
        self.file = file
        self.line = line
        self.column = column
        where = f"{file or 'FEEL'}:{line}:{column}"
        super().__init__(f"{where}: {what}{remedy}")


class FeelLimitError(FeelError):
    """The expression is too deep, too large, or took more steps than its budget."""


@dataclass(frozen=True, slots=True)
class Warning:
    """Why a part of an expression became null.

    `at` is the offset of that part in the text (0-based); line and column count from 1.
    """

    at: int
    what: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.what}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing the static check found before running: what, where, and how to mend it."""

    at: int
    code: str
    what: str
    remedy: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.what}{self.remedy}"


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Return the line and column, both from 1, of the 0-based offset `at` in `text`."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
