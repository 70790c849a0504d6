"""What goes in and comes out, as JSON. Names are English, contents as the screens show them."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

LARGEST = 2**63 - 1
Key = Annotated[int, Field(ge=1, le=LARGEST)]
Text = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9\-]+$")]
Values = Annotated[dict[str, Any], Field(max_length=500)]


class Taken(Schema):
    """A body: what it does not know is refused, so that no slip of a name goes unseen."""

    model_config = ConfigDict(extra="forbid")


class ProblemOut(Schema):
    """Problem details (RFC 9457)."""

    class Error(Schema):
        """One of several errors: where, and how to mend it."""

        at: str
        why: str

    type: str
    title: str
    status: int
    detail: str
    code: str
    reference: str
    errors: list[Error]


class MeOut(Schema):
    """Who acts by the key, and what it is for."""

    city: str
    name: str
    holder: str
    kind: str
    scopes: list[str]
    expires_on: date


class CaseLine(Schema):
    """A case in one line, without a name."""

    id: int
    number: str
    application: int
    procedure: str
    title: str
    stage: str
    outcome: str
    received_on: date
    due_on: date
    closed_at: datetime | None


class CaseList(Schema):
    """Some cases, and where the next begin; null at the end."""

    items: list[CaseLine]
    next: int | None


class TaskOut(Schema):
    """A task of a case."""

    id: int
    node: str
    title: str
    state: str
    result: str
    act: str
    mine: bool
    here: bool
    claimed: bool
    document: int | None
    done_at: datetime | None
    done_by: str


class DeficiencyOut(Schema):
    """Something an application lacks."""

    id: int
    code: str
    message: str
    severity: str
    fix_by: str
    state: str
    items: list[str]


class DeficiencyList(Schema):
    """What a case lacks, and the codes that may be asked for."""

    items: list[DeficiencyOut]
    codes: list[str]


class PaperOut(Schema):
    """A paper handed in, or a letter issued."""

    file: int
    kind: str
    title: str
    number: str
    issued_on: date | None
    media_type: str
    size: int


class PaperList(Schema):
    """Papers and letters of a case."""

    items: list[PaperOut]


class CaseOut(Schema):
    """A case with its answers, tasks and deficiencies. `tag` is its ETag."""

    id: int
    number: str
    title: str
    procedure: str
    version: int
    stage: str
    outcome: str
    channel: str
    received_on: date
    due_on: date
    paused_for: str
    closed_at: datetime | None
    name: str
    values: dict[str, Any]
    facts: dict[str, Any]
    proposal: dict[str, Any]
    deficiencies: list[DeficiencyOut]
    tasks: list[TaskOut]
    round: int
    tag: str = ""


class MomentOut(Schema):
    """One line of a timeline."""

    at: datetime
    event: str
    words: str
    by: str


class TimelineOut(Schema):
    """Some lines of a timeline, the newest first; `next` begins below them."""

    items: list[MomentOut]
    next: int | None


class TaskLine(Schema):
    """A task in one line."""

    id: int
    case: int
    procedure: str
    node: str
    title: str
    act: str
    due_on: date
    claimed: bool


class TaskList(Schema):
    """Some tasks, and where the next begin; null at the end."""

    items: list[TaskLine]
    next: int | None


class FieldOut(Schema):
    """A field the step shows."""

    id: str
    label: str
    type: str


class BenchOut(Schema):
    """A task with what is needed to do it. `tag` is the ETag of its case."""

    task: TaskOut
    case: int
    results: list[str]
    issues: bool
    fields: list[FieldOut]
    manual: str
    tag: str = ""


class NextOut(Schema):
    """The task taken; null where nothing waits."""

    task: int | None


class CompleteIn(Taken):
    """How a task ended: the word of the flow, corrected answers, facts found out, deficiencies found mended."""

    result: Annotated[str, Field(max_length=40)] = ""
    values: Values = {}
    facts: Values = {}
    settled: Annotated[list[Key], Field(max_length=200)] = []


class ReleaseIn(Taken):
    """Give a task back; with a reason it is held."""

    reason: Text = ""


class EmptyIn(Taken):
    """Nothing to say."""


class FileIn(Taken):
    """A paper: its kind in the procedure, its name, its bytes in base64."""

    kind: Code
    name: Annotated[str, Field(min_length=1, max_length=120)]
    content: Annotated[str, Field(max_length=40_000_000, pattern=r"^[A-Za-z0-9+/\r\n]*={0,2}\s*$")]


class ApplicationIn(Taken):
    """A whole application."""

    procedure: Code
    values: Values
    attachments: Annotated[list[FileIn], Field(max_length=40)] = []
    arrived_on: date | None = None


class ReceiptOut(Schema):
    """What the applicant keeps: the number and, for an hour, the secret that opens the status page."""

    application: int
    number: str
    secret: str
    cases: list[int]


class ApplicationOut(Schema):
    """Where an application stands."""

    class Progress(Schema):
        """One of its cases."""

        case: int
        number: str
        title: str
        stage: str
        outcome: str
        received_on: date
        closed: bool

    application: int
    cases: list[Progress]


class AskIn(Taken):
    """A deficiency to add: a code of the list and a sentence beside the list's own."""

    code: Annotated[str, Field(min_length=1, max_length=80)]
    note: Text = ""


class AddedOut(Schema):
    """The key of what was added."""

    id: int


class AnswersIn(Taken):
    """What the applicant answers."""

    values: Values = {}
    attachments: Annotated[list[FileIn], Field(max_length=40)] = []


class DecisionOut(Schema):
    """One decision on a case."""

    outcome: str
    on: date
    by: str
    changed: bool
    reason: str
    proposed: str
    document: int | None


class DecisionsOut(Schema):
    """What is proposed, the approval document that waits, and what was decided, the newest first."""

    proposal: dict[str, Any]
    document: int | None
    items: list[DecisionOut]


class DrawUpIn(Taken):
    """The open decision step to draw up a document for."""

    task: Key


class DocumentOut(Schema):
    """How an approval document stands."""

    document: int
    case: int | None
    state: str
    accepted: bool
    outcome: str
    changed: bool
    reason: str
    decided_on: date | None
    number: str


class ApproveIn(Taken):
    """A decision: the code of the authenticator app, another outcome with its reason, why by a deputy."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    outcome: Annotated[str, Field(max_length=40)] = ""
    reason: Annotated[str, Field(max_length=500)] = ""
    absence: Text = ""


class EventOut(Schema):
    """Something that happened, by ids."""

    cursor: str
    event: str
    words: str
    at: datetime
    case: int
    subject: str
    subject_id: int | None


class EventList(Schema):
    """Events in the order they were finished; `next` is given even where nothing is new: ask again with it."""

    items: list[EventOut]
    next: str
