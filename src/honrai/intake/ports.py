"""What intake asks of casework, which lies above it; `site/wiring.py` binds the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from honrai.platform.authority.api import Actor


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the applicant is asked to mend: fields and papers by id."""

    code: str
    message: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterToSee:
    """A letter the applicant may open."""

    id: int
    title: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one case of an application stands, in words for the applicant.

    Attributes:
        case: key of the case.
        title: the procedure.
        stage: 受付・審査中・補正をお願いしています・決定しました・終わりました.
        due_on: by when it should be decided; None where the clock stands or it is over.
        outcome: what was decided, "" before.
        asked: what the applicant is asked to mend now.
        letters: letters issued; empty where 支援措置 or another reason closes them here.
    """

    case: int
    title: str
    stage: str
    due_on: date | None
    outcome: str
    asked: Sequence[Item]
    letters: Sequence[LetterToSee]


class CaseProgress(Protocol):
    """Casework's answer: how the cases of an application stand."""

    def __call__(self, application: int) -> Sequence[Progress]:
        """Return one entry a case."""


@dataclass
class Ports:
    """The bound answers.

    Attributes:
        progress: how the cases of an application stand.
        contract_of: the contract that handles a procedure on a day; None where the city does it all itself.
        visible: which of some applications an actor may see (through their cases).
        open_among: which of some applications have a case that is still open.
    """

    progress: CaseProgress
    contract_of: Callable[[str, date], int | None]
    visible: Callable[[Actor, Sequence[int], datetime], frozenset[int]]
    open_among: Callable[[Sequence[int]], frozenset[int]]


def _none(application: int) -> Sequence[Progress]:
    return ()


ports = Ports(
    progress=_none,
    contract_of=lambda procedure, on: None,
    visible=lambda actor, applications, now: frozenset(),
    open_among=lambda applications: frozenset(),
)
