"""意見照会: each ward and the owner section is asked; each comment gets a disposition with its reason."""

from datetime import datetime

from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import announce
from honrai.platform.organisations.api import units_on
from honrai.procedures import permissions
from honrai.procedures.events import CommentDisposed, ConsultationAnswered, ConsultationAsked
from honrai.procedures.models import Disposition, Draft, DraftState, Inquiry, Opinion
from honrai.procedures.operations.drafting import EDITABLE, locked


def ask(*, draft: int, actor: Actor, now: datetime, again: bool = False) -> int:
    """Ask every ward and the owner section for their opinion of a draft; return how many offices are asked.

    Args:
        draft: key of the draft.
        actor: an editor of it.
        now: the moment.
        again: ask those who answered once more, because the draft changed since; their comments stay.

    Raises:
        Conflict: the draft can no longer be changed.
        Denied: not an editor.
        Invalid: an inner pack, or a draft without files.
    """
    row = locked(draft)
    permissions.check_can_edit(actor, row)
    _check_askable(row)
    offices = [(unit.id, unit.name) for unit in units_on(actor.day) if unit.kind == "ward" or unit.id == row.unit]
    known = {one.unit: one for one in Inquiry.objects.filter(draft=row)}
    asked = {"asked_by": actor.person, "asked_at": now, "lock": row.lock}
    for unit, name in offices:
        if unit not in known:
            Inquiry.objects.create(draft=row, unit=unit, name=name, **asked)
        elif again:
            Inquiry.objects.filter(pk=known[unit].pk).update(
                **asked, agreed=None, answered_by=None, answered_at=None, name=name
            )
    row.state, row.changed_at = DraftState.CONSULTING, now
    row.save(update_fields=["state", "changed_at"])
    event = ConsultationAsked(draft=row.pk, code=row.code, offices=len(offices))
    announce(event, who=actor.who, now=now, subject=("draft", row.pk))
    return len(offices)


def answer(*, inquiry: int, comment: str, actor: Actor, now: datetime) -> None:
    """Answer for one's office: with a comment, or without any (意見なし).

    Raises:
        Conflict: the consultation is over.
        Denied: not a member of the office.
        NotFound: no such inquiry.
    """
    row = _inquiry(inquiry)
    if not permissions.belongs(actor, row.unit):
        raise Denied(f"この照会には{row.name}の職員が回答します。")
    if row.draft.state != DraftState.CONSULTING:
        raise Conflict(f"この案は「{row.draft.get_state_display()}」のため、意見の受付は終わりました。")
    text = comment.strip()
    if text:
        Opinion.objects.create(inquiry=row, text=text, by=actor.person, at=now)
    row.agreed, row.answered_by, row.answered_at = not text, actor.person, now
    row.save(update_fields=["agreed", "answered_by", "answered_at"])
    event = ConsultationAnswered(draft=row.draft_id, inquiry=row.pk, agreed=not text)
    announce(event, who=actor.who, now=now, subject=("draft", row.draft_id), after={"comment": text})


def dispose(*, opinion: int, disposition: str, reason: str, actor: Actor, now: datetime) -> None:
    """Decide what becomes of a comment: 採用 or 不採用, with the reason.

    Raises:
        Conflict: the draft can no longer be changed.
        Denied: not an editor of the draft.
        Invalid: no such disposition, or no reason.
        NotFound: no such comment.
    """
    row = Opinion.objects.select_related("inquiry__draft").filter(pk=opinion).first()
    if row is None:
        raise NotFound("意見が見つかりません。")
    draft = row.inquiry.draft
    permissions.check_can_edit(actor, draft)
    if draft.state not in EDITABLE:
        raise Conflict(f"この案は「{draft.get_state_display()}」のため、扱いを変えられません。")
    if disposition not in Disposition.values:
        raise Invalid("採用か不採用を選んでください。")
    if not reason.strip():
        raise Invalid("扱いの理由を入力してください。意見を出した区にそのまま示されます。")
    row.disposition, row.reason = disposition, reason.strip()
    row.disposed_by, row.disposed_at = actor.person, now
    row.save(update_fields=["disposition", "reason", "disposed_by", "disposed_at"])
    event = CommentDisposed(draft=draft.pk, comment=row.pk, disposition=disposition)
    announce(event, who=actor.who, now=now, subject=("draft", draft.pk), after={"reason": row.reason})


def _check_askable(row: Draft) -> None:
    if row.contract is not None:
        raise Invalid("作業手順書は受託者が自ら定めるものです。市への意見照会はありません。")
    if row.state not in EDITABLE:
        raise Conflict(f"この案は「{row.get_state_display()}」のため、照会できません。")
    if not row.files:
        raise Invalid("案にファイルがありません。手続の内容を書いてから照会してください。")


def _inquiry(inquiry: int) -> Inquiry:
    row = Inquiry.objects.select_related("draft").select_for_update(of=("self",)).filter(pk=inquiry).first()
    if row is None:
        raise NotFound("意見照会が見つかりません。")
    return row
