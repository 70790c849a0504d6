"""One 一覧決裁 for a run: the list as one document, and one for each recipient somebody must open.

Opened one by one are all who lose or are suspended (終了・停止), and a sample of the unchanged drawn with the run's seed. The rest
stands in the list. All documents are one group, so that approvals lays them into one stack.
"""

import random
from datetime import datetime
from typing import Any

from django.db import transaction

from honrai.approvals import api as approvals
from honrai.platform.authority.api import Act, Actor, Conflict
from honrai.platform.cities.tenancy import current_city
from honrai.platform.errors import Refusal
from honrai.platform.events.api import SYSTEM, Announced, announce, record
from honrai.platform.jobs.api import enqueue
from honrai.platform.jobs.progress import Note, Stopped, progress
from honrai.platform.organisations.api import actor_of_person
from honrai.procedures import api as procedures
from honrai.renewals import tasks
from honrai.renewals.events import Approved, Submitted
from honrai.renewals.models import Item, Run
from honrai.renewals.operations.judging import SUBJECT
from honrai.renewals.permissions import run_for
from honrai.renewals.rules.classes import Class
from honrai.renewals.rules.states import State

SAMPLED = 20
"""How many of the unchanged must be opened before the list may be approved."""


def submit(run: int, *, actor: Actor, now: datetime) -> None:
    """Have a judged run drawn up for decision in the background.

    Raises:
        Denied: contractors, other sections.
        Conflict: a rehearsal, or not judged, or submitted already.
    """
    row = run_for(run, actor, lock=True)
    if row.rehearsal:
        raise Conflict("試行は決裁に出せません。本番の年次更新を始めてください。")
    if row.state != State.JUDGED:
        raise Conflict(f"この年次更新は「{State(row.state).label}」です。画面を開き直してください。")
    row.state, row.submitted_by, row.submitted_at, row.problem = State.DRAWING, actor.person, now, ""
    row.save()
    record("renewals.submit_asked", who=actor.who, now=now, subject=("renewal", run))
    enqueue(tasks.draw, actor.city, lock=f"renewal/{run}", run=run)


def draw(run: int, *, now: datetime) -> None:
    """Draw up the documents of a run in the name of whoever submitted it, all or nothing."""
    row = Run.objects.select_for_update().get(pk=run)
    if row.state != State.DRAWING or row.submitted_at is None:
        return
    try:
        with progress(SUBJECT, run) as note, transaction.atomic():
            actor = actor_of_person(row.submitted_by or 0, current_city(), row.submitted_at.date())
            _draw(row, actor, note, now)
    except Stopped:
        row.state, row.document = State.JUDGED, None
    except Refusal as refusal:
        row.state, row.document, row.problem = State.JUDGED, None, str(refusal)[:400]
    row.save()


def must_be_opened(row: Run) -> tuple[list[Item], frozenset[int]]:
    """Return the items that get a document of their own, and which of them are the sample of the unchanged."""
    ending = Item.objects.filter(run=row, kind=Class.CHANGES).exclude(after__state="有効").order_by("key")
    unchanged = list(Item.objects.filter(run=row, kind=Class.SAME).order_by("key").values_list("pk", flat=True))
    chooser = random.Random(row.seed)  # noqa: S311  (drawn again with the seed that is kept)
    drawn = frozenset(chooser.sample(unchanged, min(SAMPLED, len(unchanged))))
    return [*ending, *Item.objects.filter(pk__in=drawn).order_by("key")], drawn


def _draw(row: Run, actor: Actor, note: Note, now: datetime) -> None:
    run = procedures.runnable(row.version)
    basis = tuple(each["act"] for each in _legal(run))
    items, drawn = must_be_opened(row)
    common: dict[str, Any] = {
        "basis": basis, "procedure": row.procedure, "act": Act.BOUND_DECISION, "unit": row.unit, "group": f"renewal/{row.pk}",
        "flagged": True,
    }  # fmt: skip
    row.document = approvals.draw_up(
        approvals.Draft(
            subject=f"{row.title}（{row.year}年度・一覧）", text=_text(row, len(items)), proposal=_list(row), **common
        ),
        actor=actor,
        now=now,
    )
    for done, item in enumerate(items):
        if done % 20 == 0:
            note("起案文書の作成", done, len(items))
        item.document = approvals.draw_up(_draft(row, item, item.pk in drawn, common), actor=actor, now=now)
    Item.objects.bulk_update(items, ["document"], batch_size=500)
    row.state, row.undecided = State.SUBMITTED, len(items) + 1
    event = Submitted(run=row.pk, documents=len(items) + 1, sampled=len(drawn), seed=row.seed)
    announce(event, who=actor.who, now=now, subject=("renewal", row.pk))


