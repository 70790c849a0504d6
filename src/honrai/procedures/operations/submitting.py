"""From a draft that passed the gate to the published version: 決裁 for the city's packs, the manager's word for inner packs."""

from datetime import datetime

from honrai.approvals import api as approvals
from honrai.platform.authority.api import Act, Actor, Conflict, Doer, Invalid
from honrai.platform.events.api import announce
from honrai.platform.files import api as files
from honrai.platform.typeset.api import MissingGlyphError
from honrai.procedures import permissions
from honrai.procedures.drafts import contents
from honrai.procedures.events import DraftReturned, DraftSubmitted
from honrai.procedures.models import Draft, DraftState, Inquiry, PackVersion
from honrai.procedures.operations.drafting import EDITABLE, locked
from honrai.procedures.operations.gating import editors
from honrai.procedures.operations.publishing import publish
from honrai.procedures.report_pdf import report_pdf
from honrai.procedures.reports import Report, report_of
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_pack

_REPORT = files.Limits(frozenset({"application/pdf"}), 20 * 2**20)


def submit(*, draft: int, actor: Actor, now: datetime) -> int:
    """Put a draft before its decider: a 起案文書 with the gate report attached. Returns the key of the document.

    Raises:
        Conflict: not editable, another version was published since, or another draft of it lies before a decider.
        Denied: not an editor.
        Invalid: the gate does not hold, it begins in the past, or it is an inner pack.
    """
    row, report, pack = _ready(draft, actor)
    if row.unit is None:
        raise Invalid("作業手順書は管理責任者がそのまま公開します。市の決裁は受けません。")
    if pack.identity.effective_from < actor.day:
        raise Invalid(
            f"施行日（{pack.identity.effective_from}）が過ぎています。procedure.yaml の施行日を直してください。"
        )
    if Draft.objects.filter(code=row.code, contract=None, state=DraftState.DECIDING).exists():
        raise Conflict("同じ手続の別の案が決裁中です。その結果を待ってください。")
    row.document = approvals.draw_up(_document(row, pack, report, actor, now), actor=actor, now=now)
    row.state, row.changed_at = DraftState.DECIDING, now
    row.save(update_fields=["document", "state", "changed_at"])
    event = DraftSubmitted(draft=row.pk, code=row.code, document=row.document)
    announce(event, who=actor.who, now=now, subject=("draft", row.pk))
    return row.document


def publish_inner(*, draft: int, actor: Actor, now: datetime) -> int:
    """Publish the inner pack (作業手順書) of a contract; its 管理責任者 alone decides. Returns the key of the version.

    Raises:
        Conflict, Denied, Invalid: as for `submit`.
    """
    row, _, _ = _ready(draft, actor)
    if row.contract is None:
        raise Invalid("市の手続は決裁を受けて公開します。")
    return _publish(row, actor, now)


def take_decision(*, document: int, accepted: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Publish the draft whose document was approved; give it back to its editors where it was returned or withdrawn."""
    row = Draft.objects.select_for_update().filter(document=document, state=DraftState.DECIDING).first()
    if row is None:
        return
    if accepted:
        _publish(row, actor, now)
        return
    row.state = DraftState.CONSULTING if Inquiry.objects.filter(draft=row).exists() else DraftState.DRAFTING
    row.reason, row.document, row.changed_at = reason, None, now
    row.save(update_fields=["state", "reason", "document", "changed_at"])
    announce(DraftReturned(draft=row.pk, document=document), who=actor.who, now=now, subject=("draft", row.pk))


def _publish(row: Draft, actor: Actor, now: datetime) -> int:
    version = publish(files=contents(row.files), actor=actor, now=now, contract=row.contract)
    row.state, row.version_id, row.changed_at, row.reason = DraftState.PUBLISHED, version, now, ""
    row.save(update_fields=["state", "version", "changed_at", "reason"])
    return version


def _ready(draft: int, actor: Actor) -> tuple[Draft, Report, Pack]:
    """Return a draft that may be published, with its report; say what is against it otherwise."""
    row = locked(draft)
    permissions.check_can_edit(actor, row)
    if row.state not in EDITABLE:
        raise Conflict(f"この案は「{row.get_state_display()}」です。")
    report = report_of(row)
    if not report.fresh:
        raise Invalid("今の内容で公開前の検査をしてから進めてください。")
    if not report.passes:
        missing = "、".join(f"{point.number} {point.title}" for point in report.points if point.state != "holds")
        raise Invalid(f"公開前の検査に通っていません: {missing}")
    pack = read_pack(contents(row.files)).unwrap()
    _check_follows(row, pack)
    return row, report, pack


def _check_follows(row: Draft, pack: Pack) -> None:
    last = PackVersion.objects.filter(code=row.code, contract=row.contract).order_by("-number").first()
    if pack.identity.code != row.code:
        raise Invalid(f"procedure.yaml の code は「{row.code}」のままにしてください。")
    if last is None:
        return
    if last.pk != row.base_id:
        raise Conflict(f"この案の後に第{last.number}版が公開されました。第{last.number}版から案を作り直してください。")
    if pack.identity.effective_from <= last.effective_from:
        raise Invalid(f"施行日は、第{last.number}版の施行日（{last.effective_from}）より後にしてください。")


def _document(row: Draft, pack: Pack, report: Report, actor: Actor, now: datetime) -> approvals.Draft:
    try:
        printed = report_pdf(row, report, now)
    except MissingGlyphError as error:
        raise Invalid(str(error)) from error
    kept = files.store(printed, name=f"公開前検査結果（{row.title}）.pdf", limits=_REPORT, who=actor.who, now=now)
    starts = pack.identity.effective_from
    accepted = [
        f"{one.change.title}: {one.change.before} → {one.change.after}（{one.reason}）" for one in report.changes
    ]
    return approvals.Draft(
        subject=f"手続「{row.title}」の{'改正' if row.base_id else '新設'}について",
        text=f"手続「{row.title}」を別添の公開前検査結果のとおり定め、{starts:%Y年%-m月%-d日}から施行してよろしいか伺います。",
        basis=tuple(f"{one.reference}" for one in pack.identity.legal),
        proposal={"outcome": "公開", "kind": "publish", "reasons": accepted, "version": row.lock},
        outcomes=(),
        attachments=(kept.id,),
        procedure=row.code,
        act=Act.DISCRETIONARY_DECISION,
        unit=row.unit or 0,
        before=tuple(Doer(person) for person in sorted(editors(row))),
    )
