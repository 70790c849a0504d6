"""Ward variants: laid beside a draft, and each difference kept with a reason or dropped."""

from collections.abc import Mapping
from datetime import datetime

from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.events.api import announce
from honrai.platform.organisations.api import units_on
from honrai.procedures import permissions
from honrai.procedures.events import DifferenceDecided, VariantImported
from honrai.procedures.models import Draft, Variant, VariantDecision
from honrai.procedures.operations.drafting import EDITABLE, change_files, locked, put
from honrai.procedures.rules.reading import read_pack
from honrai.procedures.rules.wards import FILE, ward_record
from honrai.procedures.variants import compared


def import_variant(*, draft: int, ward: str, files: Mapping[str, bytes], actor: Actor, now: datetime) -> int:
    """Lay one ward's way of doing the procedure beside a draft; a second import of the same ward replaces the first.

    Args:
        draft: key of the draft.
        ward: name of the ward.
        files: its pack, e.g. `files_of_zip(...)`; it must be readable, the gate is not asked of it.
        actor: an editor of the draft.
        now: the moment.

    Raises:
        Conflict: the draft can no longer be changed.
        Denied: not an editor.
        Invalid: no such ward, or not a readable pack of the same procedure.
    """
    row = _editable(draft, actor)
    if ward not in {unit.name for unit in units_on(actor.day) if unit.kind == "ward"}:
        raise Invalid(f"「{ward}」という区はありません。")
    reading = read_pack(files)
    if reading.pack is None:
        raise Invalid("区の運用のパックに誤りがあります。\n" + "\n".join(str(one) for one in reading.problems[:20]))
    if row.code and reading.pack.identity.code != row.code:
        raise Invalid(f"別の手続（{reading.pack.identity.code}）のパックです。{row.code} のパックを選んでください。")
    stored = {path: put(content) for path, content in files.items()}
    variant, _ = Variant.objects.update_or_create(
        draft=row, ward=ward, defaults={"files": stored, "by": actor.person, "at": now}
    )
    event = VariantImported(draft=row.pk, variant=variant.pk)
    announce(event, who=actor.who, now=now, subject=("draft", row.pk))
    return int(variant.pk)


def decide_difference(
    *, draft: int, ward: str, part: str, element: str, keep: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Decide one ward's difference: keep it with a reason, or drop it; what is kept stands in the draft's wards.yaml.

    Raises:
        Conflict: the draft can no longer be changed, or the ward does not differ there (any more).
        Denied: not an editor.
        Invalid: kept without a reason.
    """
    row = _editable(draft, actor)
    if keep and not reason.strip():
        raise Invalid("残す理由を入力してください。区ごとの違いとして手続に記録されます。")
    cells = {
        (line.part, line.element, cell.ward): cell for line in compared(row) for cell in line.cells if cell.differs
    }
    cell = cells.get((part, element, ward))
    if cell is None:
        raise Conflict("この違いはもうありません。画面を更新してください。")
    said = {"says": cell.says, "keep": keep, "reason": reason.strip(), "by": actor.person, "at": now}
    made, _ = VariantDecision.objects.update_or_create(draft=row, ward=ward, part=part, element=element, defaults=said)
    event = DifferenceDecided(draft=row.pk, decision=made.pk, keep=keep)
    announce(event, who=actor.who, now=now, subject=("draft", row.pk), after={"reason": reason.strip()})
    _record(row, actor, now)


def _record(row: Draft, actor: Actor, now: datetime) -> None:
    """Write what wards keep into the draft."""
    record = ward_record(compared(row))
    address = put(record) if record else ""
    if row.files.get(FILE, "") != address:
        change_files(row, {FILE: address}, actor, now)


def _editable(draft: int, actor: Actor) -> Draft:
    row = locked(draft)
    permissions.check_can_edit(actor, row)
    if row.contract is not None:
        raise Invalid("作業手順書に区の運用はありません。")
    if row.state not in EDITABLE:
        raise Conflict(f"この案は「{row.get_state_display()}」のため、変えられません。")
    return row