def _legal(run: procedures.Runnable) -> list[dict[str, str]]:
    return [{"act": str(getattr(one, "act", one))} for one in run.pack.identity.legal]


def _text(row: Run, opened: int) -> str:
    told = "、".join(f"{each.label}{row.counts['class'][each.value]:,}人" for each in Class)
    return (
        f"{row.basis_on:%Y年%m月%d日}を基準日として、受給者{row.total:,}人を前年の所得等で判定しました（{told}）。"
        f"終了・停止となる人と抽出した人（{opened:,}件）は個別の文書のとおり、その他は一覧のとおりとしてよろしいか伺います。"
        "分からない人と要確認の人は、この決裁の対象に含みません。"
    )


def _list(row: Run) -> dict[str, Any]:
    found = row.counts["class"]
    reasons = [f"{each.label}: {found[each.value]:,}人" for each in Class]
    return {
        "outcome": "一覧のとおり更新",
        "kind": "grant",
        "reasons": reasons,
        "rules": [],
        "letters": [],
        "renewal": row.pk,
    }


def _draft(row: Run, item: Item, sampled: bool, common: dict[str, Any]) -> approvals.Draft:
    ends = item.kind == Class.CHANGES
    proposal = {
        "outcome": item.outcome,
        "kind": "refuse" if ends else "grant",
        "reasons": [item.reason],
        "rules": list(item.rules),
        "results": item.after,
        "renewal": row.pk,
    }
    said = "抽出による確認（変わらない人）" if sampled else f"「{item.outcome}」となる人"
    return approvals.Draft(
        subject=f"{row.title}　受給者番号{item.key}（{item.outcome}）",
        text=f"{said}です。{item.reason}　次のとおり「{item.outcome}」としてよろしいか伺います。",
        proposal=proposal,
        parties=frozenset({f"resident/{item.number}"}),
        **common,
    )


def follow_decision(announced: Announced) -> None:
    """Take note of a decided document of a run: returned ones become exceptions; with the last one the run goes on.

    Where the list itself is sent back, the whole run lies open again and the other documents are withdrawn.
    """
    document, now = announced.data["document"], announced.at
    row = Run.objects.select_for_update().filter(document=document).first()
    if row is None:
        found = Item.objects.filter(document=document).values_list("run_id", "pk").first()
        if found is None:
            return
        row = Run.objects.select_for_update().get(pk=found[0])
        if row.state != State.SUBMITTED:
            return
        _note_item(found[1], announced)
    elif row.state != State.SUBMITTED:
        return
    elif not announced.data["accepted"]:
        _reopen(row, document, now)
        return
    row.undecided -= 1
    if row.undecided == 0:
        row.state, row.approved_at = State.PREPARING, now
        announce(Approved(run=row.pk), who=announced.who, now=now, subject=("renewal", row.pk))
        enqueue(tasks.prepare, current_city(), lock=f"renewal/{row.pk}", run=row.pk)
    row.save()


def _note_item(item: int, announced: Announced) -> None:
    if announced.data["accepted"] and not announced.data["changed"]:
        return
    decision = approvals.decision_of(announced.data["document"])
    Item.objects.filter(pk=item).update(returned=(decision.reason or "決裁で差し戻されました")[:200])


def _reopen(row: Run, document: int, now: datetime) -> None:
    reason = approvals.decision_of(document).reason
    row.state, row.problem, row.document, row.undecided = State.JUDGED, f"差戻し: {reason}"[:400], None, 0
    row.save()
    drop_documents(row, "一覧が差し戻されたため", now)


def drop_documents(row: Run, reason: str, now: datetime) -> None:
    """Withdraw every undecided document of a run and forget them all."""
    held = Item.objects.filter(run=row, document__isnull=False)
    documents = [document for document in held.values_list("document", flat=True) if document is not None]
    held.update(document=None, returned="")
    for document in [*documents, *([row.document] if row.document else [])]:
        approvals.drop(document=document, reason=reason, who=SYSTEM, now=now)
