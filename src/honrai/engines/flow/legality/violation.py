"""What a legality check answers with: one broken constraint each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a file breaks a constraint of BPMN 2.0.

    `constraint` is its name (`EXT.nnn` as the BPMNspector catalogue numbers the constraints of the standard, `XSD`
    for the file's grammar, `REF` for a reference, `XML` for a file that cannot be read). `element` is the element's
    name, `id` its id ("" where it has none), `line` counts from 1. `message` says what is wrong and `remedy` how to
    mend it, both in Japanese for the person who drew the model. `unseen` marks what could not be judged because an
    imported file is not at hand: it is reported, but it does not make the file invalid.
    """

    constraint: str
    element: str
    id: str
    line: int
    message: str
    remedy: str
    file: str = ""
    unseen: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file else f"{self.line}行"
        name = f"{self.element}「{self.id}」" if self.id else self.element
        return f"{place} [{self.constraint}] {name}: {self.message} → {self.remedy}"


def valid(violations: list[Violation]) -> bool:
    """Say whether a file with these violations is valid BPMN 2.0, as far as its imports were at hand."""
    return all(violation.unseen for violation in violations)
