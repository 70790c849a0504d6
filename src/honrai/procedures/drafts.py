"""Reading drafts: their files, their history, what they look like on a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from honrai.platform.authority.api import Actor, NotFound
from honrai.procedures import permissions
from honrai.procedures.models import Content, Draft, DraftState, Inquiry
from honrai.procedures.operations.drafting import EDITABLE


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as other screens need it.

    Attributes:
        files: path -> address of the content; hand the address back as `expected` when writing.
        unit, contract: its owner, one of the two.
        base: key of the version it started from.
        lock: number of changes so far.
        editable: the one who asked may change files now.
    """

    id: int
    code: str
    title: str
    unit: int | None
    contract: int | None
    base: int | None
    state: str
    state_label: str
    lock: int
    files: Mapping[str, str]
    changed_at: datetime
    editable: bool


def draft_view(draft: int, actor: Actor) -> DraftView:
    """Return a draft the actor may see.

    Raises:
        NotFound: no such draft, or not for the actor's eyes.
    """
    row = visible_draft(draft, actor)
    return DraftView(
        id=row.pk,
        code=row.code,
        title=row.title,
        unit=row.unit,
        contract=row.contract,
        base=row.base_id,
        state=row.state,
        state_label=DraftState(row.state).label,
        lock=row.lock,
        files=dict(row.files),
        changed_at=row.changed_at,
        editable=row.state in EDITABLE and permissions.can_edit(actor, row),
    )


@dataclass(frozen=True, slots=True)
class InquiryView:
    """One office asked for its opinion of a draft, and whether it answered."""

    id: int
    office: str
    unit: int
    answered: bool


def inquiries_of(draft: int, actor: Actor) -> list[InquiryView]:
    """Return who was asked about a draft the actor may see, in the order asked.

    Raises:
        NotFound: no such draft, or not for the actor's eyes.
    """
    rows = Inquiry.objects.filter(draft=visible_draft(draft, actor)).order_by("pk")
    return [InquiryView(one.pk, one.name, one.unit, one.answered_at is not None) for one in rows]


def drafts_of(code: str, actor: Actor) -> list[DraftView]:
    """Return the drafts of a procedure the actor may see, the newest first."""
    keys = Draft.objects.filter(code=code).order_by("-pk")
    return [draft_view(row.pk, actor) for row in keys if permissions.can_see(actor, row)]


def draft_files(draft: int, actor: Actor) -> dict[str, bytes]:
    """Return path -> content of all files of a draft the actor may see, by path.

    Raises:
        NotFound: no such draft, or not for the actor's eyes.
    """
    return contents(visible_draft(draft, actor).files)


def contents(files: Mapping[str, str]) -> dict[str, bytes]:
    """Return path -> content for path -> address."""
    rows = Content.objects.filter(address__in=set(files.values())).values_list("address", "content")
    found = {address: bytes(content) for address, content in rows}
    return {path: found[address] for path, address in sorted(files.items())}


def visible_draft(draft: int, actor: Actor) -> Draft:
    """Return the row of a draft the actor may see; another's is as if it were not there.

    Raises:
        NotFound: no such draft, or not for the actor's eyes.
    """
    row = Draft.objects.filter(pk=draft).first()
    if row is None or not permissions.can_see(actor, row):
        raise NotFound("手続の案が見つかりません。")
    return row
