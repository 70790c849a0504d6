"""What happens to cases. Fields hold ids, codes and dates only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """An application became a case."""

    name: ClassVar[str] = "cases.opened"
    application: int
    procedure: str
    version: int


@dataclass(frozen=True, kw_only=True)
class TaskOpened(Event):
    """A step is to be taken: by a person, by the service `robot`, or by a decision document for `decides`."""

    name: ClassVar[str] = "cases.task_opened"
    task: int
    node: str
    robot: str
    decides: str


@dataclass(frozen=True, kw_only=True)
class TaskClaimed(Event):
    """Somebody took a step."""

    name: ClassVar[str] = "cases.task_claimed"
    task: int
    node: str


@dataclass(frozen=True, kw_only=True)
class TaskReleased(Event):
    """A step was given back, held or taken up again; `state` says which."""

    name: ClassVar[str] = "cases.task_released"
    task: int
    node: str
    state: str


@dataclass(frozen=True, kw_only=True)
class TaskDone(Event):
    """A step was finished with a result."""

    name: ClassVar[str] = "cases.task_done"
    task: int
    node: str
    result: str


@dataclass(frozen=True, kw_only=True)
class TaskCancelled(Event):
    """A step is no longer needed: the flow went another way, the case ended, or what opened it was undone."""

    name: ClassVar[str] = "cases.task_cancelled"
    task: int
    node: str


@dataclass(frozen=True, kw_only=True)
class FactsLinked(Event):
    """Outside facts were looked up; `known` are their ids."""

    name: ClassVar[str] = "cases.facts_linked"
    known: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeficienciesAsked(Event):
    """The applicant was asked to complete the application; the clock stands. `channels` are web, phone, post."""

    name: ClassVar[str] = "cases.deficiencies_asked"
    application: int
    codes: tuple[str, ...]
    letter: str
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeficienciesAnswered(Event):
    """The applicant answered; the clock runs again where nothing is `left`."""

    name: ClassVar[str] = "cases.deficiencies_answered"
    codes: tuple[str, ...]
    left: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeficienciesAccepted(Event):
    """Somebody accepted items as mended; they are not asked again."""

    name: ClassVar[str] = "cases.deficiencies_accepted"
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeficiencyAdded(Event):
    """A clerk added an item of the pack's list."""

    name: ClassVar[str] = "cases.deficiency_added"
    deficiency: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Contacted(Event):
    """A call to the applicant was written down; `next_on` is the day to call again."""

    name: ClassVar[str] = "cases.contacted"
    reach: str
    result: str
    next_on: date | None


@dataclass(frozen=True, kw_only=True)
class Reminded(Event):
    """The applicant was reminded by web, phone or post."""

    name: ClassVar[str] = "cases.reminded"
    application: int
    channel: str
    letter: str


@dataclass(frozen=True, kw_only=True)
class Proposed(Event):
    """The tables made a proposal: outcome, the rules that fired, the version of the pack they come from."""

    name: ClassVar[str] = "cases.proposed"
    outcome: str
    rules: tuple[str, ...]
    version: int


@dataclass(frozen=True, kw_only=True)
class Decided(Event):
    """An official decided, or returned the draft; `changed` where otherwise than proposed, `round` for corrections."""

    name: ClassVar[str] = "cases.decided"
    outcome: str
    document: int
    accepted: bool
    changed: bool = False
    round: int = 1


@dataclass(frozen=True, kw_only=True)
class LetterIssued(Event):
    """A letter was issued under its number."""

    name: ClassVar[str] = "cases.letter_issued"
    letter: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """The case is over; the replay corpus of `procedures` learns from it."""

    name: ClassVar[str] = "cases.closed"
    application: int
    procedure: str
    version: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Event):
    """The case goes on on another version of its procedure; `before` is the one it ran on."""

    name: ClassVar[str] = "cases.moved"
    version: int
    before: int


@dataclass(frozen=True, kw_only=True)
class CaseDisposed(Event):
    """A closed case was disposed of after its period; only this entry and the 廃棄記録 still know its number."""

    name: ClassVar[str] = "cases.disposed"
    case: int
    number: str


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Event):
    """The applicant withdrew, on the applicant's page (`web`) or by a statement an official received (`staff`)."""

    name: ClassVar[str] = "cases.withdrawn"
    application: int
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseTransferred(Event):
    """The case went from one office to another."""

    name: ClassVar[str] = "cases.transferred"
    before: int
    unit: int


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """A closed case began again: 再開, or to correct or revoke `decision`."""

    name: ClassVar[str] = "cases.reopened"
    cause: str
    round: int
    decision: int | None


@dataclass(frozen=True, kw_only=True)
class TaskAssigned(Event):
    """A step was shared out to somebody, or to nobody in particular again (`person` None)."""

    name: ClassVar[str] = "cases.task_assigned"
    task: int
    node: str
    person: int | None


@dataclass(frozen=True, kw_only=True)
class BulkAsked(Event):
    """One act was asked for on many tasks; a job does it, piece by piece."""

    name: ClassVar[str] = "cases.bulk_asked"
    bulk: int
    action: str
    tasks: int


@dataclass(frozen=True, kw_only=True)
class BulkWentOn(Event):
    """A piece of a bulk act is done; the next one follows."""

    name: ClassVar[str] = "cases.bulk_went_on"
    bulk: int


@dataclass(frozen=True, kw_only=True)
class BulkUndoAsked(Event):
    """A bulk act is to be undone as far as its effects are still in the house."""

    name: ClassVar[str] = "cases.bulk_undo_asked"
    bulk: int


@dataclass(frozen=True, kw_only=True)
class TaskUndone(Event):
    """A finished step was taken back before anything of it had left the house."""

    name: ClassVar[str] = "cases.task_undone"
    task: int
    node: str


@dataclass(frozen=True, kw_only=True)
class BundleHandedOver(Event):
    """A bundle of paper changed hands or place."""

    name: ClassVar[str] = "cases.bundle_handed_over"
    bundle: int
    holder: int | None


@dataclass(frozen=True, kw_only=True)
class Rekeyed(Event):
    """A second person keyed unseen; so many fields were compared, so many differ."""

    name: ClassVar[str] = "cases.rekeyed"
    task: int
    compared: int
    differences: int


@dataclass(frozen=True, kw_only=True)
class DifferenceSettled(Event):
    """A third person decided which keying is right; `fields` are those that differed."""

    name: ClassVar[str] = "cases.difference_settled"
    task: int
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PayableDecided(Event):
    """A decision lets so many yen be paid; `source` names it once and for all, what to pay to whom is in `after`."""

    name: ClassVar[str] = "cases.payable_decided"
    source: str
    amount: int
