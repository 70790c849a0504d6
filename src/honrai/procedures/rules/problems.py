"""What is wrong with a pack: every finding names the file, the element and the remedy."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend in a pack, in words its author understands.

    Attributes:
        file: path inside the pack, such as `form.yaml`; empty when the pack as a whole is meant.
        element: where in the file: a path such as `sections[2].fields[0].type`, or an id in a diagram.
        message: what is wrong (Japanese).
        remedy: what to do about it (Japanese).
    """

    file: str
    element: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Return the one-line form shown in reports."""
        return f"{self.file} {self.element}: {self.message} → {self.remedy}"


class PackError(Exception):
    """The pack cannot be used; `problems` says why, one entry for each thing to mend."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
