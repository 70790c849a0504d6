"""A procedure pack as values: what the files of one folder say, checked for shape and frozen.

Identifiers of fields, facts and parameters are dotted (`child.born`); in rules they read as nested names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from honrai.kernel.legal_reference import LegalReference
from honrai.kernel.parameters import Parameters
from honrai.procedures.rules.entries import NO_ENTRIES, Entries


@dataclass(frozen=True)
class LegalBasis:
    """A provision a pack rests on, with a remark for the reader."""

    reference: LegalReference
    note: str = ""


@dataclass(frozen=True)
class StandardPeriod:
    """標準処理期間: `days` in business or calendar days; the clock stands still in the states of `stops_for`."""

    days: int
    count: str
    stops_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reminders:
    """How an applicant who does not answer is reminded.

    Attributes:
        days: days after asking on which a reminder goes out.
        calls: calls that reach nobody before a letter is sent instead.
        reply: days an applicant has to answer where the flow sets no time itself.
    """

    days: tuple[int, ...] = ()
    calls: int = 3
    reply: int = 14


@dataclass(frozen=True)
class Outcome:
    """One way a case can end or rest.

    Attributes:
        id: the word used in tables, precedents and letters (認定, 却下 ...).
        kind: what the outcome is in law, one of `nature.KINDS`.
        letters: ids of the letters it needs, in the order they are made; empty only where the kind needs none.
        note: a sentence for the clerk.
    """

    id: str
    kind: str
    letters: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Confirmation:
    """A local value or practice the sources do not settle (要確認): who uses the pack must set or confirm it."""

    item: str
    assumed: str
    ask: str


@dataclass(frozen=True)
class Identity:
    """procedure.yaml: what the procedure is, whose it is, on what law it rests and how it may end.

    `subject` and `applicant` name the groups of form fields that say who the case is about and who applies (`child` means
    `child.name`, `child.kana`, `child.born` ...); letters go to the applicant. A party that is the same person is named twice.
    """

    code: str
    title: str
    owner: str
    kind: str
    nature: str
    authority: str
    legal: tuple[LegalBasis, ...]
    standard_period: StandardPeriod
    channels: tuple[str, ...]
    fee: int
    retention_years: int
    version: str
    effective_from: date
    effective_to: date | None
    seasonality: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    proposal: str
    confirm: tuple[Confirmation, ...]
    fills: str
    subject: str = ""
    applicant: str = ""
    reminders: Reminders = Reminders()


@dataclass(frozen=True)
class Field:
    """One question of the form.

    Attributes:
        id: dotted name used by rules, letters and precedents.
        label: the question as the applicant reads it.
        type: key of a type in `fields.TYPES`.
        required: must be answered (where `required_if` is empty).
        required_if: FEEL condition that makes the answer compulsory; also the condition to show the field.
        options: allowed answers of `choice` and `choices`.
        hint: example or help in words; empty means the hint of the type.
        fix_by: who may repair a slip: applicant, centre or city.
        many: the field belongs to a section that repeats (household members, equipment).
    """

    id: str
    label: str
    type: str
    required: bool = False
    required_if: str = ""
    options: tuple[str, ...] = ()
    hint: str = ""
    fix_by: str = "applicant"
    many: bool = False


@dataclass(frozen=True)
class Section:
    """A titled part of the form; `repeat` is the largest number of rows, 0 for a section filled once."""

    id: str
    title: str
    fields: tuple[Field, ...]
    repeat: int = 0
    least: int = 0


@dataclass(frozen=True)
class Check:
    """A rule over the form and the facts; when it holds the application has this deficiency."""

    id: str
    when: str
    code: str
    severity: str
    message: str
    fix_by: str
    ask: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attachment:
    """A paper or file to be handed in, always or when `required_if` (FEEL) holds."""

    id: str
    label: str
    required: bool = False
    required_if: str = ""
    original: bool = False
    returned: bool = False
    note: str = ""


@dataclass(frozen=True)
class Form:
    """form.yaml: sections of fields, checks and attachments."""

    sections: tuple[Section, ...]
    checks: tuple[Check, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the form."""
        return tuple(entry for section in self.sections for entry in section.fields)


@dataclass(frozen=True)
class Fact:
    """Something the rules need that the applicant does not state: where it comes from and what to do if unknown.

    Attributes:
        unknown: `hold` wait for the source, `ask` the applicant, `staff` an official finds out, `assume` use `assumed`.
        fresh_days: how old the fact may be on the day of the decision; None when age does not matter.
    """

    id: str
    label: str
    type: str
    source: str
    unknown: str
    options: tuple[str, ...] = ()
    assumed: Any = None
    fresh_days: int | None = None
    legal: str = ""


@dataclass(frozen=True)
class ManualSection:
    """One anchored section of manual.md; `task` is the id of the flow task it explains, empty for general parts."""

    task: str
    title: str
    text: str


@dataclass(frozen=True)
class Letter:
    """A typst notice: its source, the data it reads, and how it leaves the house.

    `post` sends it by post also to those who applied on the web; `stock` names the numbered form it is printed on; `seal` is
    "omitted" where it goes without (公印省略); `enclosures` go with it.
    """

    id: str
    title: str
    source: str
    uses: tuple[tuple[str, str], ...] = ()
    post: bool = False
    stock: str = ""
    seal: str = ""
    enclosures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """What a precedent says must come out."""

    outcome: str
    reasons: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    deficiencies: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    results: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Precedent:
    """判断事例: facts of one case and the decision expected; each is a test of the pack."""

    id: str
    title: str
    issue: str
    received: date
    channel: str
    values: Mapping[str, Any]
    facts: Mapping[str, Any]
    attachments: frozenset[str]
    expect: Expectation
    file: str = ""


@dataclass(frozen=True)
class SurveyStep:
    """Baseline of one step before the centre: minutes per case, who did it, how often it had to be redone."""

    task: str
    minutes: Decimal
    performer: str
    rework_rate: Decimal


@dataclass(frozen=True)
class Survey:
    """survey.yaml: the BPR baseline. `volumes` are cases per month, April first (12 numbers)."""

    basis: str
    volumes: tuple[int, ...]
    wages: Mapping[str, int]
    steps: tuple[SurveyStep, ...]


@dataclass(frozen=True)
class Pack:
    """One procedure, read and well formed; `address` is the sha256 of its canonical content."""

    address: str
    identity: Identity
    form: Form
    flow: bytes
    decisions: bytes
    facts: tuple[Fact, ...]
    parameters: Parameters
    manual: tuple[ManualSection, ...]
    letters: tuple[Letter, ...]
    precedents: tuple[Precedent, ...]
    survey: Survey | None
    files: Mapping[str, bytes]
    entries: Entries = NO_ENTRIES
