"""The one error of this library: what is wrong, where, and how to mend it, in words for the author of the model."""

from __future__ import annotations


class DecisionError(Exception):
    """A model, or a use of it, that cannot be carried out exactly.

    Attributes:
        problem: what is wrong (Japanese, one sentence).
        remedy: how to mend it (Japanese, one sentence).
        file: name of the file, as given to `read`.
        line: line in that file, 0 where there is none.
        element: element name with its name or id, such as `decision「助成額」`.
    """

    def __init__(self, problem: str, remedy: str, *, file: str = "", line: int = 0, element: str = "") -> None:
        self.problem, self.remedy, self.file, self.line, self.element = problem, remedy, file, line, element
        place = file + (f" {line}行目" if line else "")
        where = "、".join(part for part in (place, element) if part)
        super().__init__(f"{where}: {problem} {remedy}" if where else f"{problem} {remedy}")
