"""What an official does with a list of disposal: spare single things, approve, take it back."""

from datetime import datetime

from honrai.platform.authority.api import Actor, Charge, Denied, check_has_charge
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import record
from honrai.platform.jobs.api import enqueue
from honrai.platform.privacy import tasks
from honrai.platform.privacy.models import DisposalItem, DisposalList, ItemState, ListState


def spare(*, item: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take one thing off a list that waits for approval, with a reason.

    Raises:
        Denied: the charge is missing.
        Invalid: no reason.
        Conflict: the list is no longer waiting, or the thing is off it already.
    """
    check_has_charge(actor, Charge.DISPOSAL)
    if not reason.strip():
        raise Invalid("除外の理由を入力してください。")
    row = DisposalItem.objects.select_for_update(of=("self",)).select_related("list").filter(pk=item).first()
    if row is None:
        raise NotFound("この対象は見つかりません。")
    if row.list.state != ListState.PROPOSED or row.state != ItemState.DUE:
        raise Conflict("この一覧はすでに処理されています。画面を開き直してください。")
    row.state, row.reason = ItemState.SPARED, reason.strip()
    row.save()
    record(
        "privacy.disposal_spared",
        who=actor.who,
        now=now,
        subject=("disposal_list", row.list_id),
        data={"item": item},
        after={"reason": row.reason},
    )


def approve(*, listed: int, note: str, actor: Actor, now: datetime) -> None:
    """Approve a list; a job disposes of everything on it that is still free.

    Raises:
        Denied: the charge is missing, or the actor drew the list up (two people for what cannot be undone).
        Conflict: it is not waiting.
    """
    check_has_charge(actor, Charge.DISPOSAL)
    row = _waiting(listed)
    if actor.person is None or actor.person == row.proposed_by:
        raise Denied("洗い出した本人は承認できません。「廃棄・消去」の分掌を持つほかの職員が承認してください。")
    _answer(row, ListState.APPROVED, note, actor, now)
    record("privacy.disposal_approved", who=actor.who, now=now, subject=("disposal_list", listed))
    enqueue(tasks.dispose, actor.city, lock=f"privacy/{actor.city}/disposal", listed=listed)


def withdraw(*, listed: int, note: str, actor: Actor, now: datetime) -> None:
    """Take a list back; nothing was disposed of.

    Raises:
        Denied: the charge is missing.
        Conflict: it is not waiting.
    """
    check_has_charge(actor, Charge.DISPOSAL)
    _answer(_waiting(listed), ListState.WITHDRAWN, note, actor, now)
    record("privacy.disposal_withdrawn", who=actor.who, now=now, subject=("disposal_list", listed))


def _waiting(listed: int) -> DisposalList:
    row = DisposalList.objects.select_for_update().filter(pk=listed).first()
    if row is None:
        raise NotFound("この廃棄の一覧は見つかりません。")
    if row.state != ListState.PROPOSED:
        raise Conflict(f"この一覧は「{ListState(row.state).label}」です。画面を開き直してください。")
    return row


def _answer(row: DisposalList, state: ListState, note: str, actor: Actor, now: datetime) -> None:
    row.state, row.answered_by, row.answered_at, row.note = state, actor.person, now, note.strip()[:200]
    row.save()
