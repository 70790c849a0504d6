"""What can go wrong, each with its place and how to mend it."""

from dataclasses import dataclass

LONGEST_SHOWN = 120


def shown(text: str) -> str:
    """Return a text from the file in quotes, cut when it is too long for a message."""
    return repr(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "...")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a model is not run.

    Attributes:
        element: local name of the element or attribute, e.g. "scriptTask".
        id: the element's id, "" when it has none.
        line: line in the file, 1-based; 0 when the model was built in memory.
        message: what is wrong and how to mend it, one sentence each.
    """

    element: str
    id: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.element[:LONGEST_SHOWN]} {shown(self.id)}: {self.message}"


class FlowError(Exception):
    """Anything this engine refuses; the message is fit to be shown."""


class BadModel(FlowError):
    """The file cannot be read as one BPMN model.

    Attributes:
        file, line, element: where; `element` is "" before the first element.
        remedy: how to mend it.
    """

    def __init__(self, problem: str, remedy: str, *, file: str = "", line: int = 0, element: str = "") -> None:
        self.problem, self.remedy = problem, remedy
        self.file, self.line, self.element = file, line, element
        where = f"{file or 'model'}:{line}" + (f" <{element[:LONGEST_SHOWN]}>" if element else "")
        super().__init__(f"{where}: {problem}. {remedy}")


class NotExecutable(FlowError):
    """The model may be legal BPMN but holds something that is not run exactly, so it does not start.

    Attributes:
        refusals: every reason, in document order; never empty.
    """

    def __init__(self, refusals: tuple[Refusal, ...], file: str = "") -> None:
        self.refusals = refusals
        self.file = file
        super().__init__("\n".join(f"{file or 'model'}: {refusal}" for refusal in refusals))


class StepRefused(FlowError):
    """The event does not fit the state (nothing waits for it); the state is unchanged."""


class Incident(FlowError):
    """The flow cannot go on from here with these facts; the state is unchanged and the step may be tried again.

    Attributes:
        node: id of the element that could not proceed.
        message: what is wrong and how to mend it.
        file, line: where the element stands, 0 when that is not known.
    """

    def __init__(self, node: str, message: str, file: str = "", line: int = 0) -> None:
        self.node, self.message = node, message
        self.file, self.line = file, line
        super().__init__(f"{file or 'model'}:{line} <{node}>: {message}" if line else f"{node}: {message}")
